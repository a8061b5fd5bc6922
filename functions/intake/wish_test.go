package intake_test

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/events/eventstest"
	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
)

// asked is a case whose one organization was written to, with what people post to act on it.
func (w *world) asked() (taken accepted, mail string, mine func(pairs ...string) []string) {
	w.t.Helper()
	taken = w.take(asJSON, personal)
	w.matched(taken)
	mail = w.sent(taken).Referrals()[0].ID
	return taken, mail, func(pairs ...string) []string {
		return append([]string{"reference", taken.Reference, "secret", taken.Secret, "language", "en", "referral", mail}, pairs...)
	}
}

func (w *world) sent(taken accepted) store.Ledger {
	w.t.Helper()
	found, err := w.store.Application(w.t.Context(), taken.Reference)
	if err != nil {
		w.t.Fatal(err)
	}
	return found.Ledger
}

// authority begins a step of the organization.
func (w *world) authority(taken accepted, action string) store.Step {
	found := w.sent(taken)
	id, round, _ := found.Referrals()[0].Authority()
	return store.Step{
		Reference: taken.Reference, Authority: id, Round: round, Found: found,
		Audit: store.Audit{At: at, Actor: "authority", Action: action + ":" + id},
	}
}

// decided has the organization answer.
func (w *world) decided(taken accepted, state referral.State, outcome, reason string) {
	w.t.Helper()
	if err := w.store.Answer(w.t.Context(), w.authority(taken, string(state)), store.Answer{State: state, Outcome: outcome, Reason: reason, At: at, Act: string(state)}); err != nil {
		w.t.Fatal(err)
	}
}

// questioned has the organization ask something in its own words.
func (w *world) questioned(taken accepted, id, text string) {
	w.t.Helper()
	stored, err := w.store.Application(w.t.Context(), taken.Reference)
	if err != nil {
		w.t.Fatal(err)
	}
	sealed, err := w.opener(stored).Seal(vault.Dialogue, []byte(text))
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.store.Ask(w.t.Context(), w.authority(taken, "asked:other"), store.Question{ID: id, At: at, Code: "other", Text: sealed}); err != nil {
		w.t.Fatal(err)
	}
}

// opener is the referral function.
func (w *world) opener(stored store.Application) *vault.Person {
	w.t.Helper()
	keys, err := w.store.Keys(w.t.Context(), stored.KeysID)
	if err != nil {
		w.t.Fatal(err)
	}
	person, err := w.vault.Ring(w.t, vault.Referral).Person(stored.Reference, keys)
	if err != nil {
		w.t.Fatal(err)
	}
	return person
}

func TestAPersonTakesBackWhatOneOrganizationWasAsked(t *testing.T) {
	w := newWorld(t)
	taken, mail, mine := w.asked()
	if answer := w.status(asBrowser, mine("action", "withdraw")...); answer.StatusCode != 422 || w.sent(taken).Mail(mail).Answer != nil {
		t.Fatalf("without confirming: %d", answer.StatusCode)
	}
	for _, reason := range []string{"erased", "<script>"} {
		if answer := w.status(asBrowser, mine("action", "withdraw", "confirm", "yes", "reason", reason)...); answer.StatusCode != 422 || !strings.Contains(answer.Body, "Please choose one of the reasons.") {
			t.Errorf("for the reason %q: %d", reason, answer.StatusCode)
		}
	}
	for range 2 {
		answer := w.status(asBrowser, mine("action", "withdraw", "confirm", "yes", "reason", "helped_elsewhere")...)
		if answer.StatusCode != 200 || !strings.Contains(answer.Body, "This request was taken back.") {
			t.Fatalf("status %d\n%s", answer.StatusCode, answer.Body)
		}
	}
	if got := w.sent(taken).Mail(mail).Answer; got == nil || got.State != referral.Withdrawn || got.Reason != "helped_elsewhere" {
		t.Errorf("recorded %+v", got)
	}
	if len(w.told.events) != 1 {
		t.Errorf("%d messages", len(w.told.events))
	}
	_, payload, err := events.Decode(encode(t, w.told.events[0]))
	if told, ok := payload.(*events.ReferralDecidedV1); err != nil || !ok || told.Step != events.StepWithdrawn || !strings.HasSuffix(mail, told.Authority) {
		t.Errorf("told %+v, %v", payload, err)
	}
	unknown := w.status(asBrowser, "reference", taken.Reference, "secret", taken.Secret, "action", "withdraw", "confirm", "yes", "referral", "receipt")
	if unknown.StatusCode != 409 {
		t.Errorf("of what is no referral: %d", unknown.StatusCode)
	}
}

