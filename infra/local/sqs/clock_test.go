package sqs_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"
	"net/http/httptest"

	"github.com/miict/immerse/infra/local/sqs"
	"github.com/miict/immerse/infra/local/sqs/sqstest"
)

// clock is a time that tests move by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// serve starts a server with a clock of its own and one queue, q, whose dead letters go to dlq.
func serve(t *testing.T, change func(*sqs.Settings)) (*sqs.Server, *clock, func(body string)) {
	t.Helper()
	c := &clock{now: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)}
	server := &sqs.Server{Now: c.Now}
	http := httptest.NewServer(server.Operations())
	t.Cleanup(http.Close)
	server.Base = http.URL
	server.Create("dlq", sqs.Defaults())
	settings := sqs.Defaults()
	settings.DeadLetterQueue, settings.MaxReceiveCount = "dlq", 5
	if change != nil {
		change(&settings)
	}
	server.Create("q", settings)
	client := sqstest.Client(http.URL)
	return server, c, func(body string) {
		t.Helper()
		_, err := client.SendMessage(t.Context(), &awssqs.SendMessageInput{QueueUrl: aws.String(server.URL("q")), MessageBody: &body})
		if err != nil {
			t.Fatalf("SendMessage: %v", err)
		}
	}
}

func receive(t *testing.T, s *sqs.Server, queue string) []sqs.Message {
	t.Helper()
	messages, err := s.Receive(t.Context(), queue, 10, 0, nil)
	if err != nil {
		t.Fatalf("Receive: %v", err)
	}
	return messages
}

func counts(s *sqs.Server, name string) (c sqs.QueueCounts) {
	for _, c = range s.Counts() {
		if c.Name == name {
			return c
		}
	}
	return sqs.QueueCounts{}
}

func TestFiveFailedReceivesEndInTheDeadLetterQueue(t *testing.T) {
	t.Parallel()
	s, c, send := serve(t, nil)
	send("poison")
	for n := range 5 {
		if got := receive(t, s, "q"); len(got) != 1 {
			t.Fatalf("receive %d gave %d messages", n+1, len(got))
		}
		if got := counts(s, "q"); got.InFlight != 1 || got.Visible != 0 {
			t.Errorf("after receive %d: %+v", n+1, got)
		}
		c.advance(30 * time.Second)
	}
	if got := receive(t, s, "q"); len(got) != 0 {
		t.Errorf("the sixth receive gave %d messages", len(got))
	}
	dead := receive(t, s, "dlq")
	if len(dead) != 1 || dead[0].Attributes["DeadLetterQueueSourceArn"] != s.ARN("q") {
		t.Errorf("dead letters: %+v", dead)
	}
}

func TestMessagesAreForgottenAfterTheRetentionPeriod(t *testing.T) {
	t.Parallel()
	s, c, send := serve(t, func(s *sqs.Settings) { s.Retention = time.Hour })
	send("old")
	c.advance(30 * time.Minute)
	send("young")
	c.advance(30 * time.Minute)
	if got := counts(s, "q"); got.Visible != 1 {
		t.Errorf("counts %+v, want 1 visible", got)
	}
	if got := receive(t, s, "q"); len(got) != 1 || got[0].Body != "young" {
		t.Errorf("got %+v, want young alone", got)
	}
}

func TestDelayedMessagesAreCountedAsSuch(t *testing.T) {
	t.Parallel()
	s, c, send := serve(t, func(s *sqs.Settings) { s.Delay = 10 * time.Second })
	send("late")
	if got := counts(s, "q"); got.Delayed != 1 || got.InFlight != 0 || got.Visible != 0 {
		t.Errorf("counts %+v, want 1 delayed", got)
	}
	c.advance(10 * time.Second)
	if got := receive(t, s, "q"); len(got) != 1 {
		t.Errorf("got %d messages", len(got))
	}
}

func TestWakeShowsAMovedClockToAWaitingReceive(t *testing.T) {
	t.Parallel()
	s, c, send := serve(t, func(s *sqs.Settings) { s.Delay = time.Hour })
	send("late")
	time.AfterFunc(50*time.Millisecond, func() { c.advance(time.Hour); s.Wake() })
	messages, err := s.Receive(t.Context(), "q", 1, 5*time.Minute, nil)
	if err != nil || len(messages) != 1 {
		t.Errorf("got %d messages, %v", len(messages), err)
	}
}

func TestAReceiveEndsWithItsContext(t *testing.T) {
	t.Parallel()
	s, _, _ := serve(t, nil)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	messages, err := s.Receive(ctx, "q", 1, time.Hour, nil) // longer than any test may take
	if err != nil || len(messages) != 0 {
		t.Errorf("got %d messages, %v", len(messages), err)
	}
}
