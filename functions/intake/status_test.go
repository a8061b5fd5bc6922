package intake_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	lambdaevents "github.com/aws/aws-lambda-go/events"

	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/workdays"
)

// status posts a form of the status page.
func (w *world) status(given headers, pairs ...string) lambdaevents.APIGatewayV2HTTPResponse {
	w.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	answer := w.do("POST", "/status", given, form.Encode())
	if form.Get("action") != "export" && !strings.HasPrefix(answer.Headers["Content-Type"], "text/html") {
		w.t.Errorf("the status page answers people with %s", answer.Headers["Content-Type"])
	}
	return answer
}

func TestTheStatusPageAsks(t *testing.T) {
	w := newWorld(t)
	answer := w.do("GET", "/status?reference=ES-7K3M-9QXT-40AB&lang=ar", headers{}, "")
	if answer.StatusCode != 200 || !strings.Contains(answer.Body, "ES-7K3M-9QXT-40AB") || !strings.Contains(answer.Body, `lang="ar"`) {
		t.Errorf("status %d\n%s", answer.StatusCode, answer.Body)
	}
	script := w.do("GET", "/status?reference="+url.QueryEscape(`"><script>alert(1)</script>`+"\xff"), headers{}, "")
	if strings.Contains(script.Body, "<script>alert") {
		t.Error("markup comes back as it is")
	}
}

func TestAPersonFollowsExportsAndErasesOnTheStatusPage(t *testing.T) {
	w := newWorld(t)
	taken := w.take(asJSON, personal)
	w.matched(taken)
	mine := []string{"reference", strings.ReplaceAll(taken.Reference, "-", " "), "secret", strings.ToLower(taken.Secret), "language", "en"}

	shown := w.status(asBrowser, append(mine, "action", "show")...)
	if shown.StatusCode != 200 || !strings.Contains(shown.Body, taken.Reference) || shown.Headers["Content-Language"] != "en" {
		t.Fatalf("status %d", shown.StatusCode)
	}
	export := w.status(asBrowser, append(mine, "action", "export")...)
	if export.StatusCode != 200 || !strings.Contains(export.Body, "CANARY-message") {
		t.Errorf("export: %d", export.StatusCode)
	}
	if asked := w.status(asBrowser, append(mine, "action", "erase", "language", "en")...); asked.StatusCode != 422 ||
		!strings.Contains(asked.Body, `aria-describedby="erase-hint erase-problem" aria-invalid="true"`) || strings.Count(asked.Body, "Nothing was erased.") != 2 {
		t.Errorf("erase without confirming: %d\n%s", asked.StatusCode, asked.Body)
	}
	w.mustOpen(taken)
	if erased := w.status(asBrowser, append(mine, "action", "erase", "confirm", "yes")...); erased.StatusCode != 200 {
		t.Errorf("erase: %d", erased.StatusCode)
	}
	w.mustBeErased(taken)
	for _, action := range []string{"show", "export"} {
		if gone := w.do("POST", "/status", asBrowser, url.Values{"reference": {taken.Reference}, "secret": {taken.Secret}, "action": {action}}.Encode()); gone.StatusCode != 410 {
			t.Errorf("%s after erasure: %d", action, gone.StatusCode)
		}
	}
}

func TestTheStatusPageGivesNothingAwayToOthers(t *testing.T) {
	w := newWorld(t)
	taken := w.take(asJSON, personal)
	wrong := w.status(asBrowser, "reference", taken.Reference, "secret", "0000-0000-0000-0000-0000")
	unknown := w.status(asBrowser, "reference", "ES-0000-0000-0000", "secret", taken.Secret)
	if wrong.StatusCode != 404 || strings.ReplaceAll(wrong.Body, taken.Reference, "ES-0000-0000-0000") != unknown.Body {
		t.Errorf("wrong secret %d, unknown reference %d, and the pages differ", wrong.StatusCode, unknown.StatusCode)
	}
	if says := locale.For("en").T("error.no_case"); !strings.Contains(w.status(asBrowser, "reference", "ES-0000-0000-0000", "secret", taken.Secret, "language", "en").Body, strings.ReplaceAll(says, "'", "&#39;")) {
		t.Errorf("the page does not say %q", says)
	}
	if empty := w.status(asBrowser, "reference", taken.Reference); empty.StatusCode != 422 {
		t.Errorf("no secret: %d", empty.StatusCode)
	}
}

