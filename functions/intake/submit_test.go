package intake_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/miict/immerse/events/eventstest"
	"github.com/miict/immerse/shared/store"
)

func TestAnApplicationIsTaken(t *testing.T) {
	w := newWorld(t)
	answer := w.post(asJSON, personal)
	taken := decode[accepted](t, answer.Body)
	if answer.StatusCode != 201 || answer.Headers["Location"] != path+"/"+taken.Reference {
		t.Errorf("status %d, headers %v", answer.StatusCode, answer.Headers)
	}
	if want := base + "/status?lang=ar&reference=" + taken.Reference; taken.StatusURL != want {
		t.Errorf("status_url %s, want %s", taken.StatusURL, want)
	}
	if strings.Contains(taken.StatusURL, taken.Secret) {
		t.Error("the secret is in a URL")
	}
	if len(w.queue.events) != 1 || w.queue.events[0].Subject != taken.Reference {
		t.Fatalf("messages %+v", w.queue.events)
	}
	eventstest.RequireValid(t, eventstest.Encode(t, w.queue.events[0]))
	stored, err := w.store.Application(t.Context(), taken.Reference)
	if err != nil {
		t.Fatal(err)
	}
	if stored.State != store.Received || stored.ConsentVersion != "2026-11" || !stored.SubmittedAt.Equal(at) || !slices.Equal(stored.Needs, []string{"health", "legal"}) {
		t.Errorf("stored %+v", stored)
	}
	if stored.Audit[0].Action != "consented:2026-11" {
		t.Errorf("audit %+v", stored.Audit)
	}
}

func TestJSONAndFormUnderOneKeyAreTheSameApplication(t *testing.T) {
	w := newWorld(t)
	first := w.take(asJSON.and(headers{"idempotency-key": "one"}), least)
	second := w.take(asForm.and(headers{"accept": "application/json"}), leastForm+"&idempotency_key=one&started_at=1")
	if first != second || len(w.queue.events) != 1 {
		t.Errorf("%+v and %+v, %d messages", first, second, len(w.queue.events))
	}
}

func TestAKeyWithAnotherBodyIsRefused(t *testing.T) {
	w := newWorld(t)
	key := headers{"idempotency-key": "one"}
	w.take(asJSON.and(key), least)
	answer := w.post(asJSON.and(key), strings.Replace(least, "health", "legal", 1))
	if answer.StatusCode != 409 || answer.Headers["Content-Type"] != "application/problem+json" {
		t.Errorf("status %d: %s", answer.StatusCode, answer.Body)
	}
}

func TestWithoutAKeyEachPostIsAnApplication(t *testing.T) {
	w := newWorld(t)
	if first, second := w.take(asJSON, least), w.take(asJSON, least); first.Reference == second.Reference {
		t.Error("two posts without a key became one application")
	}
}

func TestFiftyPostsAtOnceWithOneKeyAreOneApplication(t *testing.T) {
	w := newWorld(t)
	answers := make([]string, 50)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			answer := w.post(asJSON.and(headers{"idempotency-key": "one"}), personal)
			answers[i] = fmt.Sprint(answer.StatusCode, answer.Body)
		})
	}
	all.Wait()
	if different := slices.Compact(slices.Sorted(slices.Values(answers))); len(different) != 1 || !strings.HasPrefix(answers[0], "201") {
		t.Fatalf("%d different answers: %v", len(different), different)
	}
	if subjects := w.queue.subjects(); len(subjects) != 1 {
		t.Errorf("messages for %v", subjects)
	}
	taken := decode[accepted](t, strings.TrimPrefix(answers[0], "201"))
	if shown := w.do("GET", path+"/"+taken.Reference, headers{"authorization": "Bearer " + taken.Secret}, ""); shown.StatusCode != 200 {
		t.Errorf("the answer's secret does not open the case: %d %s", shown.StatusCode, shown.Body)
	}
}

