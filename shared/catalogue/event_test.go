package catalogue_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/miict/immerse/shared/catalogue"
)

const announced = `{"id":"5f0c1b8e-0000-4000-8000-000000000001","organization_id":"5f0c1b8e-0000-4000-8000-00000000000a","name":"Meeting","status":"active",
"schedules":[{"id":"5f0c1b8e-0000-4000-8000-000000000002","dtstart":"2026-12-18","opens_at":"18:00+01:00","closes_at":"20:00+01:00"}],
"immerse":{"needs":[],"areas":["XX"],"authority":"5f0c1b8e-0000-4000-8000-00000000000a","event":{"kind":"event","registration":true,"register_by":"2026-12-17T12:00:00+01:00"}}}`

func TestEventsAreChecked(t *testing.T) {
	around := catalogue.Around{Area: func(string) bool { return true }, Organization: func(string) bool { return true }}
	for _, c := range []struct{ from, to, want string }{
		{"", "", ""},
		{`"kind":"event"`, `"kind":"party"`, "immerse.event.kind"},
		{`"needs":[]`, `"needs":["participation"]`, "immerse.needs"},
		{`"dtstart":"2026-12-18"`, `"dtstart":"2026-12-18","freq":"WEEKLY"`, "schedules[0].freq"},
		{`18:00+01:00`, `18:00`, "schedules[0].opens_at"},
		{`20:00+01:00`, `17:00+01:00`, "schedules[0].closes_at"},
		{`2026-12-17T12:00:00+01:00`, `2026-12-19T12:00:00+01:00`, "immerse.event.register_by"},
		{`2026-12-17T12:00:00+01:00`, `tomorrow`, "immerse.event.register_by"},
		{`"registration":true,`, ``, "immerse.event.register_by"},
		{`"event":{`, `"event":{"place":"here",`, "immerse"},
		{`"schedules":[{"id":"5f0c1b8e-0000-4000-8000-000000000002","dtstart":"2026-12-18","opens_at":"18:00+01:00","closes_at":"20:00+01:00"}],`, ``, "schedules"},
	} {
		text := strings.Replace(announced, c.from, c.to, 1)
		var paths []string
		for _, problem := range catalogue.Check([]catalogue.Record{catalogue.NewRecord("event", []byte(text))}, around) {
			if problem.Refused {
				paths = append(paths, problem.Path)
			}
		}
		if (c.want == "") != (len(paths) == 0) || c.want != "" && !slices.Contains(paths, c.want) {
			t.Errorf("%s → %s: refused %q, want %q", c.from, c.to, paths, c.want)
		}
	}
}
