package followup_test

import (
	"slices"
	"testing"
	"time"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

// eve is a Sunday morning in Madrid, the day before an event.
var eve = time.Date(2026, 11, 29, 8, 0, 0, 0, time.UTC)

// register is an application with two referrals, of which the first is about an event on the day after eve.
func (w *world) register(t *testing.T, reference string) {
	t.Helper()
	w.refer(t, reference)
	a := store.Appointment{Reference: reference, Day: store.Day(remind, w.zone)}
	must(t, w.store.Cancel(t.Context(), "ES", a))
	for _, id := range []string{authority, town} {
		clock := store.Clock{Mail: store.ReferralID(id, 0), Escalate: escalate, Lapse: lapse}
		if id == authority {
			clock.Event = eve
		}
		a.Clocks = append(a.Clocks, clock)
	}
	a.Day = store.Day(eve, w.zone)
	must(t, w.store.Appoint(t.Context(), "ES", a))
}

// A person is reminded of their event on the day before, once, though it is a Sunday and nobody else is written to then; all
// else that is due stays due.
func TestPeopleAreRemindedOfAnEventOnTheDayBeforeWhateverDayThatIs(t *testing.T) {
	w := newWorld(t)
	w.register(t, ref)
	w.sweepAt(t, eve.Add(-24*time.Hour)) // a Saturday: not yet
	w.sweepAt(t, eve.Add(-time.Hour))    // eight o'clock: people are asleep
	if len(w.told) > 0 {
		t.Fatalf("told %v", w.told)
	}
	w.sweepAt(t, eve)
	want := []string{"Sun 29 Nov 09:00 event " + ref}
	if !slices.Equal(w.told, want) {
		t.Fatalf("told %q, want %q", w.told, want)
	}
	w.notify(t, ref, events.EventDay, authority)
	w.sweepAt(t, eve.Add(time.Hour))
	w.sweepAt(t, eve.Add(25*time.Hour)) // Monday: the regular sweep goes over the same appointment
	if !slices.Equal(w.told, want) {
		t.Errorf("told %q, want %q once", w.told, want)
	}
	w.sweepAt(t, escalate)
	if got := w.told[len(want):]; len(got) != 2 || got[0] != "Tue 1 Dec 09:00 escalate "+ref {
		t.Errorf("what else was due is lost: %q", got)
	}
}

// Who was declined is not reminded.
func TestNobodyIsRemindedWhoWasDeclined(t *testing.T) {
	w := newWorld(t)
	w.register(t, ref)
	w.answer(t, authority, referral.Declined, "no_capacity")
	w.sweepAt(t, eve)
	w.sweepAt(t, eve.Add(25*time.Hour))
	if len(w.told) > 0 {
		t.Errorf("told %v", w.told)
	}
}

// A sweep that dies after it told, or before, is gone on with: the person is told at least once, and the ledger knows it.
func TestAnEventIsNotForgottenWhenASweepDies(t *testing.T) {
	w := newWorld(t)
	w.register(t, ref)
	dies := true
	w.fails = func(what string) error {
		if what == "send" && dies {
			dies = false
			return errStop
		}
		return nil
	}
	if done := w.sweepAt(t, eve); done.Failed != 1 || len(w.told) > 0 {
		t.Fatalf("%+v, told %v", done, w.told)
	}
	if done := w.sweepAt(t, eve.Add(15*time.Minute)); done.Events != 1 || len(w.told) != 1 {
		t.Errorf("%+v, told %v", done, w.told)
	}
}