func TestPostsFromOtherSitesAreRefused(t *testing.T) {
	w := newWorld(t)
	taken := w.take(asJSON, personal)
	form := headers{"content-type": "application/x-www-form-urlencoded"}
	for _, test := range []struct {
		given headers
		ok    bool
	}{
		{headers{"sec-fetch-site": "same-origin", "origin": "null"}, true}, // ours: its pages send no referrer
		{headers{"sec-fetch-site": "none"}, true},
		{headers{"origin": base}, true},
		{headers{"origin": "null"}, true},
		{headers{}, true},
		{headers{"sec-fetch-site": "cross-site", "origin": base}, false},
		{headers{"sec-fetch-site": "same-site"}, false},
		{headers{"origin": "https://evil.example"}, false},
		{headers{"origin": "https://immerse.example.evil.example"}, false},
		{headers{"origin": "http://immerse.example"}, false},
		{headers{"origin": "://"}, false},
	} {
		answer := w.status(form.and(test.given), "reference", taken.Reference, "secret", taken.Secret)
		if (answer.StatusCode == 200) != test.ok || !test.ok && answer.StatusCode != 403 {
			t.Errorf("%v: status %d", test.given, answer.StatusCode)
		}
	}
}

// TestWhatWaitsForAPlace is not said to have one, nor anybody to have been written to.
func TestWhatWaitsForAPlace(t *testing.T) {
	w := newWorld(t)
	taken := w.take(asJSON, personal)
	full := w.handler.Pack.Services[0].ID
	w.settled(taken, assessment.Assessment{Region: "ES-GR", Waiting: []string{full}, Result: match.Result{Catalogue: "v1", Matches: []match.Match{{
		Service: full, Need: "health", Verdict: eligibility.True, Reasons: []eligibility.Reason{{Code: "places_available"}, {Code: "online"}},
	}}}}, store.Posting{
		Mails: []store.Mail{{ID: "receipt", State: store.MailSent, At: at, Attempts: 1}}, Over: true, Notified: &store.HandOver{At: at, Sent: 1},
	})

	page := w.status(asBrowser, "reference", taken.Reference, "secret", taken.Secret, "language", "en", "action", "show").Body
	if !strings.Contains(page, "There is no free place now.") || strings.Contains(page, "They have free places.") {
		t.Errorf("the page does not say how things are:\n%s", page)
	}
	if !strings.Contains(page, "We have not written to any organization yet.") || strings.Contains(page, "The organizations that we have written to") {
		t.Errorf("the page says that somebody was written to:\n%s", page)
	}
	if strings.Contains(page, locale.For("en").T("status.trail.notified")) {
		t.Errorf("what happened with the case has mails that nobody got:\n%s", page)
	}
	answer := w.do("GET", path+"/"+taken.Reference, headers{"authorization": "Bearer " + taken.Secret}, "").Body
	if !strings.Contains(answer, `"waiting":true`) || !strings.Contains(answer, `"online"`) || strings.Contains(answer, "places_available") {
		t.Errorf("the interface says otherwise: %s", answer)
	}
}

// TestWhoIsToldWithADigest is not said to have been written to: the page says by which day it is.
func TestWhoIsToldWithADigest(t *testing.T) {
	w := newWorld(t)
	taken := w.take(asJSON, personal)
	service := w.handler.Pack.Services[0]
	waits := store.Mail{ID: store.ReferralID(service.Immerse.Authority, 0), State: store.MailWaiting, At: at, Attempts: 1}
	w.settled(taken, assessment.Assessment{Region: "ES-GR", Result: match.Result{Catalogue: "v1", Matches: []match.Match{{
		Service: service.ID, Need: "health", Verdict: eligibility.True,
	}}}}, store.Posting{Mails: []store.Mail{waits}, Over: true, Notified: &store.HandOver{At: at, Waiting: 1}})
	calendar, err := workdays.New(w.handler.Pack)
	if err != nil {
		t.Fatal(err)
	}
	say := locale.For("en")
	for name, now := range map[string]time.Time{"before it goes": at, "after it should have gone": at.AddDate(0, 0, 10)} {
		w.handler.Now = func() time.Time { return now }
		day := calendar.NextAt(now, "ES-GR", w.handler.Pack.DigestAt())
		page := w.status(asBrowser, "reference", taken.Reference, "secret", taken.Secret, "language", "en", "action", "show").Body
		if want := say.T("status.referral.waiting", "date", say.Date(day)); !strings.Contains(page, want) {
			t.Errorf("%s: the page does not say %q:\n%s", name, want, page)
		}
		if want := say.T("status.state.waiting", "date", say.Date(day)); !strings.Contains(page, want) || strings.Contains(page, say.T("status.state.notified")) {
			t.Errorf("%s: the top of the page does not say %q:\n%s", name, want, page)
		}
		if strings.Contains(page, say.T("status.notified")) || strings.Contains(page, say.T("status.trail.notified")) || strings.Contains(page, "They should answer by") {
			t.Errorf("%s: the page says that they were written to", name)
		}
	}
}

