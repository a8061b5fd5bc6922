package intake_test

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// hiddenIn gives what a page's form would send.
func hiddenIn(t *testing.T, page string) url.Values {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	values := url.Values{}
	for node := range root.Descendants() {
		attributes := map[string]string{}
		for _, a := range node.Attr {
			attributes[a.Key] = a.Val
		}
		if node.Data == "input" && attributes["type"] == "hidden" {
			values.Add(attributes["name"], attributes["value"])
		}
	}
	return values
}

// Without a script the answers are shown first, and nothing is kept. From that page a double tap is one application.
func TestAFormWithoutAScriptIsCheckedAndSentOnce(t *testing.T) {
	w := newWorld(t)
	shown := w.post(asBrowser, leastForm+"&review=check")
	if shown.StatusCode != 200 || len(w.queue.subjects()) != 0 || len(shown.Cookies) != 0 {
		t.Fatalf("%d, %d messages: %s", shown.StatusCode, len(w.queue.subjects()), shown.Body)
	}
	again := hiddenIn(t, shown.Body)
	if again.Get("idempotency_key") == "" || again.Has("review") {
		t.Fatalf("the page sends %v", again)
	}
	first, second := w.post(asBrowser, again.Encode()), w.post(asBrowser, again.Encode())
	if first.StatusCode != 303 || first.Headers["Location"] != second.Headers["Location"] || first.Cookies[0] != second.Cookies[0] {
		t.Errorf("tapped twice: %d %v, %d %v", first.StatusCode, first.Headers, second.StatusCode, second.Headers)
	}
	if n := len(w.queue.subjects()); n != 1 {
		t.Errorf("tapped twice, %d messages", n)
	}
}

func TestAnswersCanBeChangedBeforeTheyAreSent(t *testing.T) {
	w := newWorld(t)
	answer := w.post(asBrowser, leastForm+"&review=change&idempotency_key=k&message=kept")
	if answer.StatusCode != 200 || len(w.queue.subjects()) != 0 {
		t.Fatalf("%d, %d messages", answer.StatusCode, len(w.queue.subjects()))
	}
	if !strings.Contains(answer.Body, ">kept</textarea>") || hiddenIn(t, answer.Body).Get("idempotency_key") != "k" {
		t.Errorf("the form comes back as %s", answer.Body)
	}
}

