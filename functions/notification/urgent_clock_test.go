package notification

import (
	"strings"
	"testing"
	"time"

	"github.com/miict/immerse/shared/store"
)

// urgent hands in a case that can't wait, on a Sunday, and has it notified.
func (w *world) urgent(t *testing.T) {
	t.Helper()
	a := found()
	a.Urgency = "no_shelter"
	w.submit(t, amira("en"), a)
	w.runs(t, matched(t, reference))
}

// TestTheUrgentAreAnsweredSooner: in one working day where others have five, with what follows as early.
func TestTheUrgentAreAnsweredSooner(t *testing.T) {
	w := newWorld(t)
	w.urgent(t)
	var made []store.Appointment
	for shard := range store.DueShards {
		page, _, err := w.store.Appointments(t.Context(), "ES", "2026-11-23", shard, "", 10)
		check(t, err)
		made = append(made, page...)
	}
	at := func(day int) time.Time { return time.Date(2026, 11, day, 8, 0, 0, 0, time.UTC) } // nine o'clock in Madrid
	if len(made) != 1 || !made[0].Urgent || len(made[0].Clocks) != 2 {
		t.Fatalf("appointments %+v", made)
	}
	for _, clock := range made[0].Clocks {
		if !clock.Remind.Equal(at(23)) || !clock.Escalate.Equal(at(24)) || !clock.Lapse.Equal(at(25)) {
			t.Errorf("%s: %s, %s, %s", clock.Mail, clock.Remind, clock.Escalate, clock.Lapse)
		}
	}
	entry := w.application(t).Ledger.Mail("authority-ayto")
	if entry.Due == nil || !entry.Due.Equal(time.Date(2026, 11, 23, 23, 0, 0, 0, time.UTC)) {
		t.Errorf("due %v", entry.Due)
	}
	for _, in := range w.ses.taken {
		if text := *in.Content.Simple.Body.Text.Data; strings.HasPrefix(mailID(in), "authority-") && (!strings.Contains(text, "23/11/2026") || !strings.Contains(text, "menos tiempo")) {
			t.Errorf("the mail doesn't say until when:\n%s", text)
		}
	}
}

// TestAnAuthorityThatIsQuickerStaysSo, and a pack can give more than a day.
func TestAnAuthorityThatIsQuickerStaysSo(t *testing.T) {
	settings := testPack("es").Settings
	for _, c := range []struct{ own, pack, want int }{{0, 0, 1}, {3, 0, 1}, {1, 2, 1}, {0, 2, 2}, {10, 2, 2}} {
		settings.UrgentResponseDays = c.pack
		if got := settings.AnswerIn(c.own, true); got != c.want {
			t.Errorf("%d days of its own and %d of the pack are %d, want %d", c.own, c.pack, got, c.want)
		}
	}
	if settings.AnswerIn(0, false) != 5 || settings.AnswerIn(7, false) != 7 {
		t.Error("those who can wait have other times")
	}
}
