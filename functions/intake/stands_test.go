package intake_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

// shows tells whether a text is on a page, whose signs are escaped.
func shows(body, text string) bool {
	return strings.Contains(strings.ReplaceAll(body, "&#39;", "'"), text)
}

// TestTheTopOfThePageIsTrueOnceNobodyIsToAnswer: who has nobody left is told so, and what they can do.
func TestTheTopOfThePageIsTrueOnceNobodyIsToAnswer(t *testing.T) {
	for _, test := range []struct {
		name    string
		first   store.Answer
		second  store.Answer  // no state: still to be told, with a digest
		waiting bool          // for a place, of a third
		later   time.Duration // after the answers
		stands  string
	}{
		{"nobody answered", store.Answer{State: referral.Expired}, store.Answer{State: referral.Expired}, false, 25 * time.Hour, page.StandsUnanswered},
		{"nobody can help", store.Answer{State: referral.Declined, Reason: "not_eligible"}, store.Answer{State: referral.Declined, Reason: "other"}, true, 0, page.StandsRefused},
		{"one can't, one did not answer", store.Answer{State: referral.Declined, Reason: "not_eligible"}, store.Answer{State: referral.Expired}, false, 25 * time.Hour, page.StandsRefused},
		{"another one is looked for", store.Answer{State: referral.Declined, Reason: "no_capacity"}, store.Answer{State: referral.Declined, Reason: "other"}, false, 0, page.StandsSought},
		{"nobody answered just now", store.Answer{State: referral.Expired}, store.Answer{State: referral.Expired}, false, time.Hour, page.StandsSought},
		{"one takes care", store.Answer{State: referral.Accepted}, store.Answer{State: referral.Expired}, false, 0, page.StandsAccepted},
		{"one helped", store.Answer{State: referral.Done, Outcome: "helped"}, store.Answer{State: referral.Declined, Reason: "other"}, false, 0, page.StandsOver},
		{"one never said", store.Answer{State: referral.Expired, Reason: referral.NoOutcome}, store.Answer{State: referral.Declined, Reason: "other"}, false, 0, page.StandsOver},
		{"taken back", store.Answer{State: referral.Withdrawn, Reason: referral.NotSaid}, store.Answer{State: referral.Withdrawn, Reason: referral.NotSaid}, false, 0, page.StandsTakenBack},
		{"one is still to be told", store.Answer{State: referral.Expired}, store.Answer{}, false, 0, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			taken := w.take(asJSON, personal)
			body := w.ends(taken, test.waiting, test.later, test.first, test.second)
			say := locale.For("en")
			for _, code := range page.Standings {
				for _, key := range []string{"status.state." + code, "status.next." + code} {
					if shows(body, say.T(key)) != (code == test.stands) {
						t.Errorf("the top says %q: %t", key, code != test.stands)
					}
				}
			}
			if old := say.T("status.next.notified"); shows(body, old) != (test.stands == "") {
				t.Errorf("look again on days that are written below: %t", test.stands != "")
			}
			if test.stands == "" && !shows(body, "Some organizations below get one e-mail a day from us.") {
				t.Error("the top does not say who is still to be told")
			}
			alone := test.stands == page.StandsUnanswered || test.stands == page.StandsRefused
			if shows(body, say.T("status.next.again")) != alone || shows(body, say.T("status.next.urgent")) != (alone || test.stands == page.StandsSought) {
				t.Error("the top does not say what somebody without help can do, or says it to somebody else")
			}
			if shows(body, say.T("status.next.no_place")) != test.waiting {
				t.Errorf("that a place is waited for: %t", !test.waiting)
			}
		})
	}
}

