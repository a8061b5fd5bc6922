package notification

import (
	"testing"
	"time"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

// TestAComplaintPausesAnInboxForAWeek: meanwhile whoever is behind it is written to, then it is again.
func TestAComplaintPausesAnInboxForAWeek(t *testing.T) {
	for days, want := range map[int]string{6: "chief@immerse.example", 8: "ayto@immerse.example"} {
		w := own(t)
		w.handler.Planner.Pack.Organizations[1].Immerse.Fallback = "chief@immerse.example"
		_, err := w.store.Bury(t.Context(), "ES", store.DeadInbox{
			Address: "ayto@immerse.example", Organization: "ayto", Since: w.clock().AddDate(0, 0, -days), Fact: referral.Complained, Report: "1",
		})
		check(t, err)
		w.notified(t, true)
		for _, in := range w.ses.taken {
			if mailID(in) == "authority-ayto" && in.Destination.ToAddresses[0] != want {
				t.Errorf("%d days after the complaint it goes to %s, want %s", days, in.Destination.ToAddresses[0], want)
			}
		}
	}
}

// TestAPersonWhoComplainsGetsNoMore: SES is told not to keep such addresses from us, so that we do.
func TestAPersonWhoComplainsGetsNoMore(t *testing.T) {
	w := newWorld(t)
	w.asking(t, codes.UpdatesEvery)
	check(t, w.store.Hear(t.Context(), reference, []store.Report{{Mail: "receipt", Fact: referral.Complained, At: w.clock()}}))
	w.answers(t, referral.Accepted, "")
	w.runs(t, w.decided(t, "accepted", w.clock()))
	w.answers(t, referral.Expired, referral.NoOutcome)
	w.wait(time.Hour)
	w.runs(t, dueMessage(t, events.Close))
	if subjects, _ := w.to(toPerson); len(subjects) != 0 {
		t.Errorf("they got %q", subjects)
	}
}
