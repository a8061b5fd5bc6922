package referral_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/functions/referral"
	"github.com/miict/immerse/shared/store"
)

var errKilled = errors.New("killed")

// A killer ends the function before or after one of its calls to the outside.
type killer struct {
	calls, at int // which call, from 1; 0: none
	after     bool
}

func (k *killer) call(do func() error) error {
	k.calls++
	if k.calls != k.at {
		return do()
	}
	if k.after {
		if err := do(); err != nil {
			return err
		}
	}
	return errKilled
}

type mortal struct {
	*store.Store
	*killer
	queue *memory
}

func (m mortal) Answer(ctx context.Context, step store.Step, answer store.Answer) error {
	return m.call(func() error { return m.Store.Answer(ctx, step, answer) })
}

func (m mortal) Ask(ctx context.Context, step store.Step, question store.Question) error {
	return m.call(func() error { return m.Store.Ask(ctx, step, question) })
}

func (m mortal) Viewed(ctx context.Context, step store.Step) error {
	return m.call(func() error { return m.Store.Viewed(ctx, step) })
}

func (m mortal) Send(ctx context.Context, event events.Envelope) error {
	return m.call(func() error { return m.queue.Send(ctx, event) })
}

// TestKilledAtEveryCall: the officer sees an error and presses again, or opens the page and begins anew. Whatever happened,
// the answer is recorded once, on the trail once, and notification has been told of that very act.
func TestKilledAtEveryCall(t *testing.T) {
	for _, c := range []struct {
		fields []string
		ready  func(*world)
		trail  string
	}{
		{[]string{"action=accept"}, func(*world) {}, "accepted"},
		{[]string{"action=decline", "reason=no_capacity"}, func(*world) {}, "declined:no_capacity"},
		{[]string{"action=ask", "question=when", "text=?"}, func(*world) {}, "asked:when"},
		{[]string{"action=finish", "outcome=helped"}, func(w *world) { w.do("action=accept") }, "done:helped"},
	} {
		for at := 1; ; at++ {
			reached := true
			for _, after := range []bool{false, true} {
				for _, same := range []bool{false, true} {
					t.Run(fmt.Sprintf("%s at %d after %v again %v", c.trail, at, after, same), func(t *testing.T) {
						w := newWorld(t)
						c.ready(w)
						reached = killAndRetry(t, w, &killer{at: at, after: after}, same, c.fields, c.trail)
					})
				}
			}
			if !reached {
				break
			}
		}
	}
}

func killAndRetry(t *testing.T, w *world, k *killer, same bool, fields []string, trail string) (reached bool) {
	t.Helper()
	before := len(w.queue.all())
	all := mortal{w.store, k, w.queue}
	w.handler.Referrals, w.handler.Queue = referral.Referrals(all), referral.Queue(all)
	form := w.form()
	first := w.post(form, fields...)
	if reached = k.calls >= k.at; reached && first.StatusCode != 503 {
		t.Errorf("killed, the officer is told %d", first.StatusCode)
	}
	k.at = 0
	if !same {
		if page := w.get(w.path); formField.MatchString(page.Body) {
			form = w.form()
		}
	}
	if again := w.post(form, fields...); again.StatusCode != 303 && again.StatusCode != 409 {
		t.Errorf("again: status %d", again.StatusCode)
	}
	done := slices.DeleteFunc(w.trail(), func(action string) bool { return action != trail })
	if asked := len(w.entry().Questions); len(done) != max(1, asked) {
		t.Errorf("%d times on the trail, %d questions", len(done), asked)
	}
	acts := map[string]bool{}
	if answer := w.entry().Answer; answer != nil {
		acts[answer.Act] = true
	}
	for _, question := range w.entry().Questions {
		acts[question.ID] = true
	}
	for _, event := range w.queue.all()[before:] {
		_, payload, err := events.Decode(encode(t, event))
		if err != nil {
			t.Fatal(err)
		}
		delete(acts, payload.(*events.ReferralDecidedV1).Act)
	}
	if len(acts) != 0 {
		t.Errorf("notification was not told of %v", acts)
	}
	return reached
}