func TestAPersonTakesTheWholeCaseBack(t *testing.T) {
	w := newWorld(t)
	taken, mail, _ := w.asked()
	w.decided(taken, referral.Accepted, "", "")
	all := []string{"reference", taken.Reference, "secret", taken.Secret, "language", "en", "action", "withdraw", "confirm", "yes"}
	for range 2 {
		answer := w.status(asBrowser, all...)
		if answer.StatusCode != 200 || !strings.Contains(answer.Body, "You took this case back on") || strings.Contains(answer.Body, "Take my whole case back") {
			t.Fatalf("status %d\n%s", answer.StatusCode, answer.Body)
		}
	}
	if got := w.sent(taken).Mail(mail).Answer; got.State != referral.Withdrawn || got.Reason != referral.NotSaid {
		t.Errorf("the referral: %+v", got)
	}
	if len(w.told.events) != 1 || w.told.events[0].Type != "eu.immerse.application.withdrawn.v1" {
		t.Errorf("told %+v", w.told.events)
	}
	w.mustOpen(taken) // it is not erased
}

// TestAPersonAnswersAQuestion in words that only they and the organization can read; once.
func TestAPersonAnswersAQuestion(t *testing.T) {
	w := newWorld(t)
	taken, mail, mine := w.asked()
	w.questioned(taken, "q1", "Can you come?\n<script>alert(1)</script>")
	shown := w.status(asBrowser, mine("action", "show")...).Body
	if !strings.Contains(shown, "Can you come?\n&lt;script&gt;alert(1)&lt;/script&gt;") || strings.Contains(shown, "<script>alert") {
		t.Fatalf("the question is not shown as it should:\n%s", shown)
	}
	long := strings.Repeat("ش", page.MostReplyLetters+1)
	for _, text := range []string{"", " \n\x00", long} {
		answer := w.status(asBrowser, mine("action", "reply", "question", "q1", "text", text)...)
		if answer.StatusCode != 422 || text == long && !strings.Contains(answer.Body, long) {
			t.Errorf("%.10q: %d", text, answer.StatusCode)
		}
	}
	if len(w.told.events) != 0 || w.sent(taken).Mail(mail).Questions[0].Reply != nil {
		t.Fatal("something came of a refused answer")
	}
	canary := "CANARY </textarea><script>alert(2)</script>\nنعم"
	answer := w.status(asBrowser, mine("action", "reply", "question", "q1", "text", canary)...)
	if answer.StatusCode != 200 || strings.Contains(answer.Body, "<script>alert") || !strings.Contains(answer.Body, "نعم") {
		t.Fatalf("status %d\n%s", answer.StatusCode, answer.Body)
	}
	again := w.status(asBrowser, mine("action", "reply", "question", "q1", "text", "something else")...)
	if again.StatusCode != 409 || !strings.Contains(again.Body, "نعم") {
		t.Errorf("again: %d", again.StatusCode)
	}
	stored, err := w.store.Application(t.Context(), taken.Reference)
	if err != nil {
		t.Fatal(err)
	}
	reply := stored.Ledger.Mail(mail).Questions[0].Reply
	if strings.Contains(string(reply.Text), "CANARY") {
		t.Error("the answer is not sealed")
	}
	read, err := w.opener(stored).Open(vault.Dialogue, reply.Text)
	if err != nil || string(read) != canary {
		t.Errorf("the organization reads %q, %v", read, err)
	}
	if found := leaks(w.log.String() + string(encode(t, w.told.events[0]))); len(found) > 0 {
		t.Errorf("logs or messages hold %v", found)
	}
	if export := w.status(asBrowser, mine("action", "export")...).Body; !strings.Contains(export, "Can you come?") || !strings.Contains(export, "نعم") {
		t.Errorf("the download lacks question or answer: %s", export)
	}
}

