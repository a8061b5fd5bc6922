package notification

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
)

func (b *brittle) AddWrap(ctx context.Context, keys vault.Keys, name string, wrapped []byte) error {
	return b.do("AddWrap", func() error { return b.w.store.AddWrap(ctx, keys, name, wrapped) })
}

func (b *brittle) DropWrap(ctx context.Context, keys vault.Keys, name string) error {
	return b.do("DropWrap", func() error { return b.w.store.DropWrap(ctx, keys, name) })
}

func (b *brittle) Contact(ctx context.Context, step store.Step, state string) error {
	return b.do("Contact", func() error { return b.w.store.Contact(ctx, step, state) })
}

// TestABlowAtAnyCallOfAWithdrawal: whatever dies or fails, the place is free, the contact opens no more, and each authority is told, again
// only where nobody could know that it was.
func TestABlowAtAnyCallOfAWithdrawal(t *testing.T) {
	for name, whole := range map[string]bool{"one referral": false, "the whole case": true} {
		for _, fall := range []blow{dieBefore, dieAfter, failBefore, failAfter} {
			calls := 0
			for at := 1; ; at++ {
				w, message := withdrawnFrom(t, whole)
				b := &brittle{w: w, blow: func(call int, _ string) blow {
					if call == at {
						return fall
					}
					return none
				}}
				before := len(w.ses.taken)
				done := b.process(t, message)
				if len(b.struck) == 0 {
					break
				}
				calls++
				if done {
					t.Errorf("%s, %v: the message is taken for done", name, b.struck)
				}
				possible := w.unrecorded(t, reference, w.ses.taken[before:])
				w.wait(6 * w.budget)
				w.runs(t, message)
				w.wantTakenBack(t, fmt.Sprint(name, b.struck), whole, possible)
			}
			if calls < 8 {
				t.Errorf("%s: only %d calls were met", name, calls)
			}
		}
	}
}

// withdrawnFrom is a case with a held place, an acceptance and a released contact, which the person takes back.
func withdrawnFrom(t *testing.T, whole bool) (w *world, message string) {
	t.Helper()
	w = own(t)
	w.classHas(t, 1)
	w.asking(t, "")
	w.answers(t, referral.Accepted, "")
	w.runs(t, w.decided(t, "accepted", w.clock()))
	if whole {
		message = w.message(t, &events.ApplicationWithdrawnV1{Country: "ES"})
		check(t, w.store.Withdraw(t.Context(), w.application(t), referral.NotSaid, w.clock()))
		return w, message
	}
	w.answers(t, referral.Withdrawn, referral.NotSaid)
	return w, w.message(t, &events.ReferralDecidedV1{Country: "ES", Authority: "ayto", Step: events.StepWithdrawn, Act: store.ActOfPerson})
}

func (w *world) wantTakenBack(t *testing.T, what string, whole bool, possible int) {
	t.Helper()
	if err := w.opens(t, "ayto"); !errors.Is(err, vault.ErrSealed) {
		t.Errorf("%s: the contact still opens: %v", what, err)
	}
	if held := w.held(t); held != 0 {
		t.Errorf("%s: %d places are held", what, held)
	}
	sent, told := w.ses.sent(), map[string]int{"withdrawn-ayto": 1, "withdrawn-junta": 0}
	if whole {
		told["withdrawn-junta"] = 1
	}
	extra := 0
	for id, want := range told {
		if sent[id] < want {
			t.Errorf("%s: %s was lost", what, id)
		}
		extra += sent[id] - want
	}
	if extra > possible {
		t.Errorf("%s: %d second e-mails, %d explained", what, extra, possible)
	}
}
