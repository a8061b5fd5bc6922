package notification

import (
	"strings"
	"testing"
	"time"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

var january = time.Date(2027, 1, 12, 8, 0, 0, 0, time.UTC) // nine o'clock in Madrid, a Tuesday

func TestAnOutcomeIsAskedForOnceAndOnAWorkingDay(t *testing.T) {
	w := newWorld(t)
	w.notified(t, true)
	w.runs(t, dueMessage(t, events.Outcome)) // of one that nobody has accepted
	w.answers(t, referral.Accepted, "")
	w.at(january.AddDate(0, 0, -2)) // a Sunday
	w.runs(t, dueMessage(t, events.Outcome))
	w.last(t, 3)
	w.at(january)
	w.runs(t, dueMessage(t, events.Outcome), dueMessage(t, events.Outcome))
	subject, to, text := w.last(t, 4)
	if to != "ayto@immerse.example" || !strings.Contains(subject, "¿en qué quedó?") || !strings.Contains(text, "22/11/2026") || !strings.Contains(text, "20/2/2027") && !strings.Contains(text, "20/02/2027") ||
		!strings.Contains(text, "/referral/") || strings.Contains(text, "canary") {
		t.Errorf("to %s: %s\n%s", to, subject, text)
	}
	if entry := w.application(t).Ledger.Mail("outcome-ayto"); entry.State != store.MailSent {
		t.Errorf("entry %+v", entry)
	}
	w.answers(t, referral.Withdrawn, "not_said")
	w.runs(t, dueMessage(t, events.Outcome))
	w.last(t, 4)
}

// TestADeadInboxIsNotAskedForAnOutcome, and that is on record, so that it isn't tried every day.
func TestADeadInboxIsNotAskedForAnOutcome(t *testing.T) {
	w := newWorld(t)
	w.notified(t, true)
	w.answers(t, referral.Accepted, "")
	_, err := w.store.Bury(t.Context(), "ES", store.DeadInbox{Address: "ayto@immerse.example", Organization: "ayto", Since: start, Fact: referral.PermanentBounce, Report: "1"})
	check(t, err)
	w.at(january)
	w.runs(t, dueMessage(t, events.Outcome))
	w.last(t, 3)
	if entry := w.application(t).Ledger.Mail("outcome-ayto"); entry.State != store.MailFailed || entry.Reason != "dead_inbox" {
		t.Errorf("entry %+v", entry)
	}
}

// TestADailyAuthorityIsAskedForOutcomesInItsDigest: one mail a day, as for all else.
func TestADailyAuthorityIsAskedForOutcomesInItsDigest(t *testing.T) {
	w := daily(t)
	w.refer(t, reference, "soon")
	w.at(morning)
	w.runs(t, digestMessage(t, morning, 1))
	w.answers(t, referral.Accepted, "")
	w.at(january)
	w.runs(t, dueMessage(t, events.Outcome), dueMessage(t, events.Outcome))
	if got := len(w.toTown()); got != 1 {
		t.Fatalf("%d mails: it was to wait", got)
	}
	next := january.AddDate(0, 0, 1)
	w.at(next)
	w.runs(t, digestMessage(t, next, 1))
	mails := w.toTown()
	if len(mails) != 2 {
		t.Fatalf("%d mails to the town", len(mails))
	}
	text := textOf(mails[1])
	if !strings.Contains(text, "Aceptadas: ¿en qué quedaron?") || !strings.Contains(text, reference) || strings.Contains(text, "Responda antes") || !strings.Contains(text, "/referral/") {
		t.Errorf("the digest:\n%s", text)
	}
	entry := w.application(t).Ledger
	if entry.Mail("outcome-ayto").State != store.MailSent || entry.Mail("authority-ayto").Due.After(january) {
		t.Errorf("ledger %+v", entry.Mails)
	}
}