func TestWhoMayNotAnswer(t *testing.T) {
	w := newWorld(t)
	taken, mail, mine := w.asked()
	w.questioned(taken, "q1", "?")
	other := w.take(asJSON, least)
	for name, test := range map[string]struct {
		given  headers
		pairs  []string
		status int
	}{
		"wrong secret":       {asBrowser, []string{"reference", taken.Reference, "secret", other.Secret, "action", "reply", "referral", mail, "question", "q1", "text", "x"}, 404},
		"another's case":     {asBrowser, []string{"reference", other.Reference, "secret", other.Secret, "action", "reply", "referral", mail, "question", "q1", "text", "x"}, 409},
		"no secret":          {asBrowser, []string{"reference", taken.Reference, "action", "withdraw", "confirm", "yes"}, 422},
		"another site":       {asBrowser.and(headers{"sec-fetch-site": "cross-site"}), mine("action", "withdraw", "confirm", "yes"), 403},
		"another site's":     {asBrowser.and(headers{"sec-fetch-site": "", "origin": "https://evil.example"}), mine("action", "reply", "question", "q1", "text", "x"), 403},
		"no form":            {asBrowser.and(headers{"content-type": "text/plain"}), mine("action", "reply", "question", "q1", "text", "x"), 415},
		"unknown question":   {asBrowser, mine("action", "reply", "question", "q2", "text", "x"), 409},
		"rating what's open": {asBrowser, mine("action", "rate", "rating", "yes"), 409},
	} {
		if answer := w.status(test.given, test.pairs...); answer.StatusCode != test.status {
			t.Errorf("%s: %d", name, answer.StatusCode)
		}
	}
	if answer := w.do("GET", "/status?"+url.Values{"reference": {taken.Reference}, "secret": {taken.Secret}, "action": {"withdraw"}, "confirm": {"yes"}}.Encode(), headers{"accept-language": "en"}, ""); strings.Contains(answer.Body, locale.For("en").T("status.referrals")) {
		t.Errorf("a GET shows a case: %d", answer.StatusCode)
	}
	if entry := w.sent(taken).Mail(mail); entry.Answer != nil || entry.Questions[0].Reply != nil || len(w.told.events) != 0 {
		t.Errorf("something came of it: %+v", entry)
	}
}

func TestAPersonSaysWhetherItHelped(t *testing.T) {
	w := newWorld(t)
	taken, mail, mine := w.asked()
	w.decided(taken, referral.Declined, "", "no_capacity")
	shown := w.status(asBrowser, mine("action", "show")...).Body
	if !strings.Contains(shown, "They have no free places or no time.") || !strings.Contains(shown, "Did this help you?") {
		t.Fatalf("the page:\n%s", shown)
	}
	for _, step := range []struct {
		rating string
		status int
	}{{"5", 422}, {"", 422}, {"yes", 200}, {"yes", 200}, {"partly", 200}, {"no", 409}} {
		if answer := w.status(asBrowser, mine("action", "rate", "rating", step.rating)...); answer.StatusCode != step.status {
			t.Errorf("%q: %d", step.rating, answer.StatusCode)
		}
	}
	if got := w.sent(taken).Mail(mail).Rating; got == nil || got.Code != "partly" {
		t.Errorf("recorded %+v", got)
	}
}

// TestWhatHasEndedIsNotShownAsAsked: where the only organization can't help, its service says so, and nothing else is promised
// below; where there is another one, that is said.
func TestWhatHasEndedIsNotShownAsAsked(t *testing.T) {
	const written, others, looked = "We have written to them.</p>", "The other services that fit are below.", "if another organization may help, we ask it"
	for _, test := range []struct {
		state          referral.State
		reason         string
		more           bool
		says           string
		others, looked bool
	}{
		{referral.Declined, "no_capacity", false, "They can&#39;t help with this.", false, true},
		{referral.Declined, "not_eligible", false, "They can&#39;t help with this.", false, false},
		{referral.Declined, "no_capacity", true, "They can&#39;t help with this.", true, true},
		{referral.Expired, "", false, "We don&#39;t wait for them any more", false, true},
		{referral.Withdrawn, referral.NotSaid, true, "This request was taken back.", false, false},
	} {
		w := newWorld(t)
		taken := w.take(asJSON, personal)
		services := w.handler.Pack.Services
		other := slices.IndexFunc(services, func(s hsds.Service) bool { return s.Immerse.Authority != services[0].Immerse.Authority })
		matches := []match.Match{{Service: services[0].ID, Need: "health", Verdict: eligibility.True}}
		if test.more {
			matches = append(matches, match.Match{Service: services[other].ID, Need: "health", Verdict: eligibility.True})
		}
		w.settled(taken, assessment.Assessment{Region: "ES-GR", Result: match.Result{Catalogue: "v1", Matches: matches}},
			store.Posting{Over: true, Mails: []store.Mail{{ID: store.ReferralID(services[0].Immerse.Authority, 0), State: store.MailSent, At: at, Attempts: 1}}})
		show := []string{"reference", taken.Reference, "secret", taken.Secret, "language", "en", "action", "show"}
		if before := w.status(asBrowser, show...).Body; !strings.Contains(before, written) || strings.Contains(before, others) {
			t.Fatalf("before it ended:\n%s", before)
		}
		w.decided(taken, test.state, "", test.reason)
		shown := w.status(asBrowser, show...).Body
		if strings.Contains(shown, written) || strings.Count(shown, test.says) != 2 {
			t.Errorf("%+v: of the service:\n%s", test, shown)
		}
		if strings.Contains(shown, others) != test.others || strings.Contains(shown, looked) != test.looked {
			t.Errorf("%+v: of others:\n%s", test, shown)
		}
	}
}