func TestABrowserIsShownItsSecretOnce(t *testing.T) {
	w := newWorld(t)
	for _, given := range []headers{asForm, asBrowser} {
		answer := w.post(given, leastForm)
		location, err := url.Parse(answer.Headers["Location"])
		if answer.StatusCode != 303 || err != nil || !strings.HasSuffix(location.Path, "/confirmation") || len(answer.Cookies) != 1 {
			t.Fatalf("status %d, location %s, cookies %v", answer.StatusCode, location, answer.Cookies)
		}
		cookie, err := http.ParseSetCookie(answer.Cookies[0])
		if err != nil || !cookie.HttpOnly || !cookie.Secure || cookie.SameSite != http.SameSiteStrictMode || cookie.MaxAge != 900 || cookie.Path != location.Path {
			t.Errorf("cookie %+v", cookie)
		}
		if strings.Contains(location.String(), cookie.Value) {
			t.Error("the secret is in a URL")
		}
		shown := w.do("GET", location.String(), headers{"cookie": cookie.Name + "=" + cookie.Value}, "")
		if shown.StatusCode != 200 || !strings.Contains(shown.Body, cookie.Value) {
			t.Errorf("status %d, the secret is not on the page", shown.StatusCode)
		}
		for _, other := range []string{"", "0000-0000-0000-0000-0000"} {
			gone := w.do("GET", location.String(), headers{"cookie": cookie.Name + "=" + other}, "")
			if gone.StatusCode != 200 || strings.Contains(gone.Body, cookie.Value) || strings.Contains(gone.Body, "problem.secret_gone") {
				t.Errorf("without the cookie: status %d\n%s", gone.StatusCode, gone.Body)
			}
		}
	}
}

type badInput struct {
	name, body string
	given      headers
	status     int
	errors     []string // "field: code"
}

var badInputs = []badInput{
	{"65 KiB", `{"message":"` + strings.Repeat("x", 65<<10) + `"}`, asJSON, 413, nil},
	{"65 KiB form", "message=" + strings.Repeat("x", 65<<10), asForm, 413, nil},
	{"no type", least, headers{}, 415, nil},
	{"multipart", least, headers{"content-type": "multipart/form-data; boundary=x"}, 415, nil},
	{"another charset", least, headers{"content-type": "application/json; charset=utf-16"}, 415, nil},
	{"compressed", least, asJSON.and(headers{"content-encoding": "gzip"}), 415, nil},
	{"nothing", "", asJSON, 422, []string{": invalid_json"}},
	{"broken JSON", `{"kind":`, asJSON, 422, []string{": invalid_json"}},
	{"two bodies", least + least, asJSON, 422, []string{": invalid_json"}},
	{"a list", `[]`, asJSON, 422, []string{": wrong_type"}},
	{"invalid UTF-8", strings.Replace(least, "support", "sup\xffport", 1), asJSON, 422, []string{": invalid_utf8"}},
	{"invalid UTF-8 in a form", leastForm + "&message=%ff", asForm, 422, []string{": invalid_utf8"}},
	{"deep", strings.Repeat("[", 30000), asJSON, 422, []string{": invalid_json"}},
	{"a key twice", `{"kind":"support",` + least[1:], asJSON, 422, []string{"kind: duplicate"}},
	{"10,000 needs", strings.Replace(least, `["health"]`, `[1`+strings.Repeat(",1", 9999)+`]`, 1), asJSON, 422, []string{"needs: too_many"}},
	{"a huge number", `{"birth_year":1e999999,` + least[1:], asJSON, 422, []string{"birth_year: out_of_range"}},
	{"a future birth year", `{"birth_year":2027,` + least[1:], asJSON, 422, []string{"birth_year: out_of_range"}},
	{"CR LF in a name", `{"contact":{"name":"A\r\nBcc: b@example.org"},` + least[1:], asJSON, 422, []string{"contact.name: control_characters"}},
	{"CR LF in an address", `{"contact":{"email":"a@example.org\r\nBcc: b@example.org"},` + least[1:], asJSON, 422, []string{"contact.email: control_characters"}},
	{"NUL", leastForm + "&contact.name=A%00", asForm, 422, []string{"contact.name: control_characters"}},
	{"wrong types", `{"kind":1,"language":[],"consent":true,"residence":"here","needs":{}}`, asJSON, 422, []string{
		"residence: wrong_type", "consent: wrong_type", "kind: wrong_type", "needs: wrong_type",
		"residence.region: required", "language: wrong_type", "consent.processing: consent_required",
	}},
	{"an endless key", least, asJSON.and(headers{"idempotency-key": strings.Repeat("k", 256)}), 422, []string{"idempotency_key: too_long"}},
	{"too fast", leastForm + "&started_at=" + fmt.Sprint(at.UnixMilli()-2000), asForm, 422, []string{"started_at: too_fast"}},
}

