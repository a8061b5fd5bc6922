package notification

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/places"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

// reopenings stand for the percolation queue: they keep the services that are told to have places again.
type reopenings struct {
	services []string
	over     []string // cases whose places are looked for
	unmet    []string // cases for which another authority is looked for
	fail     bool
}

func (r *reopenings) Send(_ context.Context, event events.Envelope) error {
	if r.fail {
		return errors.New("the queue can't be reached")
	}
	if event.Type == (events.PlacesOverV1{}).EventType() {
		r.over = append(r.over, event.Subject)
		return nil
	}
	if event.Type == (events.ReferralUnmetV1{}).EventType() {
		r.unmet = append(r.unmet, event.Subject)
		return nil
	}
	var changed events.CatalogueChangedV1
	err := json.Unmarshal(event.Data, &changed)
	r.services = append(r.services, changed.Services...)
	return err
}

// waitedFor is a world in which somebody holds the only place of the language classes and another waits for it.
func waitedFor(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.counting(1)
	w.notified(t, true)
	_, err := w.places.Reserve(t.Context(), places.Claim{Service: "classes", Reference: "ES-0000-0000-0000", Offered: 1, Until: w.clock().Add(time.Hour)})
	if !errors.Is(err, places.ErrFull) {
		t.Fatalf("the other: %v", err)
	}
	return w
}

func (w *world) held(t *testing.T) int {
	t.Helper()
	standing, err := w.places.Standing(t.Context(), "classes", 1)
	check(t, err)
	return standing.Held
}

func TestAnAcceptedPlaceIsKept(t *testing.T) {
	for name, recorded := range map[string]bool{"before the contact": false, "when the contact is recorded": true} {
		t.Run(name, func(t *testing.T) {
			w := waitedFor(t)
			w.answers(t, referral.Accepted, "")
			if recorded {
				check(t, w.store.Contact(t.Context(), store.Step{
					Reference: reference, Authority: "ayto", Found: w.application(t).Ledger, Audit: store.Audit{At: w.clock(), Actor: "notification"},
				}, store.ContactReleased))
			}
			w.runs(t, w.decided(t, "accepted", w.clock()), w.decided(t, "accepted", w.clock()))
			w.wait(30 * 24 * time.Hour)
			if w.held(t) != 1 {
				t.Error("the place is lost when the hold is over")
			}
			w.wait(w.handler.Planner.Pack.Retention())
			if w.held(t) != 0 || len(w.reopens.services) != 0 {
				t.Errorf("held %d, reopened %v", w.held(t), w.reopens.services)
			}
		})
	}
}

func TestARefusedPlaceIsGivenBackAndWhoWaitsLookedFor(t *testing.T) {
	for state, reason := range map[referral.State]string{
		referral.Declined: "no_capacity", referral.Withdrawn: referral.NotSaid, referral.Expired: "",
	} {
		t.Run(string(state), func(t *testing.T) {
			w := waitedFor(t)
			w.answers(t, state, reason)
			w.reopens.fail = true
			message := w.decided(t, "declined", w.clock())
			if back := w.run(t, message); len(back) != 1 {
				t.Error("it is done though nobody is told")
			}
			w.reopens.fail = false
			w.runs(t, message)
			if w.held(t) != 0 {
				t.Error("the place is held")
			}
			if diff := cmp.Diff([]string{"classes"}, w.reopens.services); diff != "" {
				t.Errorf("looked for (-want +got):\n%s", diff)
			}
		})
	}
}
