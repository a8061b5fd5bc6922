package intake_test

import (
	"encoding/json"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/published"
)

const (
	eventID   = "5f0c1b8e-2d1a-4c57-9a55-3b7f6f1d0001"
	eventPath = "/api/v1/events/" + eventID
)

// announced reads the example that operators can publish, with changes: from and to in turn.
func announced(t testing.TB, changes ...string) hsds.Service {
	t.Helper()
	text, err := os.ReadFile("../../infra/immersectl/testdata/event.json")
	if err != nil {
		t.Fatal(err)
	}
	var s hsds.Service
	if err := json.Unmarshal([]byte(strings.NewReplacer(changes...).Replace(string(text))), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// withEvent is a world whose current catalogue has one more event, at a moment.
func withEvent(t testing.TB, now string, changes ...string) *world {
	t.Helper()
	w := newWorld(t)
	moment, err := time.Parse(time.RFC3339, now)
	if err != nil {
		t.Fatal(err)
	}
	w.handler.Now = func() time.Time { return moment }
	w.store.Now = w.handler.Now
	pack := *w.handler.Pack
	pack.Services = append(slices.Clone(pack.Services), announced(t, changes...))
	w.facts["current"] = published.OfPack(&pack)
	return w
}

const inTime = "2027-05-20T10:00:00Z"

func TestTheListHasWhatComesAndNotWhatWasLongAgo(t *testing.T) {
	for now, there := range map[string]bool{
		inTime: true, "2027-06-16T18:29:00Z": true, "2027-06-16T18:30:00Z": true, "2027-07-16T18:29:00Z": true, "2027-07-16T18:31:00Z": false,
	} {
		w := withEvent(t, now)
		list := w.do("GET", "/api/v1/events?lang=ar", nil, "").Body
		if strings.Contains(list, eventPath) != there {
			t.Errorf("%s: the event is listed: %v", now, !there)
		}
		if !strings.Contains(list, "Foro para la Integración Social de los Inmigrantes") || !strings.Contains(list, "Have your say") {
			t.Errorf("%s: councils and consultations are not listed", now)
		}
		if there && !strings.Contains(list, `<time datetime="2027-06-16T18:00:00&#43;02:00">`+"الأربعاء 16/06/2027، من 18:00 إلى 20:30") {
			t.Errorf("%s: when it is isn't said in the reader's words:\n%s", now, list)
		}
	}
	w := withEvent(t, inTime)
	if here, elsewhere := w.do("GET", "/api/v1/events?region=ES-GR", nil, "").Body, w.do("GET", "/api/v1/events?region=ES-B", nil, "").Body; !strings.Contains(here, eventPath) || strings.Contains(elsewhere, eventPath) {
		t.Error("the list of a region has what is for people of another, or lacks what is for its own")
	}
	if odd := w.do("GET", "/api/v1/events?region=%3Cscript%3E&lang=xx", nil, ""); odd.StatusCode != 200 || strings.Contains(odd.Body, "<script>") {
		t.Errorf("%d", odd.StatusCode)
	}
}

// The list says of each what people must know before they go there.
func TestTheListMarksWhatIsFullClosedOrOver(t *testing.T) {
	for _, c := range []struct{ now, from, to, mark string }{
		{inTime, "", "", ""}, {inTime, `"available": 30`, `"available": 0`, "event.mark.full"}, {"2027-06-15T10:00:00Z", "", "", "event.mark.closed"},
		{"2027-06-15T10:00:00Z", `"available": 30`, `"available": 0`, "event.mark.closed"}, {"2027-06-16T18:30:00Z", "", "", "event.mark.over"},
	} {
		w := withEvent(t, c.now, c.from, c.to)
		for _, lang := range locale.Languages() {
			say := locale.For(lang)
			list := strings.ReplaceAll(w.do("GET", "/api/v1/events?lang="+lang, nil, "").Body, "&#39;", "'")
			for _, mark := range []string{"event.mark.full", "event.mark.closed", "event.mark.over", "event.mark.gone"} {
				if said := strings.Contains(list, `<strong class="tag maybe">`+say.T(mark)+"<"); said != (mark == c.mark) {
					t.Errorf("%s at %s: %s is said: %v", lang, c.now, mark, said)
				}
			}
			if past := strings.Contains(list, say.T("events.past")); past != (c.mark == "event.mark.over") {
				t.Errorf("%s at %s: what is over has a list: %v", lang, c.now, past)
			}
		}
	}
}

// An event that was called off isn't listed; who knew its page is told, and so is a calendar that asks again.
func TestAnEventThatIsCalledOff(t *testing.T) {
	w := withEvent(t, inTime, `"status": "active"`, `"status": "inactive", "last_modified": "2027-05-19T08:00:00Z"`)
	if list := w.do("GET", "/api/v1/events", nil, "").Body; strings.Contains(list, eventPath) {
		t.Error("it is listed")
	}
	for _, lang := range locale.Languages() {
		say := locale.For(lang)
		page := strings.ReplaceAll(w.do("GET", eventPath+"?lang="+lang, nil, "").Body, "&#39;", "'")
		if !strings.Contains(page, say.T("event.gone")) || strings.Contains(page, "/register?") || strings.Contains(page, "/calendar?") || !strings.Contains(page, "noindex") {
			t.Errorf("%s: the page doesn't say so, or leads further:\n%s", lang, page)
		}
		file := w.do("GET", eventPath+"/calendar?lang="+lang, nil, "").Body
		if !strings.Contains(file, "STATUS:CANCELLED\r\n") || !strings.Contains(file, "LAST-MODIFIED:20270519T080000Z\r\n") || strings.Contains(file, "VALARM") {
			t.Errorf("%s: the calendar isn't told:\n%s", lang, file)
		}
	}
	if answer := w.do("GET", eventPath+"/register?lang=en", nil, ""); answer.StatusCode != 303 {
		t.Errorf("the form answers %d", answer.StatusCode)
	}
	if answer := w.post(asJSON, registration); answer.StatusCode != 422 || !strings.Contains(answer.Body, `"code":"unknown_event"`) {
		t.Errorf("a registration: %d %s", answer.StatusCode, answer.Body)
	}
	council := withEvent(t, inTime, `"status": "active"`, `"status": "inactive"`, `"schedules": [`, `"x_schedules": [`, `"kind": "event", "registration": true, "register_by": "2027-06-15T12:00:00+02:00"`, `"kind": "council"`)
	if answer := council.do("GET", eventPath, nil, ""); answer.StatusCode != 404 {
		t.Errorf("a council that is no more: %d", answer.StatusCode)
	}
}

// Pages about nobody name themselves in every language, for readers and for search engines; what is said in another one says so.
func TestPagesOfEventsAreInEveryLanguage(t *testing.T) {
	w := withEvent(t, inTime)
	for path, query := range map[string]string{"/api/v1/events": "", eventPath: "", "/status": "", "/api/v1/events?region=ES-GR": "&amp;region=ES-GR"} {
		plain, _, _ := strings.Cut(path, "?")
		for _, lang := range locale.Languages() {
			asked, _ := url.Parse(path)
			page := w.do("GET", plain+"?"+asked.RawQuery+"&lang="+lang, nil, "").Body
			for _, other := range locale.Languages() {
				want := plain + "?lang=" + other + query + `"`
				if !strings.Contains(page, `<a href="`+want) || !strings.Contains(page, `hreflang="`+other+`" href="`+base+want) {
					t.Errorf("%s in %s doesn't lead to %s", path, lang, want)
				}
			}
			if !strings.Contains(page, `hreflang="x-default" href="`+base+plain) {
				t.Errorf("%s in %s has nothing for everybody else", path, lang)
			}
		}
	}
	for _, lang := range locale.Languages() {
		say := locale.For(lang)
		page := strings.ReplaceAll(w.do("GET", eventPath+"?lang="+lang, nil, "").Body, "&#39;", "'")
		if said := strings.Contains(page, say.T("described.language", "language", say.Language("es"))); said != (lang != "es") {
			t.Errorf("%s: it is said that the words are Spanish: %v", lang, said)
		}
	}
}

func TestThePageOfAnEvent(t *testing.T) {
	w := withEvent(t, inTime)
	for _, lang := range locale.Languages() {
		page, say := w.do("GET", eventPath+"?lang="+lang, nil, ""), locale.For(lang)
		for _, want := range []string{
			"Sala de ejemplo, Calle de Ejemplo 1, 18001 Granada", "Entrada sin escalones.", "Gratuito.", "Granada Acoge", `datetime="2027-06-16T18:00:00&#43;02:00"`,
			say.T("event.register.text"), eventPath + "/register?lang=" + lang, eventPath + "/calendar?lang=" + lang, say.Language("ar"),
		} {
			if !strings.Contains(page.Body, want) {
				t.Errorf("%s: the page doesn't have %q", lang, want)
			}
		}
	}
	for now, want := range map[string]string{
		"2027-06-15T10:00:00Z": "event.closed", "2027-06-16T18:30:00Z": "event.over",
	} {
		w := withEvent(t, now)
		page := w.do("GET", eventPath+"?lang=en", nil, "").Body
		say := locale.For("en").T(want, "date", "Tuesday 15/06/2027 12:00")
		if !strings.Contains(page, say) || strings.Contains(page, "/register?") {
			t.Errorf("%s: the page doesn't say %q, or offers to register", now, say)
		}
		if answer := w.do("GET", eventPath+"/register?lang=en", nil, ""); answer.StatusCode != 303 || answer.Headers["Location"] != eventPath+"?lang=en" {
			t.Errorf("%s: the form answers %d", now, answer.StatusCode)
		}
	}
	full := withEvent(t, inTime, `"available": 30`, `"available": 0`).do("GET", eventPath+"?lang=en", nil, "").Body
	if !strings.Contains(full, locale.For("en").T("event.full")) || !strings.Contains(full, "/register?") {
		t.Error("a full event doesn't offer the waiting list")
	}
	hostile := withEvent(t, inTime, "Sala de ejemplo", `<script>alert(1)</script>`, "Gratuito.", `\" onload=x`).do("GET", eventPath, nil, "").Body
	if strings.Contains(hostile, "<script>alert") {
		t.Error("an author's text is not escaped")
	}
	for _, path := range []string{"/api/v1/events/x", "/api/v1/events/x/register", "/api/v1/events/x/calendar", eventPath + "/x"} {
		if answer := w.do("GET", path, nil, ""); answer.StatusCode != 404 {
			t.Errorf("%s: %d", path, answer.StatusCode)
		}
	}
}

// TestTheFileForACalendar: what authors write into it is held by package calendar.
func TestTheFileForACalendar(t *testing.T) {
	w := withEvent(t, inTime)
	answer := w.do("GET", eventPath+"/calendar?lang=es", nil, "")
	if answer.StatusCode != 200 || answer.Headers["Content-Type"] != "text/calendar; charset=utf-8" {
		t.Fatalf("%d %v", answer.StatusCode, answer.Headers)
	}
	whole := strings.ReplaceAll(answer.Body, "\r\n ", "")
	for _, want := range []string{
		"UID:" + eventID + "@immerse.example\r\n", "DTSTAMP:20270520T100000Z\r\n", "DTSTART:20270616T160000Z\r\n", "DTEND:20270616T183000Z\r\n",
		`LOCATION:Sala de ejemplo\, Calle de Ejemplo 1\, 18001 Granada`, "BEGIN:VALARM\r\n", "TRIGGER:-P1D\r\n", "ACTION:DISPLAY\r\n",
		"URL:" + base + eventPath,
	} {
		if !strings.Contains(whole, want) {
			t.Errorf("the file lacks %q:\n%s", want, whole)
		}
	}
}

const registration = `{"kind":"event_registration","event":"` + eventID + `","language":"es","consent":{"processing":true},"residence":{"region":"ES-GR"}}`

func TestARegistrationIsForAnEventThatIsOpen(t *testing.T) {
	taken := withEvent(t, inTime)
	if answer := taken.post(asJSON, registration); answer.StatusCode != 201 {
		t.Fatalf("%d %s", answer.StatusCode, answer.Body)
	}
	for _, c := range []struct{ now, body, code string }{
		{"2027-06-15T10:00:00Z", registration, "event_closed"},
		{"2027-06-16T18:30:00Z", registration, "event_over"},
		{inTime, strings.Replace(registration, "3b7f6f1d0001", "3b7f6f1dffff", 1), "unknown_event"},
		{inTime, strings.Replace(registration, eventID, "<script>", 1), "unknown_event"},
		{inTime, strings.Replace(registration, eventID, "9f667138-417e-5a76-89a2-15a1dc4afd49", 1), "unknown_event"}, // a council
		{inTime, strings.Replace(registration, "ES-GR", "ES-B", 1), "event_elsewhere"},
		{inTime, strings.Replace(registration, `"event_registration"`, `"volunteer"`, 1), "unknown_field"},
	} {
		w := withEvent(t, c.now)
		answer := w.post(asJSON, c.body)
		if answer.StatusCode != 422 || !strings.Contains(answer.Body, `"field":"event","code":"`+c.code+`"`) || len(w.queue.events) > 0 {
			t.Errorf("%s: %d %s", c.code, answer.StatusCode, answer.Body)
		}
	}
	away := withEvent(t, inTime)
	delete(away.facts, "current")
	delete(away.facts, "")
	if answer := away.post(asJSON, registration); answer.StatusCode != 201 {
		t.Errorf("a form is lost because the catalogue can't be reached: %d", answer.StatusCode)
	}
}

// The answer to the same form stays the same, though registration has closed meanwhile.
func TestARegistrationThatWasTakenStaysTaken(t *testing.T) {
	w := withEvent(t, inTime)
	keyed := asJSON.and(headers{"idempotency-key": "one"})
	first := w.take(keyed, registration)
	w.handler.Now = func() time.Time { return time.Date(2027, 6, 17, 0, 0, 0, 0, time.UTC) }
	if again := w.take(keyed, registration); again != first {
		t.Errorf("%+v, then %+v", first, again)
	}
}

// The form names the event, asks nothing about it, and keeps it through a mistake and the check, with a script and without.
func TestTheFormOfARegistration(t *testing.T) {
	w := withEvent(t, inTime)
	posted := url.Values{"kind": {"event_registration"}, "language": {"en"}, "event": {eventID}, "review": {"check"},
		"residence.region": {"ES-GR"}, "consent.processing": {"true"}}
	for name, text := range map[string]string{
		"the form":  w.do("GET", eventPath+"/register?lang=en", nil, "").Body,
		"mistakes":  w.post(asBrowser, "kind=event_registration&language=en&event="+eventID).Body,
		"the check": w.post(asBrowser, posted.Encode()).Body,
	} {
		for _, want := range []string{
			`<h2 id="event"><bdi lang="es">Ejemplo: tarde de encuentro y conversación</bdi>`, "Wednesday 16/06/2027, 18:00 to 20:30", "Sala de ejemplo",
			"For people who live in: Granada", `name="event" value="` + eventID + `"`,
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q:\n%s", name, want, text)
			}
		}
		if strings.Contains(text, `id="f-needs"`) {
			t.Errorf("%s asks what the event is about", name)
		}
	}
}

// asks finds the names of what a form asks.
var asks = regexp.MustCompile(`<(?:input|select|textarea) (?:type="[a-z]+" )?id="[^"]*" name="([a-z_.]+|languages\.0\.code)"`)

// A registration's form asks what the event needs to know of people, and for regions that it is for.
func TestTheFormOfARegistrationAsksOnlyWhatTheEventNeeds(t *testing.T) {
	always := []string{"residence.region", "contact.name", "contact.email", "contact.phone", "updates", "message", "consent.processing", "consent.sharing"}
	const interpreted = `"interpretation_services": "Árabe y francés.",`
	for _, c := range []struct{ from, to, more string }{
		{interpreted, "", ""},
		{interpreted, interpreted, "languages.0.code"},
		{`"eligibility": []`, `"eligibility": [{"age":{"min":18},"gender":["female"]},{"legal_status":["refugee"]}]`, "languages.0.code birth_year gender legal_status"},
	} {
		more := strings.Fields(c.more)
		w := withEvent(t, inTime, c.from, c.to)
		form := w.do("GET", eventPath+"/register?lang=en", nil, "").Body
		asked := map[string]bool{}
		for _, found := range asks.FindAllStringSubmatch(form, -1) {
			asked[found[1]] = true
		}
		delete(asked, "website")
		for name := range asked {
			if !slices.Contains(always, name) && !slices.Contains(more, name) {
				t.Errorf("%q: %s is asked", c.more, name)
			}
		}
		for _, name := range slices.Concat(always, more) {
			if !asked[name] {
				t.Errorf("%q: %s is not asked", c.more, name)
			}
		}
		if n := strings.Count(form, `<option value="ES-`); n != 1 || !strings.Contains(form, `<option value="ES-GR">`) {
			t.Errorf("%d regions are offered of an event for one", n)
		}
	}
}

// What a device keeps of the form is the same for everybody: no key is in it, and its script finds what it needs.
func TestTheFormOfARegistrationCanBeKept(t *testing.T) {
	w := withEvent(t, inTime)
	form := w.do("GET", eventPath+"/register?lang=ar", nil, "").Body
	if again := w.do("GET", eventPath+"/register?lang=ar", nil, "").Body; again != form || strings.Contains(form, "idempotency_key") {
		t.Error("the form isn't the same twice, or has a key")
	}
	for _, want := range []string{
		`data-kind="event_registration-` + eventID + `"`, `data-rules="/assets/rules.json?v=`, `data-words="` + page.WordsURL("ar") + `"`, `name="review" value="check"`,
		`href="` + eventPath + `/register?lang=el#step-place"`, `<section class="step" id="step-place"`, `content="noindex"`,
	} {
		if !strings.Contains(form, want) {
			t.Errorf("the form lacks %q:\n%s", want, form)
		}
	}
}

// The receipt of a registration says for what it is: the address that leads there has the reference only.
func TestTheReceiptOfARegistrationNamesTheEvent(t *testing.T) {
	w := withEvent(t, inTime, "Ejemplo: tarde", "Ejemplo <b>: tarde")
	for _, lang := range locale.Languages() {
		say := locale.For(lang)
		answer := w.post(asBrowser, url.Values{"kind": {"event_registration"}, "language": {lang}, "event": {eventID},
			"residence.region": {"ES-GR"}, "consent.processing": {"true"}}.Encode())
		if answer.StatusCode != 303 || strings.Contains(answer.Headers["Location"], eventID) {
			t.Fatalf("%s: %d, to %s", lang, answer.StatusCode, answer.Headers["Location"])
		}
		cookie, _, _ := strings.Cut(answer.Cookies[0], ";")
		open := func() string {
			return w.do("GET", answer.Headers["Location"], asBrowser.and(headers{"cookie": cookie}), "").Body
		}
		receipt := open()
		for _, want := range []string{
			"Ejemplo &lt;b&gt;: tarde de encuentro", `datetime="2027-06-16T18:00:00&#43;02:00"`, "Sala de ejemplo, Calle de Ejemplo 1, 18001 Granada",
			eventPath + "/calendar?lang=" + lang, say.T("confirmation.next.1.for.event_registration"),
			say.T("confirmation.next.2.for.event_registration"), say.T("confirmation.next.3.for.event_registration"),
		} {
			if !strings.Contains(strings.ReplaceAll(receipt, "&#39;", "'"), want) {
				t.Errorf("%s: the receipt doesn't have %q:\n%s", lang, want, receipt)
			}
		}
		current := w.facts["current"]
		w.facts["current"], w.facts[""] = nil, nil
		if away := open(); !strings.Contains(away, "ES-") || strings.Contains(away, eventPath) {
			t.Errorf("%s: without the catalogue the codes are not shown:\n%s", lang, away)
		}
		w.facts["current"] = current
	}
}