// What is wrong is said at once, not after the answers were checked; and a program's post is taken as it is.
func TestOnlyABrowsersGoodFormIsShownToBeChecked(t *testing.T) {
	w := newWorld(t)
	if answer := w.post(asBrowser, "kind=support&language=es&review=check"); answer.StatusCode != 422 {
		t.Errorf("a form with mistakes: %d", answer.StatusCode)
	}
	program := headers{"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
	if answer := w.post(program, leastForm+"&review=check"); answer.StatusCode != 201 {
		t.Errorf("a program's: %d %s", answer.StatusCode, answer.Body)
	}
}

// Another site's page can make a browser post: nothing comes of it.
func TestAnotherSitesFormIsRefused(t *testing.T) {
	w := newWorld(t)
	for _, from := range []headers{{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"sec-fetch-site": "", "origin": "https://evil.example"}} {
		answer := w.post(asBrowser.and(from), leastForm)
		if answer.StatusCode != 403 || len(w.queue.subjects()) != 0 || len(answer.Cookies) != 0 {
			t.Errorf("%v: %d, %d messages", from, answer.StatusCode, len(w.queue.subjects()))
		}
	}
	for _, from := range []headers{{"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "", "origin": w.handler.BaseURL}, {"sec-fetch-site": "", "origin": "null"}, {"sec-fetch-site": ""}} {
		if answer := w.post(asBrowser.and(from), leastForm); answer.StatusCode != 303 {
			t.Errorf("%v: %d", from, answer.StatusCode)
		}
	}
}

// A page's script gets data, and the cookie that lets the browser show the page with the secret: no program needs it.
func TestAScriptsPostIsGivenTheWayToTheConfirmation(t *testing.T) {
	w := newWorld(t)
	script := headers{"content-type": "application/x-www-form-urlencoded", "accept": "application/json", "sec-fetch-site": "same-origin"}
	answer := w.post(script, leastForm)
	if !strings.Contains(answer.Body, `"picture":{"size":`) { // which it shows where there is no connection
		t.Errorf("no picture of the codes: %s", answer.Body)
	}
	if answer.StatusCode != 201 || len(answer.Cookies) != 1 || !strings.Contains(answer.Cookies[0], "Path="+answer.Headers["Location"]+"/confirmation") {
		t.Fatalf("%d %v %v", answer.StatusCode, answer.Headers, answer.Cookies)
	}
	cookie, _, _ := strings.Cut(answer.Cookies[0], ";")
	page := w.do("GET", answer.Headers["Location"]+"/confirmation", asBrowser.and(headers{"cookie": cookie}), "")
	if secret := strings.TrimPrefix(cookie, "immerse_secret="); page.StatusCode != 200 || !strings.Contains(page.Body, secret) || !strings.Contains(page.Body, `<svg viewBox="0 0 4`) {
		t.Errorf("%d: %s", page.StatusCode, page.Body)
	}
	if where := `<bdi dir="ltr">` + strings.TrimPrefix(w.handler.BaseURL, "https://") + "/status</bdi>"; !strings.Contains(page.Body, where) {
		t.Errorf("who has the page on paper doesn't know where to go: no %s", where)
	}
	if answer := w.post(asJSON, least); len(answer.Cookies) != 0 {
		t.Error("a program is given a cookie")
	}
}

// TestHostileForms: ten thousand fields, a script in every field, signs that are none: nothing is kept, nothing is shown raw.
func TestHostileForms(t *testing.T) {
	script := "<script>alert(1)</script>"
	everywhere := url.Values{}
	for _, name := range strings.Fields("kind language consent.processing consent.sharing consent.version residence.region residence.municipality " +
		"residence.months_in_country needs urgency message legal_status birth_year gender household.adults household.children registrations languages.0.code " +
		"languages.0.level education occupation contact.name contact.email contact.phone started_at idempotency_key review") {
		everywhere.Set(name, script)
	}
	for name, body := range map[string]string{
		"ten thousand fields": leastForm + strings.Repeat("&a=1", 10_000),
		"one field often":     leastForm + strings.Repeat("&needs=health", 400),
		"a script everywhere": everywhere.Encode(),
		"scripts as names":    leastForm + "&" + url.QueryEscape(script) + "=1",
		"not a form":          "%zz=%",
		"broken text":         leastForm + "&message=%ff%fe",
	} {
		w := newWorld(t)
		answer := w.post(asBrowser, body)
		if answer.StatusCode < 400 || answer.StatusCode >= 500 || len(w.queue.subjects()) != 0 || len(answer.Cookies) != 0 {
			t.Errorf("%s: %d, %d messages", name, answer.StatusCode, len(w.queue.subjects()))
		}
		if strings.Contains(answer.Body, script) {
			t.Errorf("%s: the answer has it raw", name)
		}
	}
}

// Whoever offers help isn't told that we look for services for them.
func TestTheConfirmationSaysWhatHappensWithThisKindOfForm(t *testing.T) {
	for kind, want := range map[string]string{"support": "look for services", "volunteer": "look for organizations that need help"} {
		w := newWorld(t)
		answer := w.post(asBrowser, strings.NewReplacer("kind=support", "kind="+kind, "language=es", "language=en").Replace(leastForm))
		cookie, _, _ := strings.Cut(answer.Cookies[0], ";")
		location, _, _ := strings.Cut(answer.Headers["Location"], "?")
		if page := w.do("GET", location, asBrowser.and(headers{"cookie": cookie}), ""); !strings.Contains(page.Body, want) {
			t.Errorf("%s: the confirmation doesn't say %q", kind, want)
		}
	}
}
