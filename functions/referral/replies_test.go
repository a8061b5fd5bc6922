package referral_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
)

// replied has the person answer the only question.
func (w *world) replied(text string) {
	w.t.Helper()
	found := w.found()
	keys, err := w.store.Keys(w.t.Context(), found.KeysID)
	w.must(err)
	person, err := vault.PersonBySecret("ES", reference, keys, secret)
	w.must(err)
	sealed, err := person.Seal(vault.Dialogue, []byte(text))
	w.must(err)
	w.must(w.store.Reply(w.t.Context(), found, store.Reply{Question: w.entry().Questions[0].ID, Mail: w.entry().ID, At: w.now, Text: sealed}))
}

// TestAnAnswerIsReadOnceSomebodyAsksForIt, and the person can read who did; a scanner that opens the link sees none.
func TestAnAnswerIsReadOnceSomebodyAsksForIt(t *testing.T) {
	w := newWorld(t)
	w.want(w.do("action=replies"), 409) // nobody asked anything
	w.want(w.do("action=ask", "question=contact"), 303)
	w.replied("canary <script>alert(1)</script>\n600 000 000")
	before := w.snapshot()
	for range 2 {
		answer := w.get(w.path)
		w.want(answer, 200, "La persona respondió el 23/11/2026:", "Ver la respuesta")
		if strings.Contains(answer.Body, "canary") || w.snapshot() != before {
			t.Fatal("who only opens the link reads the answer, or changes something")
		}
	}
	answer := w.do("action=replies")
	w.want(answer, 200, "canary &lt;script&gt;alert(1)&lt;/script&gt;\n600 000 000")
	if got := w.trail(); !slices.Equal(got, []string{"asked:contact", "replies_shown"}) {
		t.Errorf("the trail: %v", got)
	}
	if !slices.Contains(page.Trailed, "replies_shown") || strings.Contains(w.log.String(), "canary") {
		t.Error("the person does not see it, or the log does")
	}
	w.do("action=decline", "reason=other")
	form, _ := w.book.Form(strings.TrimPrefix(w.path, "/referral/"))
	if late := w.post(form, "action=replies"); late.StatusCode != 409 || strings.Contains(late.Body, "canary") {
		t.Errorf("once it is closed: %d", late.StatusCode)
	}
}

// TestACaseThatWasTakenBack is closed to whoever accepted it, too.
func TestACaseThatWasTakenBack(t *testing.T) {
	w := newWorld(t)
	w.want(w.do("action=accept"), 303)
	form := w.form()
	w.now = at.Add(time.Hour)
	w.must(w.store.Withdraw(t.Context(), w.found(), referral.NotSaid, w.now))
	answer := w.get(w.path)
	w.want(answer, 200, "La persona retiró esta solicitud")
	if strings.Contains(answer.Body, "<form") || strings.Contains(answer.Body, "Granada") {
		t.Errorf("the page still says something of the person:\n%s", answer.Body)
	}
	for _, fields := range [][]string{{"action=contact"}, {"action=finish", "outcome=helped"}, {"action=ask", "question=when"}} {
		w.want(w.post(form, fields...), 409)
	}
}
