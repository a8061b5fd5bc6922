package intake_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/locale"
)

// A hostile post to the form of an event changes nothing and shows nothing raw.
func TestHostileRegistrations(t *testing.T) {
	const evil = `"><script>alert(1)</script>`
	scripted := url.Values{}
	for _, field := range application.Fields([]string{"ES-GR"}, locale.Languages(), 2027) {
		scripted.Set(field.Name, evil)
	}
	scripted.Set("languages.0.code", evil)
	scripted.Set("languages.0.level", evil)
	scripted.Set(application.FieldIdempotencyKey, evil)
	chosen := changedForm(scripted, "kind", "event_registration", "event", eventID, "language", "en")
	answered := changedForm(chosen, "residence.region", "ES-GR", "consent.processing", "true")
	many := url.Values{"kind": {"event_registration"}, "event": {eventID}, "language": {"en"}}
	for i := range 5000 {
		many.Set(fmt.Sprintf("f%d", i), "x")
	}
	wide := changedForm(many)
	for i := range 5000 {
		wide.Set(fmt.Sprintf("more.%d", i), "x")
	}
	good := url.Values{"kind": {"event_registration"}, "event": {eventID}, "language": {"en"}, "residence.region": {"ES-GR"}, "consent.processing": {"true"}}
	for name, c := range map[string]struct {
		from   headers
		body   url.Values
		status int
	}{
		"of another site":           {asBrowser.and(headers{"sec-fetch-site": "cross-site", "origin": "https://evil.example"}), good, 403},
		"script in every field":     {asBrowser, scripted, 422},
		"script around an event":    {asBrowser, chosen, 422},
		"script around its answers": {asBrowser, answered, 422},
		"5,000 fields":              {asBrowser, many, 422},
		"10,000 fields":             {asBrowser, wide, 413},
		"an event many times":       {asBrowser, url.Values{"kind": {"event_registration"}, "event": {eventID, evil, "x"}, "language": {"en"}, "consent.processing": {"true"}}, 422},
	} {
		w := withEvent(t, inTime)
		answer := w.post(c.from, c.body.Encode())
		if answer.StatusCode != c.status || len(w.queue.events) > 0 {
			t.Errorf("%s: %d, %d messages", name, answer.StatusCode, len(w.queue.events))
		}
		if strings.Contains(answer.Body, "<script>alert") || len(answer.Cookies) > 0 {
			t.Errorf("%s: markup comes back as it is, or a cookie", name)
		}
		for _, review := range []string{application.ReviewCheck, application.ReviewChange} {
			if shown := w.post(c.from, changedForm(c.body, "review", review).Encode()); strings.Contains(shown.Body, "<script>alert") || len(w.queue.events) > 0 {
				t.Errorf("%s: shown to be checked, markup comes back as it is", name)
			}
		}
	}
}

// A registration that is sent again, as it was or for another event, is taken once.
func TestARegistrationIsTakenOnce(t *testing.T) {
	w := withEvent(t, inTime)
	good := url.Values{"kind": {"event_registration"}, "event": {eventID}, "language": {"en"}, "residence.region": {"ES-GR"}, "consent.processing": {"true"}, "idempotency_key": {"once"}}
	first := w.post(asBrowser, good.Encode())
	again := w.post(asBrowser, good.Encode())
	if first.StatusCode != 303 || again.StatusCode != 303 || first.Headers["Location"] != again.Headers["Location"] {
		t.Errorf("%d to %s, then %d to %s", first.StatusCode, first.Headers["Location"], again.StatusCode, again.Headers["Location"])
	}
	if other := w.post(asBrowser, changedForm(good, "message", "another").Encode()); other.StatusCode != 409 {
		t.Errorf("the key with another form: %d", other.StatusCode)
	}
}

// changedForm is a form with other values for some fields, given in pairs.
func changedForm(form url.Values, pairs ...string) url.Values {
	changed := url.Values{}
	for name, values := range form {
		changed[name] = values
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		changed.Set(pairs[i], pairs[i+1])
	}
	return changed
}
