package percolation_test

import (
	"slices"
	"testing"

	"github.com/miict/immerse/shared/referral"
)

// TestTheNextBestKilledAtAnyBoundary stops the function before and after each of its calls, and lets the message come back: one other
// authority is asked, once, and notification was told of it.
func TestTheNextBestKilledAtAnyBoundary(t *testing.T) {
	for boundary := 0; ; boundary++ {
		w := helping(t, service("c", "health", of("org-c"), withPlaces(2)), service("d", "health", of("org-d")))
		event := w.ends(t, "org-a", 0, referral.Declined, "", "no_capacity")
		died := &mortal{dieAt: boundary}
		w.Store, w.Places = mortalStore{w.store, died}, mortalPlaces{w.places, died}
		w.Next, w.Queue = mortalSender{w.next, died}, mortalSender{w.own, died}
		dead := died.run(func() { w.handle(t, event) })
		w.Store, w.Places, w.Next, w.Queue = w.store, w.places, w.next, w.own
		got := w.tells(t, event)
		if len(got) != 1 || w.read(t, ada).Round != 1 || w.told()[ada] == 0 {
			t.Errorf("boundary %d: asked instead %v, in round %d, told %d times", boundary, got, w.read(t, ada).Round, w.told()[ada])
		}
		for _, round := range w.assessment(t, ada).Instead {
			if !slices.Contains([]string{"c", "d"}, round.Service) {
				t.Errorf("boundary %d: %+v", boundary, round)
			}
		}
		if !dead {
			if boundary < 6 {
				t.Errorf("only %d boundaries were met", boundary)
			}
			t.Logf("%d boundaries", boundary)
			return
		}
	}
}
