package queue_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	lambdaevents "github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/events/eventstest"
	"github.com/miict/immerse/shared/queue"
)

// client keeps what it is sent, or refuses it.
type client struct {
	sent []*sqs.SendMessageInput
	err  error
}

func (c *client) SendMessage(_ context.Context, in *sqs.SendMessageInput, _ ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	c.sent = append(c.sent, in)
	return &sqs.SendMessageOutput{}, c.err
}

func event(t *testing.T) events.Envelope {
	t.Helper()
	made, err := events.New(events.Origin{
		ID: "1", Source: events.Source("ES", "intake"), Subject: "ES-7K3M-9QXT-40AB", Time: time.Unix(1_795_000_000, 0),
	}, events.ApplicationSubmittedV1{Country: "ES"})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestSendsAValidEvent(t *testing.T) {
	c := &client{}
	if err := (&queue.Queue{Client: c, URL: "https://sqs/queue"}).Send(t.Context(), event(t)); err != nil {
		t.Fatal(err)
	}
	if len(c.sent) != 1 || *c.sent[0].QueueUrl != "https://sqs/queue" {
		t.Fatalf("sent %+v", c.sent)
	}
	eventstest.RequireValid(t, []byte(*c.sent[0].MessageBody))
}

func TestARefusedSendIsAnError(t *testing.T) {
	refusal := errors.New("throttled")
	if err := (&queue.Queue{Client: &client{err: refusal}}).Send(t.Context(), event(t)); !errors.Is(err, refusal) {
		t.Errorf("error %v, want it to wrap the refusal", err)
	}
}

func TestEachReportsThoseThatFailOrPanicAndNoOthers(t *testing.T) {
	batch := lambdaevents.SQSEvent{Records: []lambdaevents.SQSMessage{{MessageId: "good"}, {MessageId: "fails"}, {MessageId: "panics"}, {MessageId: "also good"}}}
	var seen []string
	response := queue.Each(t.Context(), slog.New(slog.DiscardHandler), batch, func(_ context.Context, message lambdaevents.SQSMessage) error {
		seen = append(seen, message.MessageId)
		switch message.MessageId {
		case "fails":
			return errors.New("no")
		case "panics":
			panic("no")
		}
		return nil
	})
	if diff := cmp.Diff([]string{"good", "fails", "panics", "also good"}, seen); diff != "" {
		t.Errorf("handled (-want +got):\n%s", diff)
	}
	want := []lambdaevents.SQSBatchItemFailure{{ItemIdentifier: "fails"}, {ItemIdentifier: "panics"}}
	if diff := cmp.Diff(want, response.BatchItemFailures); diff != "" {
		t.Errorf("reported (-want +got):\n%s", diff)
	}
}