func TestBadInputGetsEveryProblemInTheLanguageAsked(t *testing.T) {
	w := newWorld(t)
	said := map[string]map[string]bool{}
	for _, bad := range badInputs {
		for _, lang := range []string{"en", "es", "ar"} {
			answer := w.post(bad.given.and(headers{"accept-language": lang, "accept": "application/json"}), inLanguage(bad.body, lang))
			name := bad.name + " in " + lang
			if answer.StatusCode != bad.status || answer.Headers["Content-Type"] != "application/problem+json" || answer.Headers["Content-Language"] != lang {
				t.Errorf("%s: status %d, headers %v\n%.300s", name, answer.StatusCode, answer.Headers, answer.Body)
				continue
			}
			document := decode[struct {
				Type, Title, Instance string
				Errors                []struct{ Field, Code, Message string }
			}](t, answer.Body)
			var got []string
			for _, one := range document.Errors {
				got = append(got, one.Field+": "+one.Code)
				if said[one.Code] == nil {
					said[one.Code] = map[string]bool{}
				}
				said[one.Code][one.Message] = true
			}
			if !slices.Equal(got, bad.errors) || document.Title == "" || !strings.HasPrefix(document.Instance, "urn:trace:") {
				t.Errorf("%s: %v, want %v\n%s", name, got, bad.errors, answer.Body)
			}
		}
	}
	for code, messages := range said {
		if len(messages) < 3 {
			t.Errorf("%s is said alike in three languages: %v", code, messages)
		}
	}
	if len(w.queue.events) > 0 {
		t.Errorf("%d messages were sent", len(w.queue.events))
	}
}

func inLanguage(body, lang string) string {
	return strings.NewReplacer(`"language":"es"`, `"language":"`+lang+`"`, "language=es", "language="+lang).Replace(body)
}

func TestABodyInBase64IsTheSame(t *testing.T) {
	w := newWorld(t)
	event := request("POST", path, asJSON, base64.StdEncoding.EncodeToString([]byte(least)))
	event.IsBase64Encoded = true
	if answer, _ := w.handler.Handle(t.Context(), event); answer.StatusCode != 201 {
		t.Errorf("status %d: %s", answer.StatusCode, answer.Body)
	}
	event.Body = base64.StdEncoding.EncodeToString([]byte(`{"message":"` + strings.Repeat("x", 65<<10) + `"}`))
	if answer, _ := w.handler.Handle(t.Context(), event); answer.StatusCode != 413 {
		t.Errorf("too large in base64: status %d", answer.StatusCode)
	}
}

