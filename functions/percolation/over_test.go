package percolation_test

import (
	"errors"
	"testing"
	"time"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/places"
)

// scarce is a world in which bob has the one place and ada waits for it.
func scarce(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.catalogue.add("v1", service("course", "language", withPlaces(1)), service("other", "language"), service("free", "health", withPlaces(3)))
	for _, reference := range []string{ada, bob} {
		w.apply(t, reference, 1990, "language")
	}
	found, a := w.read(t, ada), w.assessment(t, ada)
	a.Waiting = []string{"course"}
	must(t, w.store.Waits(t.Context(), found, w.seal(t, ada, a), w.now))
	w.notify(t, ada)
	w.notify(t, bob)
	w.reserve(t, bob, nil)
	w.reserve(t, ada, places.ErrFull)
	return w
}

func (w *world) reserve(t *testing.T, reference string, want error) {
	t.Helper()
	_, err := w.places.Reserve(t.Context(), places.Claim{Service: "course", Reference: reference, Offered: 1, Until: w.now.Add(time.Hour)})
	if !errors.Is(err, want) {
		t.Fatalf("%s: %v, want %v", reference, err, want)
	}
}

// over is the event that places may be free; of an application or, without, of whatever has ended.
func (w *world) over(t *testing.T, application string) events.Envelope {
	t.Helper()
	event, err := events.PlacesOver("ES", application, events.Origin{ID: "01JD8Z0000000000000000000B", Source: "/es/followup", Time: w.now})
	must(t, err)
	return event
}

// TestAHoldThatEndsIsToldToWhoWaits although nobody gave the place back.
func TestAHoldThatEndsIsToldToWhoWaits(t *testing.T) {
	w := scarce(t)
	w.handle(t, w.over(t, ""))
	if w.drain(t); len(w.told()) != 0 {
		t.Fatalf("told of a place that is held: %v", w.told())
	}
	w.now = w.now.Add(time.Hour)
	w.handle(t, w.over(t, ""))
	w.handle(t, w.over(t, "")) // twice, before anybody was told
	if w.drain(t); len(w.told()) != 1 || w.told()[ada] != 1 {
		t.Errorf("told %v", w.told())
	}
	w.handle(t, w.over(t, "")) // nobody waits any more
	if len(w.own.sent) != 0 {
		t.Errorf("sent %+v", w.own.sent)
	}
}

// TestAnErasedPersonsPlaceIsGivenBack, wherever it is: nothing says any more which it was.
func TestAnErasedPersonsPlaceIsGivenBack(t *testing.T) {
	w := scarce(t)
	early := w.over(t, bob)
	if w.handle(t, early) {
		t.Error("a message that is ahead of the erasure doesn't come back")
	}
	must(t, w.store.Erase(t.Context(), w.read(t, bob), "person", w.now))
	for range 2 {
		if !w.handle(t, early) {
			t.Errorf("it comes back\n%s", w.log)
		}
	}
	if w.drain(t); len(w.told()) != 1 || w.told()[ada] != 1 {
		t.Errorf("told %v", w.told())
	}
	if standing, err := w.places.Standing(t.Context(), "course", 1); err != nil || standing.Held != 0 {
		t.Errorf("standing %+v, %v", standing, err)
	}
}

// TestAnErasureThatNeverCameCostsNobodyTheirPlace.
func TestAnErasureThatNeverCameCostsNobodyTheirPlace(t *testing.T) {
	w := scarce(t)
	event := w.over(t, bob)
	w.now = w.now.Add(2 * time.Minute)
	if !w.handle(t, event) {
		t.Error("it comes back for ever")
	}
	if standing, err := w.places.Standing(t.Context(), "course", 1); err != nil || standing.Held != 1 || len(w.own.sent) != 0 {
		t.Errorf("standing %+v, %v", standing, err)
	}
	if gone := w.over(t, "ES-0000-0000-000C"); !w.handle(t, gone) {
		t.Error("of an application that is gone: it comes back")
	}
}
