package intake_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

// ledger is what the store has of a case's mails, with the organization that w.matched has written to.
func (w *world) ledger(taken accepted) (store.Ledger, string) {
	w.t.Helper()
	found, err := w.store.Application(w.t.Context(), taken.Reference)
	if err != nil {
		w.t.Fatal(err)
	}
	return found.Ledger, w.handler.Pack.Services[0].Immerse.Authority
}

func TestThePageSaysWhereTheCaseIsWithEachOrganization(t *testing.T) {
	w := newWorld(t)
	taken := w.take(asJSON, personal)
	w.matched(taken)
	show := func() string {
		return w.status(asBrowser, "reference", taken.Reference, "secret", taken.Secret, "language", "en", "action", "show").Body
	}
	wants := func(when string, texts ...string) {
		t.Helper()
		page := show()
		for _, text := range texts {
			if !strings.Contains(page, text) {
				t.Errorf("%s: the page doesn't say %q", when, text)
			}
		}
	}
	// Sunday, and ten working days of a ministry: Monday 23 November is the first, Friday 4 December the last.
	organization, _ := w.handler.Pack.Organization(w.handler.Pack.Services[0].Immerse.Authority)
	wants("written to", "We have written to them. They have not answered yet.", organization.Name, "They should answer by 4/12/2026.",
		"What you could add for a surer answer", "Year of birth: 1 service")
	_, authority := w.ledger(taken)
	id := store.ReferralID(authority, 0)
	if err := w.store.Hear(t.Context(), taken.Reference, []store.Report{{Mail: id, Fact: referral.Arrived, At: at}}); err != nil {
		t.Fatal(err)
	}
	wants("arrived", "Our e-mail has reached them.")
	w.handler.Now = func() time.Time { return time.Date(2026, 12, 4, 23, 30, 0, 0, time.UTC) } // it is the 5th in Madrid
	wants("too late", "They should have answered by 4/12/2026.")
	w.handler.Now = func() time.Time { return at }
	ledger, _ := w.ledger(taken)
	step := store.Step{Reference: taken.Reference, Authority: authority, Found: ledger, Audit: store.Audit{At: at, Actor: "authority", Action: "accepted"}}
	if err := w.store.Answer(t.Context(), step, store.Answer{State: referral.Accepted, At: at, Act: "one"}); err != nil {
		t.Fatal(err)
	}
	wants("accepted", "They take care of your request.")
	if strings.Contains(show(), "They should answer by") {
		t.Error("somebody who has answered should still answer")
	}
}

// TestAnswersAreCorrectedWithTheForm: it has everything that was said but the agreement, and sent, it is a new case.
func TestAnswersAreCorrectedWithTheForm(t *testing.T) {
	w := newWorld(t)
	taken := w.take(asJSON, personal)
	given := []string{"reference", taken.Reference, "secret", taken.Secret, "language", "en", "action", "correct"}
	page := w.status(asBrowser, given...)
	if page.StatusCode != 200 || !strings.Contains(page.Body, "your answers in case "+taken.Reference) || strings.Contains(page.Body, taken.Secret) {
		t.Fatalf("status %d", page.StatusCode)
	}
	form := filled(t, page.Body)
	if form.Has("consent.processing") {
		t.Error("the form agrees for the person")
	}
	form.Set("consent.processing", "true")
	form.Del("review")
	answer := w.post(asForm.and(headers{"accept": "application/json"}), form.Encode())
	if answer.StatusCode != 201 {
		t.Fatalf("sent: %d %s", answer.StatusCode, answer.Body)
	}
	again := decode[accepted](t, answer.Body)
	if again.Reference == taken.Reference {
		t.Error("it is the same case")
	}
	said := func(of accepted) string {
		exported := decode[struct{ Application application.Application }](t, w.do("GET", path+"/"+of.Reference+"/export", bearer(of), "").Body).Application
		exported.Consent = application.Consent{}
		exported.Language = "" // the page's
		text, err := json.Marshal(exported)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if before, after := said(taken), said(again); before != after {
		t.Errorf("answers are lost on the way:\n%s\n%s", before, after)
	}
	w.status(asBrowser, append(given[:6], "action", "erase", "confirm", "yes")...)
	if gone := w.do("POST", "/status", asBrowser, url.Values{"reference": {taken.Reference}, "secret": {taken.Secret}, "action": {"correct"}}.Encode()); gone.StatusCode != 410 {
		t.Errorf("after erasure: %d", gone.StatusCode)
	}
}

// filled is what a browser would post of a page's form of application as it came.
func filled(t *testing.T, document string) url.Values {
	t.Helper()
	root, err := html.Parse(strings.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{}
	for node := range root.Descendants() {
		is := map[string]string{}
		for _, a := range node.Attr {
			is[a.Key] = a.Val
		}
		_, checked := is["checked"]
		switch {
		case node.Data == "input" && is["name"] != "" && (checked || is["type"] != "checkbox" && is["type"] != "radio"):
			form.Add(is["name"], is["value"])
		case node.Data == "textarea" && node.FirstChild != nil:
			form.Add(is["name"], node.FirstChild.Data)
		case node.Data == "select":
			for option := range node.Descendants() {
				for _, a := range option.Attr {
					if a.Key == "selected" {
						form.Add(is["name"], valueOf(option))
					}
				}
			}
		}
	}
	return form
}

func valueOf(option *html.Node) string {
	for _, a := range option.Attr {
		if a.Key == "value" {
			return a.Val
		}
	}
	return ""
}
