package feedback_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/miict/immerse/functions/feedback"
	"github.com/miict/immerse/shared/store"
)

// source is a queue. What was taken and is not done is back.
type source struct {
	waiting, back []events.SQSMessage
	failing       error
}

func (s *source) Take(context.Context) ([]events.SQSMessage, error) {
	if s.failing != nil {
		return nil, s.failing
	}
	n := min(10, len(s.waiting))
	some := s.waiting[:n]
	s.waiting = s.waiting[n:]
	return some, nil
}

func (s *source) Done(_ context.Context, taken []events.SQSMessage, answer events.SQSEventResponse) error {
	for _, message := range taken {
		if slices.Contains(answer.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: message.MessageId}) {
			s.back = append(s.back, message)
		}
	}
	return nil
}

// TestARunEmptiesTheQueue: what is written down is taken out, what can't be stays, and all of one application is one write.
func TestARunEmptiesTheQueue(t *testing.T) {
	s := newSystem(t)
	counted := &counting{Store: s.store}
	s.Store = counted
	queue := &source{}
	s.Source = queue
	for i := range 1200 { // more than are written down together
		mail := []string{"authority-a", "authority-b+2", "receipt"}[i%3]
		queue.waiting = append(queue.waiting, told{ref, mail, "Delivery"}.message(fmt.Sprint(i)))
	}
	queue.waiting = append(queue.waiting, events.SQSMessage{MessageId: "odd", Body: "{}"})
	if err := s.Drain(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	if len(queue.waiting) != 0 || len(queue.back) != 1 || queue.back[0].MessageId != "odd" {
		t.Errorf("%d events are left, %d are back", len(queue.waiting), len(queue.back))
	}
	if counted.reads != 2 || counted.writes != 1 {
		t.Errorf("%d reads and %d writes of two batches, the second of which has nothing new", counted.reads, counted.writes)
	}
}

// counting counts what is paid for.
type counting struct {
	feedback.Store
	reads, writes int
}

func (c *counting) Application(ctx context.Context, reference string) (store.Application, error) {
	c.reads++
	return c.Store.Application(ctx, reference)
}

func (c *counting) Hear(ctx context.Context, reference string, reports []store.Report) error {
	if len(reports) > 0 {
		c.writes++
	}
	return c.Store.Hear(ctx, reference, reports)
}

// ending is an invocation's context on the clock of the test.
type ending struct {
	context.Context
	at time.Time
}

func (e ending) Deadline() (time.Time, bool) { return e.at, true }

func TestARunEndsInTime(t *testing.T) {
	s := newSystem(t)
	queue := &source{waiting: []events.SQSMessage{told{ref, "receipt", "Delivery"}.message("1")}}
	s.Source = queue
	ctx := ending{t.Context(), s.Now().Add(10 * time.Second)} // less than a batch may take
	if err := s.Drain(ctx, nil); err != nil || len(queue.waiting) != 1 {
		t.Errorf("%d events are left, %v", len(queue.waiting), err)
	}
	short := ending{t.Context(), s.Now().Add(time.Second)}
	if answer, err := s.Handle(short, events.SQSEvent{Records: queue.waiting}); err != nil || len(answer.BatchItemFailures) != 1 {
		t.Errorf("%+v, %v: too late to be written down, and not back", answer, err)
	}
	queue.failing = errors.New("throttled")
	if err := s.Drain(t.Context(), nil); !errors.Is(err, queue.failing) {
		t.Errorf("got %v", err)
	}
}
