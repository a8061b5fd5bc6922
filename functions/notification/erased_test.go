package notification

import (
	"testing"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/store"
)

// wantFreed tells whether percolation was told of an erased person's places, and of nobody else's.
func (w *world) wantFreed(t *testing.T, why any) {
	t.Helper()
	for _, freed := range w.reopens.over {
		if freed != reference {
			t.Errorf("%v: the places of %s", why, freed)
		}
	}
	if len(w.reopens.over) == 0 {
		t.Errorf("%v: the places of an erased person are not given back", why)
	}
}

// TestAnErasedPersonsPlacesAreGivenBack, whatever call of the function fails or is the last.
func TestAnErasedPersonsPlacesAreGivenBack(t *testing.T) {
	for _, fall := range []blow{dieBefore, dieAfter} { // an error at a call is as a death there
		for at, struck := 1, true; struck; at++ {
			w := own(t)
			w.classHas(t, 1)
			w.asking(t, "")
			message := w.message(t, &events.ApplicationWithdrawnV1{Country: "ES"})
			if w.run(t, message); len(w.reopens.over) != 0 {
				t.Fatal("the places of a person who is not erased are given back")
			}
			check(t, w.store.Erase(t.Context(), w.application(t), "person", w.clock()))
			b := &brittle{w: w, blow: func(call int, _ string) blow {
				if call == at {
					return fall
				}
				return none
			}}
			if done := b.process(t, message); done {
				w.wantFreed(t, b.struck)
			}
			struck = len(b.struck) > 0
			w.wait(6 * w.budget)
			w.runs(t, message)
			w.wantFreed(t, b.struck)
		}
	}
}

// TestWhoeverHeldPlacesAndDiedBeforeAnErasure: the message about the match comes back, and finds an erased person.
func TestWhoeverHeldPlacesAndDiedBeforeAnErasure(t *testing.T) {
	w := newWorld(t)
	w.counting(1)
	w.submit(t, amira("en"), found())
	b := &brittle{w: w, blow: func(_ int, name string) blow {
		if name == "Claim" {
			return dieBefore
		}
		return none
	}}
	if done := b.process(t, matched(t, reference)); done || w.held(t) != 1 {
		t.Fatalf("done: %t, held: %d", done, w.held(t))
	}
	check(t, w.store.Erase(t.Context(), w.application(t), "person", w.clock()))
	w.wait(6 * w.budget)
	w.reopens.fail = true
	if back := w.run(t, matched(t, reference)); len(back) != 1 {
		t.Error("it is done though nobody gives the places back")
	}
	w.reopens.fail = false
	w.runs(t, matched(t, reference))
	w.wantFreed(t, "after a death")
	w.wantState(t, store.Erased)
	wantSent(t, w, map[string]int{})
}