// TestWhomAServiceIsForInWords is shown instead of "open to everyone" when that is all that is known of it.
func TestWhomAServiceIsForInWords(t *testing.T) {
	w := newWorld(t)
	taken := w.take(asJSON, personal)
	service := &w.handler.Pack.Services[0]
	service.Immerse.Eligibility, service.EligibilityDescription = nil, "Víctimas de <b>trata</b>"
	w.facts[""] = published.OfPack(w.handler.Pack)
	w.settled(taken, assessment.Assessment{Region: "ES-GR", Result: match.Result{Matches: []match.Match{{
		Service: service.ID, Need: "health", Verdict: eligibility.True, Reasons: []eligibility.Reason{{Code: "open_to_all"}, {Code: "online"}},
	}}}}, store.Posting{Over: true, Notified: &store.HandOver{At: at}})

	page := w.status(asBrowser, "reference", taken.Reference, "secret", taken.Secret, "language", "en", "action", "show").Body
	if !strings.Contains(page, `who it is for: <bdi lang="es">Víctimas de &lt;b&gt;trata&lt;/b&gt;</bdi>`) {
		t.Errorf("the page does not say whom it is for:\n%s", page)
	}
	if strings.Contains(page, "Open to everyone.") || strings.Contains(page, "you meet the conditions") {
		t.Errorf("the page says that it is open to everyone:\n%s", page)
	}
	answer := w.do("GET", path+"/"+taken.Reference, headers{"authorization": "Bearer " + taken.Secret}, "").Body
	if !strings.Contains(answer, `"eligibility_description"`) || strings.Contains(answer, "open_to_all") {
		t.Errorf("the interface says otherwise: %s", answer)
	}
}

// A case is read in any language: what asks for another one holds the codes in a form, and no link or address does.
func TestTheCaseIsReadInAnyLanguage(t *testing.T) {
	w := newWorld(t)
	taken := w.take(asJSON, personal)
	w.matched(taken)
	for _, lang := range locale.Languages() {
		answer := w.status(asBrowser, "reference", taken.Reference, "secret", taken.Secret, "language", lang, "action", "show")
		before, _, _ := strings.Cut(answer.Body, "<main")
		_, change, _ := strings.Cut(before, `<nav class="languages"`)
		if answer.StatusCode != 200 || !strings.Contains(change, `value="`+taken.Secret+`"`) || !strings.Contains(change, `method="post" action="/status"`) || strings.Contains(change, "href") {
			t.Errorf("%s: %d, with %s", lang, answer.StatusCode, change)
		}
		for _, other := range locale.Languages() {
			if want := `<button name="language" value="` + other + `" lang="` + other + `"`; !strings.Contains(change, want) {
				t.Errorf("%s doesn't lead to %s", lang, other)
			}
		}
		if !strings.Contains(change, `value="`+lang+`" lang="`+lang+`" aria-current="true"`) || !strings.Contains(strings.ReplaceAll(answer.Body, "&#39;", "'"), locale.For(lang).T("status.trail")) {
			t.Errorf("%s: the page isn't in its language, or doesn't say in which it is", lang)
		}
	}
	if wrong := w.status(asBrowser, "reference", taken.Reference, "secret", "0000-0000-0000-0000-0000"); strings.Contains(wrong.Body, "0000-0000") {
		t.Error("a wrong secret comes back")
	}
}
