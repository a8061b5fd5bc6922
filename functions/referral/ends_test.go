package referral_test

import (
	"html"
	"strings"
	"testing"
	"time"

	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

// speaks gives the authority a language.
func (w *world) speaks(language string) {
	w.t.Helper()
	organization, ok := w.pack.Organization(w.authority)
	if !ok {
		w.t.Fatal("no such organization")
	}
	spoken := *organization.Immerse
	spoken.Language, organization.Immerse = language, &spoken
}

func (w *world) revoke() {
	w.t.Helper()
	w.must(w.store.Revoke(w.t.Context(), store.Step{Reference: reference, Authority: w.authority, Found: w.found().Ledger}))
}

func (w *world) ended(state referral.State, reason string) {
	w.t.Helper()
	w.must(w.store.Answer(w.t.Context(), store.Step{Reference: reference, Authority: w.authority, Found: w.found().Ledger},
		store.Answer{State: state, Reason: reason, At: at, Act: "other"}))
}

// TestWhatHappenedMeanwhileIsSaidInTheAuthoritysLanguage, whether its page is opened, or a form of it sent that was open before.
func TestWhatHappenedMeanwhileIsSaidInTheAuthoritysLanguage(t *testing.T) {
	for name, end := range map[string]struct {
		happens   func(w *world)
		get, post int
		says      string // message
	}{
		"expired link": {func(w *world) { w.now = at.Add(91 * 24 * time.Hour) }, 410, 410, "error.link_expired"},
		"revoked link": {func(w *world) { w.revoke() }, 410, 410, "error.link_revoked"},
		"erased":       {func(w *world) { w.must(w.store.Erase(w.t.Context(), w.found(), "person", at)) }, 410, 410, "error.referral_gone"},
		"case taken back": {func(w *world) { w.must(w.store.Withdraw(w.t.Context(), w.found(), referral.NotSaid, at)) },
			200, 409, "referral.state.withdrawn"},
		"taken back":       {func(w *world) { w.ended(referral.Withdrawn, referral.NotSaid) }, 200, 409, "referral.state.withdrawn"},
		"nobody answered":  {func(w *world) { w.ended(referral.Expired, "") }, 200, 409, "referral.state.expired"},
		"another accepted": {func(w *world) { w.want(w.do("action=accept"), 303) }, 200, 409, "referral.state.accepted"},
		"another declined": {func(w *world) { w.want(w.do("action=decline", "reason=no_capacity"), 303) }, 200, 409, "referral.state.declined"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			form := w.form()
			end.happens(w)
			sent := len(w.queue.all())
			for _, language := range append(locale.Languages(), "ca") {
				w.speaks(language)
				speaks := language
				if !locale.Known(language) {
					speaks = "es" // what the country speaks
				}
				says := strings.Split(html.EscapeString(locale.For(speaks).T(end.says, "date", "|")), "|") // around the date, as each writes it
				shown, posted := w.get(w.path), w.post(form, "action=accept")
				w.want(shown, end.get, says...)
				w.want(posted, end.post, says...)
				if end.post == 409 {
					w.want(posted, 409, html.EscapeString(locale.For(speaks).T("referral.late")))
				}
				for _, answer := range []map[string]string{shown.Headers, posted.Headers} {
					if answer["Content-Language"] != speaks {
						t.Errorf("%s: in %s", language, answer["Content-Language"])
					}
				}
				if head := w.ask("HEAD", w.path, headers{}, ""); head.StatusCode != end.get || head.Body != "" {
					t.Errorf("HEAD: %d %q", head.StatusCode, head.Body)
				}
			}
			if len(w.queue.all()) != sent {
				t.Error("a message went out")
			}
		})
	}
}

// TestARevokedLinkOfWhoAcceptedShowsNothingAnyMore: it may have been forwarded to the wrong hands, with its page open there.
func TestARevokedLinkOfWhoAcceptedShowsNothingAnyMore(t *testing.T) {
	w := newWorld(t)
	w.want(w.do("action=accept"), 303)
	w.want(w.do("action=ask", "question=contact"), 303)
	w.replied("canary 600 000 000")
	w.release()
	form := w.form()
	w.revoke()
	before := w.snapshot()
	for _, fields := range [][]string{
		{"action=contact"}, {"action=replies"}, {"action=finish", "outcome=helped"}, {"action=ask", "question=when"}, {"action=accept"},
	} {
		answer := w.post(form, fields...)
		w.want(answer, 410, "retirado")
		if strings.Contains(answer.Body, "anary") || strings.Contains(answer.Body, "Granada") {
			t.Errorf("%v shows something of the person", fields)
		}
	}
	w.want(w.get(w.path), 410, "retirado")
	if w.snapshot() != before {
		t.Error("something changed")
	}
	// Whoever gets the next link goes on where the first stopped; the form of the old page is not one of the new.
	w.path = "/referral/" + w.link(1)
	w.want(w.post(form, "action=contact"), 403)
	w.want(w.do("action=contact"), 200, canary)
}

// TestAFormThatIsClickedTwiceWhateverItIs is sent once; so is one that is sent again after the next step.
func TestAFormThatIsClickedTwiceWhateverItIs(t *testing.T) {
	w := newWorld(t)
	accepting, finishing := w.form(), ""
	for range 2 {
		w.want(w.post(accepting, "action=accept"), 303)
	}
	finishing = w.form()
	for range 3 {
		w.want(w.post(finishing, "action=finish", "outcome=helped"), 303)
	}
	w.want(w.post(accepting, "action=accept"), 409, locale.For("es").T("referral.state.done", "date", "23/11/2026"))
	w.want(w.post(finishing, "action=finish", "outcome=not_helped", "reason=did_not_come"), 303) // no other answer is taken for it
	if got := w.entry().Answer; got.State != referral.Done || got.Outcome != "helped" || len(w.queue.all()) != 2 || len(w.trail()) != 2 {
		t.Errorf("%+v, %d messages, trail %v", got, len(w.queue.all()), w.trail())
	}
	declined := newWorld(t)
	form := declined.form()
	for range 3 {
		declined.want(declined.post(form, "action=decline", "reason=no_capacity"), 303)
	}
	if location := declined.post(form, "action=decline", "reason=no_capacity").Headers["Location"]; location != declined.path {
		t.Errorf("on to %q", location)
	}
	if len(declined.queue.all()) != 1 || len(declined.trail()) != 1 {
		t.Errorf("%d messages, trail %v", len(declined.queue.all()), declined.trail())
	}
}
