package notification

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"pgregory.net/rapid"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/places"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
)

// A blow is what can happen to a call on its way.
type blow int

const (
	none       blow = iota
	dieBefore       // the process ends and the call never took effect
	dieAfter        // the process ends when the call has taken effect
	failBefore      // an error, and no effect
	failAfter       // an error although it took effect: the answer was lost
)

var errBroken = errors.New("connection reset by peer")

// brittle stands between the function and everything outside it, counts the calls and lets a blow fall.
type brittle struct {
	w    *world
	blow func(call int, name string) blow

	mu     sync.Mutex
	calls  int
	dead   bool     // the process has ended: no call of it takes effect any more
	struck []string // the names of the calls that a blow fell on, and which
}

func (b *brittle) do(name string, effect func() error) error {
	fall := b.falls(name)
	if fall == dieBefore {
		runtime.Goexit() // nothing after this runs, and nothing recovers from it: as near to kill -9 as a test gets
	}
	if fall == failBefore {
		return errBroken
	}
	err := effect()
	if fall == dieAfter {
		runtime.Goexit()
	}
	if fall == failAfter {
		return errBroken
	}
	return err
}

// falls counts a call and says which blow falls on it. Calls that are under way when the process dies may still have
// their effect, as in life.
func (b *brittle) falls(name string) blow {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.dead {
		return dieBefore
	}
	b.calls++
	fall := b.blow(b.calls, name)
	if fall != none {
		b.struck = append(b.struck, fmt.Sprintf("%s/%d", name, fall))
	}
	b.dead = fall == dieBefore || fall == dieAfter
	return fall
}

func (b *brittle) Application(ctx context.Context, reference string) (found store.Application, err error) {
	err = b.do("Application", func() (err error) { found, err = b.w.store.Application(ctx, reference); return })
	return found, err
}

func (b *brittle) Keys(ctx context.Context, id string) (keys vault.Keys, err error) {
	err = b.do("Keys", func() (err error) { keys, err = b.w.store.Keys(ctx, id); return })
	return keys, err
}

func (b *brittle) Claim(ctx context.Context, found store.Ledger, c store.Claim, now time.Time, p store.Posting) error {
	return b.do("Claim", func() error { return b.w.store.Claim(ctx, found, c, now, p) })
}

func (b *brittle) Post(ctx context.Context, c store.Claim, p store.Posting) error {
	return b.do("Post", func() error { return b.w.store.Post(ctx, c, p) })
}

func (b *brittle) SendEmail(ctx context.Context, in *sesv2.SendEmailInput, options ...func(*sesv2.Options)) (out *sesv2.SendEmailOutput, err error) {
	err = b.do("SendEmail", func() (err error) { out, err = b.w.ses.SendEmail(ctx, in, options...); return })
	return out, err
}

func (b *brittle) Waits(ctx context.Context, found store.Application, result []byte, at time.Time) error {
	return b.do("Waits", func() error { return b.w.store.Waits(ctx, found, result, at) })
}

func (b *brittle) Reserve(ctx context.Context, c places.Claim) (held places.Reservation, err error) {
	err = b.do("Reserve", func() (err error) { held, err = b.w.places.Reserve(ctx, c); return })
	return held, err
}

func (b *brittle) Keep(ctx context.Context, service, reference string, until time.Time) error {
	return b.do("Keep", func() error { return b.w.places.Keep(ctx, service, reference, until) })
}

func (b *brittle) Release(ctx context.Context, service, reference string, offered int) (standing places.Standing, err error) {
	err = b.do("Release", func() (err error) { standing, err = b.w.places.Release(ctx, service, reference, offered); return })
	return standing, err
}

func (b *brittle) Send(ctx context.Context, event events.Envelope) error {
	return b.do("Send", func() error { return b.w.reopens.Send(ctx, event) })
}

func (b *brittle) DeadInboxes(ctx context.Context, country string) (dead []store.DeadInbox, err error) {
	err = b.do("DeadInboxes", func() (err error) { dead, err = b.w.store.DeadInboxes(ctx, country); return })
	return dead, err
}

func (b *brittle) Appoint(ctx context.Context, country string, a store.Appointment) error {
	return b.do("Appoint", func() error { return b.w.store.Appoint(ctx, country, a) })
}

func (b *brittle) Wait(ctx context.Context, country string, waits store.WaitingMail) error {
	return b.do("Wait", func() error { return b.w.store.Wait(ctx, country, waits) })
}

func (b *brittle) Waiting(ctx context.Context, country, organization, after string, limit int32) (page []store.WaitingMail, next string, err error) {
	err = b.do("Waiting", func() (err error) {
		page, next, err = b.w.store.Waiting(ctx, country, organization, after, limit)
		return
	})
	return page, next, err
}

func (b *brittle) Tell(ctx context.Context, reference string, mail store.Mail) error {
	return b.do("Tell", func() error { return b.w.store.Tell(ctx, reference, mail) })
}

func (b *brittle) Digest(ctx context.Context, country, key string) (found store.Digest, err error) {
	err = b.do("Digest", func() (err error) { found, err = b.w.store.Digest(ctx, country, key); return })
	return found, err
}

func (b *brittle) ClaimDigest(ctx context.Context, country string, found, d store.Digest, now time.Time) error {
	return b.do("ClaimDigest", func() error { return b.w.store.ClaimDigest(ctx, country, found, d, now) })
}

func (b *brittle) PostDigest(ctx context.Context, country string, d store.Digest) error {
	return b.do("PostDigest", func() error { return b.w.store.PostDigest(ctx, country, d) })
}