// TestTheTrailSaysWhoSawWhat in words, and when.
func TestTheTrailSaysWhoSawWhat(t *testing.T) {
	w := newWorld(t)
	taken, _, mine := w.asked()
	w.decided(taken, referral.Accepted, "", "")
	if err := w.store.Contact(t.Context(), w.authority(taken, "contact_released"), store.ContactReleased); err != nil {
		t.Fatal(err)
	}
	if err := w.store.Viewed(t.Context(), w.authority(taken, "contact_shown")); err != nil {
		t.Fatal(err)
	}
	shown := w.status(asBrowser, mine("action", "show")...).Body
	name, _ := w.facts[""].Organization(w.authority(taken, "").Authority)
	for _, want := range []string{
		"They looked at how to reach you on: 22/11/2026", "Next: they get in touch with you.",
		"<li>22/11/2026: We wrote to the organizations.</li>\n<li>22/11/2026: Accepted:",
		fmt.Sprintf(`Looked at how to reach you: <bdi lang="es">%s</bdi>`, name.Name),
	} {
		if !strings.Contains(shown, want) {
			t.Errorf("the page does not say %q:\n%s", want, shown)
		}
	}
}

// TestADeathWhileAWishIsGranted loses no message of what was written, and posting again is answered as if nothing had been.
func TestADeathWhileAWishIsGranted(t *testing.T) {
	for name, wish := range map[string]struct {
		pairs []string
		done  func(found store.Application, mail store.Mail) bool
	}{
		"one": {[]string{"action", "withdraw", "confirm", "yes"}, func(_ store.Application, mail store.Mail) bool { return mail.Answer != nil }},
		"all": {[]string{"action", "withdraw", "confirm", "yes", "referral", ""}, func(found store.Application, _ store.Mail) bool { return found.Withdrawn != nil }},
		"reply": {[]string{"action", "reply", "question", "q1", "text", "CANARY"}, func(_ store.Application, mail store.Mail) bool {
			return mail.Questions[0].Reply != nil
		}},
	} {
		ended := false
		for dieAt := 0; !ended; dieAt++ {
			w := newWorld(t)
			taken, mail, mine := w.asked()
			w.questioned(taken, "q1", "?")
			form := url.Values{}
			for pair := range slices.Chunk(mine(wish.pairs...), 2) {
				form.Set(pair[0], pair[1])
			}
			if form.Get("referral") == "" {
				form.Del("referral")
			}
			handler, m := w.dying(dieAt)
			ended = !m.run(func() {
				_, _ = handler.Handle(context.Background(), request("POST", "/status", asBrowser, form.Encode()))
			})
			found, err := w.store.Application(t.Context(), taken.Reference)
			if err != nil {
				t.Fatal(err)
			}
			before := wish.done(found, found.Ledger.Mail(mail))
			if before && len(w.told.events) == 0 {
				t.Errorf("%s, death %d: written, and nobody is told", name, dieAt)
			}
			answer := w.do("POST", "/status", asBrowser, form.Encode())
			if answer.StatusCode != 200 && (name != "reply" || !before) {
				t.Errorf("%s, death %d: again %d", name, dieAt, answer.StatusCode)
			}
			if found, err = w.store.Application(t.Context(), taken.Reference); err != nil || !wish.done(found, found.Ledger.Mail(mail)) {
				t.Errorf("%s, death %d: not done after posting again (%v)", name, dieAt, err)
			}
		}
	}
}

// TestOrganizationsAreToldOfAnErasure, and a queue that is away hinders none.
func TestOrganizationsAreToldOfAnErasure(t *testing.T) {
	for _, away := range []bool{false, true} {
		w := newWorld(t)
		taken, mail, _ := w.asked()
		w.told.broken = away
		if answer := w.do("DELETE", path+"/"+taken.Reference, bearer(taken), ""); answer.StatusCode != 204 {
			t.Fatalf("status %d", answer.StatusCode)
		}
		w.mustBeErased(taken)
		if told := len(w.told.events); told != 1 && !away {
			t.Errorf("%d messages", told)
		}
		if got := w.sent(taken).Mail(mail).Answer; got == nil || got.State != referral.Withdrawn || got.Reason != referral.Erased {
			t.Errorf("the referral: %+v", got)
		}
	}
}

func encode(t *testing.T, event events.Envelope) []byte {
	t.Helper()
	return eventstest.Encode(t, event)
}
