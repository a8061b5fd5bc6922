package notification

import (
	"slices"
	"strings"
	"testing"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/referral"
)

// TestNoTwoMailsToAPersonLookTheSame, and none says in its subject what it is about.
func TestNoTwoMailsToAPersonLookTheSame(t *testing.T) {
	w := newWorld(t)
	w.asking(t, codes.UpdatesEvery)
	for _, id := range []string{"form-1", "form-2"} {
		w.asks(t, id)
		w.runs(t, strings.ReplaceAll(w.decided(t, "asked", w.clock()), "form-1", id))
	}
	w.answers(t, referral.Accepted, "")
	w.runs(t, w.decided(t, "accepted", w.clock()), w.decided(t, "accepted", w.clock()))
	w.answers(t, referral.Expired, referral.NoOutcome)
	w.runs(t, dueMessage(t, events.Close))
	subjects, _ := w.to(toPerson)
	want := []string{
		"Your case " + reference + ": a question for you", "Your case " + reference + ": a question for you (2)",
		"Your case " + reference + ": an answer (3)", "Your case " + reference + ": something has happened (4)",
	}
	if !slices.Equal(subjects, want) {
		t.Errorf("subjects %q, want %q", subjects, want)
	}
	groups := map[string]int{}
	for _, in := range w.ses.taken {
		groups[header(in, "References")]++
	}
	if len(groups) != 1 || groups["<es-7k3m-9qxt-40ab@immerse.example>"] != len(w.ses.taken) {
		t.Errorf("grouped by %v", groups)
	}
}

// TestTheSameMailAgainHasTheSameNumber: after a crash it is the same to who gets it twice.
func TestTheSameMailAgainHasTheSameNumber(t *testing.T) {
	w := newWorld(t)
	w.asking(t, codes.UpdatesDecisions)
	w.asks(t, "form-1")
	w.runs(t, w.decided(t, "asked", w.clock()))
	found := w.application(t)
	h := hearing{ledger: found.Ledger}
	if got := (Planner{}).numbered("a", h, "asked1-ayto"); got != "a" {
		t.Errorf("the first again is %q", got)
	}
	if got := (Planner{}).numbered("a", h, "news+1"); got != "a (2)" {
		t.Errorf("the next is %q", got)
	}
}
