package hsds_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/miict/immerse/shared/hsds"
)

func madrid(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func eventOf(t *testing.T, event, schedules string) *hsds.Service {
	t.Helper()
	var s hsds.Service
	text := `{"id":"s","name":"S","status":"active","schedules":` + schedules + `,"immerse":{"needs":[],"areas":["ES"],"authority":"o","event":` + event + `}}`
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		t.Fatal(err)
	}
	return &s
}

func TestSpan(t *testing.T) {
	for schedule, want := range map[string]struct {
		start, end string
		days       bool
		err        error
	}{
		`{"dtstart":"2026-12-18","opens_at":"18:00+01:00","closes_at":"20:30+01:00"}`:  {"2026-12-18T17:00:00Z", "2026-12-18T19:30:00Z", false, nil},
		`{"dtstart":"2026-07-18","opens_at":"18:00+02:00","closes_at":"20:30+02:00"}`:  {"2026-07-18T16:00:00Z", "2026-07-18T18:30:00Z", false, nil},
		`{"dtstart":"2026-12-18","opens_at":"17:00Z"}`:                                 {"2026-12-18T17:00:00Z", "2026-12-18T23:00:00Z", false, nil},
		`{"dtstart":"2026-12-18","timezone":1,"opens_at":"18:00","closes_at":"20:00"}`: {"2026-12-18T17:00:00Z", "2026-12-18T19:00:00Z", false, nil},
		`{"dtstart":"2026-12-18"}`:                      {"2026-12-17T23:00:00Z", "2026-12-18T23:00:00Z", true, nil},
		`{"dtstart":"2026-10-24","until":"2026-10-25"}`: {"2026-10-23T22:00:00Z", "2026-10-25T23:00:00Z", true, nil}, // clocks change in between
		`{"dtstart":"2026-12-18","until":"2026-12-20","opens_at":"09:00+01:00","closes_at":"14:00+01:00"}`: {"2026-12-18T08:00:00Z", "2026-12-20T13:00:00Z", false, nil},
		`{"dtstart":"18.12.2026"}`:                                                    {err: hsds.ErrStart},
		`{"dtstart":"2026-12-18","until":"2026-12-17"}`:                               {err: hsds.ErrUntil},
		`{"dtstart":"2026-12-18","freq":"WEEKLY"}`:                                    {err: hsds.ErrFreq},
		`{"dtstart":"2026-12-18","opens_at":"18:00"}`:                                 {err: hsds.ErrOpens},
		`{"dtstart":"2026-12-18","opens_at":"18:00+01:00","closes_at":"20"}`:          {err: hsds.ErrCloses},
		`{"dtstart":"2026-12-18","opens_at":"18:00+01:00","closes_at":"18:00+01:00"}`: {err: hsds.ErrCloses},
		`{"dtstart":7}`: {err: hsds.ErrSchedules},
		`{"dtstart":"2026-12-18"},{"dtstart":"2026-12-19"}`: {err: hsds.ErrSchedules},
	} {
		span, dated, err := eventOf(t, `{"kind":"event"}`, "["+schedule+"]").Span(madrid(t))
		if !dated || !errors.Is(err, want.err) {
			t.Errorf("%s: dated %v, error %v, want %v", schedule, dated, err, want.err)
			continue
		}
		if err != nil {
			continue
		}
		start, end := span.Start.UTC().Format(time.RFC3339), span.End.UTC().Format(time.RFC3339)
		if start != want.start || end != want.end || span.WholeDays != want.days {
			t.Errorf("%s: %s to %s, whole days %v", schedule, start, end, span.WholeDays)
		}
	}
}

func TestWhenRegistrationCloses(t *testing.T) {
	const days = `[{"dtstart":"2026-12-18","until":"2026-12-20","opens_at":"09:00+01:00","closes_at":"14:00+01:00"}]`
	for event, want := range map[string]string{
		`{"kind":"event","registration":true}`:                                           "2026-12-18T08:00:00Z",
		`{"kind":"consultation","registration":true}`:                                    "2026-12-20T13:00:00Z",
		`{"kind":"event","registration":true,"register_by":"2026-12-10T12:00:00+01:00"}`: "2026-12-10T11:00:00Z",
		`{"kind":"event"}`: "",
		`{"kind":"event","registration":true,"register_by":"?"}`: "",
	} {
		closes, ok := eventOf(t, event, days).Closes(madrid(t))
		got := ""
		if ok {
			got = closes.UTC().Format(time.RFC3339)
		}
		if got != want {
			t.Errorf("%s closes at %q, want %q", event, got, want)
		}
	}
}

// A foreign service with schedules of any shape is no event, and a service that says it is one without a date neither.
func TestOnlyEventsHaveADate(t *testing.T) {
	var foreign hsds.Service
	if err := json.Unmarshal([]byte(`{"id":"s","name":"S","status":"active","schedules":"always"}`), &foreign); err != nil {
		t.Fatal(err)
	}
	council := eventOf(t, `{"kind":"council"}`, "[]")
	if foreign.Dated() || foreign.Chosen() || council.Dated() || council.Chosen() {
		t.Error("a service without a date is taken for one with")
	}
	if !eventOf(t, `{"kind":"consultation"}`, "[]").Chosen() || !eventOf(t, `{"kind":"council"}`, `[{"dtstart":"2026-12-18"}]`).Chosen() {
		t.Error("people would be matched with what they choose by itself")
	}
}
