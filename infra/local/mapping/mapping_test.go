package mapping_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/miict/immerse/infra/local/mapping"
	"github.com/miict/immerse/infra/local/sqs"
)

// queue gives one batch, then waits for the end, and keeps the handles that are deleted.
type queue struct {
	mu      sync.Mutex
	batch   []sqs.Message
	deleted []string
}

func (q *queue) Receive(ctx context.Context, _ string, limit int, _ time.Duration, _ *time.Duration) ([]sqs.Message, error) {
	q.mu.Lock()
	n := min(limit, len(q.batch))
	batch := q.batch[:n]
	q.batch = q.batch[n:]
	q.mu.Unlock()
	if n == 0 {
		<-ctx.Done()
	}
	return batch, nil
}

func (q *queue) Delete(_ string, handles []string) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.deleted = append(q.deleted, handles...)
	return nil
}

type function func(events.SQSEvent) (string, error)

func (f function) Invoke(_ context.Context, payload []byte) ([]byte, error) {
	var event events.SQSEvent
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, err
	}
	response, err := f(event)
	return []byte(response), err
}

// run works off three messages and gives the handles of those that were deleted.
func run(t *testing.T, partial bool, f function) []string {
	t.Helper()
	q := &queue{}
	for _, id := range []string{"1", "2", "3"} {
		q.batch = append(q.batch, sqs.Message{
			MessageId: id, ReceiptHandle: "h" + id, Body: "body " + id,
			Attributes: map[string]string{"ApproximateReceiveCount": "2"},
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	m := mapping.Mapping{
		Queue: q, QueueName: "work", QueueARN: "arn:aws:sqs:eu-south-2:000000000000:work", Region: "eu-south-2",
		BatchSize: 10, Concurrency: 1, Partial: partial, Log: slog.New(slog.DiscardHandler),
		Function: function(func(e events.SQSEvent) (string, error) {
			defer cancel() // Run finishes the batch before it ends
			return f(e)
		}),
	}
	go func() { m.Run(ctx); close(done) }()
	select {
	case <-done:
	case <-time.After(5 * time.Minute):
		t.Fatal("Run does not end")
	}
	slices.Sort(q.deleted)
	return q.deleted
}

func TestWhatIsDeleted(t *testing.T) {
	t.Parallel()
	all := []string{"h1", "h2", "h3"}
	for name, c := range map[string]struct {
		response string
		err      error
		partial  bool
		want     []string
	}{
		"success":                          {response: `{"batchItemFailures":[]}`, partial: true, want: all},
		"an empty answer":                  {response: ``, partial: true, want: all},
		"null":                             {response: `null`, partial: true, want: all},
		"an answer without the list":       {response: `{}`, partial: true, want: all},
		"one failure":                      {response: `{"batchItemFailures":[{"itemIdentifier":"2"}]}`, partial: true, want: []string{"h1", "h3"}},
		"a failure of no known message":    {response: `{"batchItemFailures":[{"itemIdentifier":"9"}]}`, partial: true},
		"a failure without an id":          {response: `{"batchItemFailures":[{}]}`, partial: true},
		"an empty id":                      {response: `{"batchItemFailures":[{"itemIdentifier":""}]}`, partial: true},
		"an answer that is not JSON":       {response: `oops`, partial: true},
		"a failed invocation":              {err: errors.New("crashed"), partial: true},
		"failures that nobody asked about": {response: `{"batchItemFailures":[{"itemIdentifier":"2"}]}`, want: all},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := run(t, c.partial, func(events.SQSEvent) (string, error) { return c.response, c.err })
			if !slices.Equal(got, c.want) {
				t.Errorf("deleted %v, want %v", got, c.want)
			}
		})
	}
}

func TestTheEventIsLambdas(t *testing.T) {
	t.Parallel()
	run(t, true, func(e events.SQSEvent) (string, error) {
		r := e.Records[0]
		if len(e.Records) != 3 || r.MessageId != "1" || r.Body != "body 1" || r.ReceiptHandle != "h1" ||
			r.EventSource != "aws:sqs" || r.EventSourceARN != "arn:aws:sqs:eu-south-2:000000000000:work" ||
			r.AWSRegion != "eu-south-2" || r.Attributes["ApproximateReceiveCount"] != "2" {
			t.Errorf("got %+v", e)
		}
		return "", nil
	})
}
