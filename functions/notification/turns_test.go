package notification

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	lambdaevents "github.com/aws/aws-lambda-go/events"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/events/eventstest"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/store"
)

// A putter stands for a queue and keeps what is put back.
type putter struct {
	arn    string
	mu     sync.Mutex
	events []events.Envelope
	after  []time.Duration
	err    error
}

func (p *putter) Holds(arn string) bool { return arn == p.arn }

func (p *putter) SendLater(_ context.Context, event events.Envelope, after time.Duration) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.events, p.after = append(p.events, event), append(p.after, after)
	return p.err
}

// hold has another sender hold the ledger, and gives how it is given back.
func (w *world) hold(t *testing.T, until time.Time) (release func()) {
	t.Helper()
	claim := store.Claim{Reference: reference, Holder: "another", Until: until}
	check(t, w.store.Claim(t.Context(), w.application(t).Ledger, claim, w.clock(), store.Posting{}))
	return func() { check(t, w.store.Post(t.Context(), claim, store.Posting{Over: true})) }
}

// bring hands a message from a queue to the function, and tells whether it comes back by itself.
func (w *world) bring(t *testing.T, arn, body string) (back bool) {
	t.Helper()
	batch := lambdaevents.SQSEvent{Records: []lambdaevents.SQSMessage{{MessageId: "1", Body: body, EventSourceARN: arn}}}
	answer, err := w.handler.Handle(deadline{t.Context(), w.clock().Add(10 * time.Second)}, batch)
	check(t, err)
	return len(answer.BatchItemFailures) > 0
}

// asked is a case with a question whose mail is due.
func (w *world) asked(t *testing.T) (message string) {
	t.Helper()
	w.asking(t, codes.UpdatesDecisions)
	w.asks(t, "form-1")
	return w.decided(t, "asked", w.clock())
}

func TestAMessageWaitsForAnothersMailsAndIsDoneInTheSameInvocation(t *testing.T) {
	w := newWorld(t)
	message := w.asked(t)
	release := w.hold(t, w.clock().Add(40*time.Second))
	pauses := 0
	w.handler.Pause = func(_ context.Context, d time.Duration) {
		w.wait(d)
		if pauses++; pauses == 3 {
			release()
		}
	}
	if w.bring(t, "arn:n", message) {
		t.Fatalf("it comes back\n%s", w.log)
	}
	if subjects, _ := w.to(toPerson); len(subjects) != 1 || pauses != 3 {
		t.Errorf("%d mails after %d pauses", len(subjects), pauses)
	}
}

func TestAMessageIsPutBackWhileSomebodyWhoDiedHoldsTheMails(t *testing.T) {
	w := newWorld(t)
	message := w.asked(t)
	w.hold(t, w.clock().Add(40*time.Second))
	common, urgent := &putter{arn: "arn:n"}, &putter{arn: "arn:n-urgent"}
	w.handler.Queues = []Queue{common, urgent}
	for rounds := 0; ; rounds++ {
		before := len(urgent.events)
		if w.bring(t, "arn:n-urgent", message) {
			t.Fatalf("it comes back, which counts\n%s", w.log)
		}
		if len(urgent.events) == before {
			break
		}
		last := len(urgent.events) - 1
		if after := urgent.after[last]; after < shortestWait || after > longestWait {
			t.Errorf("put back for %s", after)
		}
		message = string(eventstest.Encode(t, urgent.events[last]))
		w.wait(urgent.after[last])
		if rounds > 20 {
			t.Fatal("it is put back for ever")
		}
	}
	if subjects, _ := w.to(toPerson); len(subjects) != 1 || len(urgent.events) < 2 || len(common.events) > 0 {
		t.Errorf("%d mails, put back %d times, %d into the wrong queue", len(subjects), len(urgent.events), len(common.events))
	}
	w.wantLogged(t, `"outcome":"put_back"`, `"Retried"`)
}

func TestAMessageComesBackByItselfWhereItCantBePutBack(t *testing.T) {
	cases := map[string]struct {
		arn  string
		err  error
		late time.Duration
	}{
		"another queue":         {"arn:other", nil, 0},
		"the queue is away":     {"arn:n", errors.New("no"), 0},
		"something is wrong":    {"arn:n", nil, mostPatience},
		"by hand, without ARNs": {"", nil, 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			message := w.asked(t)
			w.wait(c.late)
			w.hold(t, w.clock().Add(40*time.Second))
			q := &putter{arn: "arn:n", err: c.err}
			w.handler.Queues = []Queue{q}
			if !w.bring(t, c.arn, message) || c.err == nil && len(q.events) > 0 {
				t.Errorf("it doesn't come back; put back %d times\n%s", len(q.events), w.log)
			}
		})
	}
}

// TestMessagesAboutOneCaseAtOnce: each of its mails goes once, and no message has to come back.
func TestMessagesAboutOneCaseAtOnce(t *testing.T) {
	w := newWorld(t)
	w.asking(t, codes.UpdatesDecisions)
	w.handler.Pause = func(context.Context, time.Duration) { time.Sleep(time.Millisecond) }
	w.budget = time.Hour // the clock stands still
	var messages []string
	for _, id := range []string{"form-1", "form-2", "form-3"} {
		w.asks(t, id)
		messages = append(messages, strings.ReplaceAll(w.decided(t, "asked", w.clock()), "form-1", id))
	}
	q := &putter{arn: "arn:n"}
	w.handler.Queues = []Queue{q}
	var group sync.WaitGroup
	for _, message := range append(messages, messages...) {
		group.Go(func() {
			for w.bring(t, "arn:n", message) {
				t.Errorf("a message comes back\n%s", w.log)
			}
		})
	}
	group.Wait()
	for _, event := range q.events {
		w.bring(t, "arn:n", string(eventstest.Encode(t, event)))
	}
	sent := w.ses.sent()
	for _, id := range []string{"asked1-ayto", "asked2-ayto", "asked3-ayto"} {
		if sent[id] != 1 {
			t.Errorf("%s went %d times", id, sent[id])
		}
	}
}