// process runs one invocation, which may die, and tells whether the message is done.
func (b *brittle) process(t testing.TB, message string) bool {
	h := *b.w.handler
	h.Applications, h.Places, h.Outbox, h.Inboxes, h.Agenda, h.Waits, h.Digests, h.Postbox.SES, h.Percolation = b, b, b, b, b, b, b, b, b
	h.Releases = b
	done := false
	var running sync.WaitGroup
	running.Go(func() { done = b.w.invoke(t, &h, message) == nil })
	running.Wait()
	return done
}

// window tells whether a blow can leave mails with SES and no record of them: the one window in which further e-mails are
// possible. It opens when SES is given the first mail of a group and closes when the group is recorded.
func window(struck string) bool {
	switch struck {
	case fmt.Sprintf("SendEmail/%d", dieBefore), fmt.Sprintf("SendEmail/%d", dieAfter), fmt.Sprintf("SendEmail/%d", failAfter),
		fmt.Sprintf("Post/%d", dieBefore), fmt.Sprintf("Post/%d", failBefore):
		return true
	}
	return false
}

// unrecorded counts the mails that SES took and the ledger doesn't say so of: those that go again.
func (w *world) unrecorded(t testing.TB, reference string, taken []*sesv2.SendEmailInput) (count int) {
	t.Helper()
	found, err := w.store.Application(t.Context(), reference)
	check(t, err)
	for _, in := range taken {
		if found.Ledger.Mail(mailID(in)).State != store.MailSent {
			count++
		}
	}
	return count
}

func TestABlowAtAnyCallLosesNothingAndRepeatsOnlyInTheWindow(t *testing.T) {
	const callsOfACleanRun = 3 + 1 + 1 + (2 + 1) + (1 + 1) // reads, appointment, claim, a group of two with its record, a group of one
	for at := 1; at <= callsOfACleanRun; at++ {
		for _, fall := range []blow{dieBefore, dieAfter, failBefore, failAfter} {
			t.Run(fmt.Sprintf("call %d, blow %d", at, fall), func(t *testing.T) {
				w := newWorld(t)
				w.submit(t, amira("ar"), found())
				message := matched(t, reference)
				b := &brittle{w: w, blow: func(call int, _ string) blow {
					if call == at {
						return fall
					}
					return none
				}}
				if done := b.process(t, message); done {
					t.Errorf("%v: the message is taken for done", b.struck)
				}
				if len(b.struck) != 1 {
					t.Fatalf("the blow fell %d times", len(b.struck))
				}
				possible := w.unrecorded(t, reference, w.ses.taken)
				w.wait(6 * w.budget) // the queue's visibility timeout
				w.finish(t, message)
				if extra := w.extras(t); extra != possible || extra > w.handler.Group || extra > 0 && !window(b.struck[0]) {
					t.Errorf("%v: %d second e-mails, %d were not recorded", b.struck, extra, possible)
				}
			})
		}
	}
}

func TestAnyRunOfBlowsLosesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: much work, one thing after the other; make test runs it")
	}
	seed := newWorld(t)
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		reference := fmt.Sprintf("ES-0000-0000-%04d", n)
		w := *seed // the same tables and vault; what was sent and the clock are this run's
		w.ses, w.mu = &mailbox{}, &sync.Mutex{}
		w.submitAs(t, reference, amira("it"), found())
		message := matched(t, reference)
		w.store.Now, w.handler.Now = w.clock, w.clock
		w.handler.Postbox.SES = w.ses
		possible := 0
		for range rapid.IntRange(1, 5).Draw(r, "invocations") {
			b := &brittle{w: &w, blow: func(int, string) blow {
				if rapid.IntRange(0, 9).Draw(r, "calm") > 1 {
					return none
				}
				return blow(rapid.IntRange(int(dieBefore), int(failAfter)).Draw(r, "blow"))
			}}
			before := len(w.ses.taken)
			b.process(t, message)
			possible += w.unrecorded(t, reference, w.ses.taken[before:])
			w.wait(time.Duration(rapid.IntRange(1, 400).Draw(r, "seconds until it comes back")) * time.Second)
		}
		w.wait(6 * w.budget)
		if back := w.run(t, message); back != nil {
			r.Fatalf("the message still comes back\n%s", w.log)
		}
		extra := 0
		for id := range each {
			count := w.ses.sent()[id]
			if count == 0 {
				r.Fatalf("%s was lost", id)
			}
			extra += count - 1
		}
		if extra > possible {
			r.Fatalf("%d second e-mails, at most %d explained", extra, possible)
		}
	})
}

// finish lets the message come back in peace until it is done.
func (w *world) finish(t *testing.T, message string) {
	t.Helper()
	if back := w.run(t, message); back != nil {
		t.Fatalf("the message still comes back\n%s", w.log)
	}
	w.wantState(t, store.Notified)
}

// extras counts the e-mails beyond one of each, none of which may be missing.
func (w *world) extras(t *testing.T) (extra int) {
	t.Helper()
	sent := w.ses.sent()
	for id := range each {
		if sent[id] == 0 {
			t.Errorf("%s was lost", id)
		}
		extra += sent[id] - 1
	}
	return extra
}

func TestManyAtOnceSendEachMailOnce(t *testing.T) {
	w := newWorld(t)
	w.submit(t, amira("uk"), found())
	message := matched(t, reference)
	var running sync.WaitGroup
	for range 20 {
		running.Go(func() { w.run(t, message) })
	}
	running.Wait()
	w.finish(t, message) // without waiting for a lease: nobody died
	wantSent(t, w, each)
}
