package followup_test

import (
	"context"
	"testing"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/store"
)

// first is the queue of those who can't wait.
type first struct{ subjects []string }

func (f *first) Send(_ context.Context, event events.Envelope) error {
	f.subjects = append(f.subjects, event.Subject)
	return nil
}

// TestWhatIsDueOfTheUrgentGoesTheirWay, also after the appointment was moved.
func TestWhatIsDueOfTheUrgentGoesTheirWay(t *testing.T) {
	w := newWorld(t)
	urgent := &first{}
	w.Urgent = urgent
	w.refer(t, ref)
	must(t, w.store.Appoint(t.Context(), "ES", store.Appointment{Reference: ref, Day: store.Day(remind, w.zone), Urgent: true, Clocks: []store.Clock{
		{Mail: store.ReferralID(authority, 0), Remind: remind, Escalate: escalate, Lapse: lapse},
	}}))
	for i, at := range []int{1, 2, 3} {
		switch at {
		case 1:
			w.sweepAt(t, remind)
		case 2:
			w.sweepAt(t, escalate)
		case 3:
			w.sweepAt(t, lapse)
		}
		if len(urgent.subjects) != i+1 || len(w.told) != 0 {
			t.Fatalf("after %d: %v the urgent way, %v with all others", at, urgent.subjects, w.told)
		}
	}
}