func TestABrowserGetsItsFormBackWithItsAnswers(t *testing.T) {
	w := newWorld(t)
	const script = `<script>alert(1)</script>`
	values, _ := url.ParseQuery(leastForm)
	for _, name := range []string{"contact.name", "contact.email", "contact.phone", "message", "residence.municipality", "birth_year", "occupation", "urgency", script} {
		values.Set(name, script)
	}
	values.Set("language", "ar")
	answer := w.post(asBrowser.and(headers{"accept-language": "en"}), values.Encode())
	if answer.StatusCode != 422 || !strings.HasPrefix(answer.Headers["Content-Type"], "text/html") || answer.Headers["Content-Language"] != "ar" {
		t.Fatalf("status %d, headers %v", answer.StatusCode, answer.Headers)
	}
	if strings.Contains(answer.Body, script) {
		t.Error("markup comes back as it is")
	}
	if !strings.Contains(answer.Body, "&lt;script&gt;") || !strings.Contains(answer.Body, `dir="rtl"`) {
		t.Error("the answers are not kept, or the page is not Arabic")
	}
	if !strings.Contains(answer.Headers["Content-Security-Policy"], "default-src 'none'") {
		t.Errorf("policy %s", answer.Headers["Content-Security-Policy"])
	}
}

func TestRobotsAreKeptOut(t *testing.T) {
	w := newWorld(t)
	trapped := w.post(asJSON, `{"website":"https://spam.example",`+least[1:])
	if trapped.StatusCode != 422 || !strings.Contains(trapped.Body, `"honeypot"`) || len(w.queue.events) > 0 {
		t.Errorf("a filled honeypot: %d %s, %d messages", trapped.StatusCode, trapped.Body, len(w.queue.events))
	}
	if page := w.post(asBrowser, leastForm+"&website=trap"); page.StatusCode != 422 || strings.Contains(page.Body, `value="trap"`) {
		t.Errorf("the form comes back with status %d, the field not emptied", page.StatusCode)
	}
	for _, started := range []string{"", "2026-11-22T09:29:50Z", fmt.Sprint(at.UnixMilli() - 60000), "2026-11-22T10:00:00Z", "yesterday"} {
		if answer := w.post(asForm, leastForm+"&started_at="+url.QueryEscape(started)); answer.StatusCode != 303 {
			t.Errorf("started %q: status %d", started, answer.StatusCode)
		}
	}
}

func TestUnknownPathsAndMethods(t *testing.T) {
	w := newWorld(t)
	for target, want := range map[string]struct {
		method string
		status int
		allow  string
	}{
		path:                               {"GET", 405, "POST"},
		path + "/ES-0000-0000-0000":        {"PUT", 405, "DELETE, GET"},
		path + "/ES-0000-0000-0000/export": {"POST", 405, "GET"},
		"/status":                          {"DELETE", 405, "GET, POST"},
		"/api/v1/applications/a/b/c":       {"GET", 404, ""},
		"/api":                             {"GET", 404, ""},
		"":                                 {"", 404, ""},
	} {
		answer := w.do(want.method, target, headers{}, "")
		if answer.StatusCode != want.status || answer.Headers["Allow"] != want.allow || answer.Headers["Content-Type"] != "application/problem+json" {
			t.Errorf("%s %s: %d %v", want.method, target, answer.StatusCode, answer.Headers)
		}
	}
}

func TestOurOwnFailuresSayNothingOfTheInside(t *testing.T) {
	w := newWorld(t)
	w.queue.broken = true
	answer := w.post(asJSON, personal)
	if answer.StatusCode != 503 || answer.Headers["Retry-After"] == "" || strings.Contains(answer.Body, "queue") || !strings.Contains(answer.Body, "urn:trace:") {
		t.Errorf("status %d: %s", answer.StatusCode, answer.Body)
	}
	if !strings.Contains(w.log.String(), "the queue is away") {
		t.Error("the log does not say why")
	}
	w.handler.Queue = nil // a panic
	answer = w.post(asJSON, personal)
	if answer.StatusCode != 500 || strings.Contains(answer.Body, "goroutine") || !json.Valid([]byte(answer.Body)) {
		t.Errorf("after a panic: status %d: %s", answer.StatusCode, answer.Body)
	}
	if !strings.Contains(w.log.String(), "submit.go") {
		t.Error("the log does not say where it panicked")
	}
}