// ends has two organizations asked for two needs, and answer, and gives the page.
func (w *world) ends(taken accepted, waiting bool, later time.Duration, answers ...store.Answer) string {
	w.t.Helper()
	var matches []match.Match
	var mails []store.Mail
	var asked []string
	found := assessment.Assessment{Region: "ES-GR"}
	for _, service := range w.handler.Pack.Services {
		if service.Immerse.Authority == "" || slices.Contains(asked, service.Immerse.Authority) {
			continue
		}
		need, n := "health", len(asked)
		switch {
		case n == len(answers) && waiting:
			found.Waiting = []string{service.ID}
		case n >= len(answers):
			continue
		case n > 0:
			need = "language"
		}
		asked = append(asked, service.Immerse.Authority)
		matches = append(matches, match.Match{Service: service.ID, Need: need, Verdict: eligibility.True})
		if n < len(answers) {
			mail := store.Mail{ID: store.ReferralID(service.Immerse.Authority, 0), State: store.MailSent, At: at, Attempts: 1}
			if answers[n].State == "" {
				mail.State = store.MailWaiting
			}
			mails = append(mails, mail)
		}
	}
	found.Result = match.Result{Catalogue: "v1", Matches: matches}
	w.settled(taken, found, store.Posting{Over: true, Mails: mails, Notified: &store.HandOver{At: at, Sent: len(mails)}})
	for i, answer := range answers {
		if answer.State == "" {
			continue
		}
		answer.At, answer.Act = at, "one"
		step := store.Step{Reference: taken.Reference, Authority: asked[i], Found: w.sent(taken), Audit: store.Audit{At: at, Actor: "authority", Action: string(answer.State) + ":" + asked[i]}}
		if err := w.store.Answer(w.t.Context(), step, answer); err != nil {
			w.t.Fatal(err)
		}
	}
	w.handler.Now = func() time.Time { return at.Add(later) }
	return w.status(asBrowser, "reference", taken.Reference, "secret", taken.Secret, "language", "en", "action", "show").Body
}

// TestTheTrailSaysWhoElseWasWrittenTo: it is read off the ledger, with the name of whoever is behind an authority, and is not forgotten
// when the request has ended.
func TestTheTrailSaysWhoElseWasWrittenTo(t *testing.T) {
	w := newWorld(t)
	pack := w.handler.Pack
	i := slices.IndexFunc(pack.Services, func(s hsds.Service) bool {
		o, ok := pack.Organization(s.Immerse.Authority)
		return ok && o.Immerse != nil && o.Immerse.Fallback != "" && o.ParentOrganizationID == ""
	})
	if i < 0 {
		t.Fatal("nobody has a fallback")
	}
	service := pack.Services[i]
	authority, _ := pack.Organization(service.Immerse.Authority)
	behind := slices.IndexFunc(pack.Organizations, func(o hsds.Organization) bool {
		return o.Immerse != nil && o.Immerse.Inbox == authority.Immerse.Fallback
	})
	taken := w.take(asJSON, personal)
	began := store.Mail{ID: store.ReferralID(authority.ID, 0), State: store.MailSent, At: at, Attempts: 1}
	mails := []store.Mail{began}
	for n, due := range []string{events.Remind, events.Escalate} {
		mails = append(mails, store.Mail{ID: began.Follow(due), State: store.MailSent, At: at.AddDate(0, 0, n+1), Attempts: 1})
	}
	w.settled(taken, assessment.Assessment{Region: "ES-GR", Result: match.Result{Catalogue: "v1", Matches: []match.Match{{
		Service: service.ID, Need: "health", Verdict: eligibility.True,
	}}}}, store.Posting{Over: true, Mails: mails, Notified: &store.HandOver{At: at, Sent: 3}})
	w.decided(taken, referral.Expired, "", "")
	name := `<bdi lang="es">` + authority.Name + `</bdi>`
	other := `<bdi lang="es">` + pack.Organizations[behind].Name + `</bdi>`
	body := w.status(asBrowser, "reference", taken.Reference, "secret", taken.Secret, "language", "en", "action", "show").Body
	for _, want := range []string{
		"<li>23/11/2026: We reminded them: " + name + "</li>",
		"<li>24/11/2026: They did not answer in time, so we also wrote to whoever is behind them: " + name + " → " + other + "</li>",
		"<p>They did not answer in time. On 24/11/2026 we also wrote to whoever is behind them. " + other + "</p>",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not say %q:\n%s", want, body)
		}
	}
	held := decode[struct{ Audit []store.Audit }](t, w.status(asBrowser, "reference", taken.Reference, "secret", taken.Secret, "action", "export").Body)
	for action, day := range map[string]time.Time{"reminded:" + authority.ID: at.AddDate(0, 0, 1), "escalated:" + authority.ID: at.AddDate(0, 0, 2)} {
		if !slices.ContainsFunc(held.Audit, func(line store.Audit) bool { return line.Action == action && line.At.Equal(day) }) {
			t.Errorf("the download has no %s: %+v", action, held.Audit)
		}
	}
}
