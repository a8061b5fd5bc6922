package calendar_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/miict/immerse/shared/calendar"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/occasion"
)

// file is that of an event with a name, a description and a schedule, written a year before it.
func file(t *testing.T, name, description, schedule string) []byte {
	t.Helper()
	return changed(t, name, description, schedule, func(map[string]any, *calendar.Entry) {})
}

// changed is that file after something was changed in the catalogue, or in what is known around it.
func changed(t *testing.T, name, description, schedule string, change func(service map[string]any, entry *calendar.Entry)) []byte {
	t.Helper()
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	service := map[string]any{
		"id": "e1", "name": name, "description": description, "status": "active",
		"schedules": []json.RawMessage{json.RawMessage(schedule)}, "immerse": map[string]any{"event": map[string]any{"kind": "event"}},
	}
	entry := calendar.Entry{
		Domain: "immerse.example", URL: "https://immerse.example/es/event/e1", Organizer: "Org; S.L., Ltd",
		Remind: "Mañana", At: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC),
	}
	change(service, &entry)
	text, err := json.Marshal(service)
	if err != nil {
		t.Fatal(err)
	}
	var s hsds.Service
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	o, ok := occasion.Of(&s, madrid)
	if !ok {
		t.Fatal("it is no event")
	}
	entry.Occasion = o
	return calendar.File(entry)
}

// unfolded are the lines of a file as RFC 5545 (3.1) has them read; each must be right before it is unfolded.
func unfolded(t *testing.T, file []byte) []string {
	t.Helper()
	if !bytes.HasSuffix(file, []byte("\r\n")) {
		t.Error("the last line has no end")
	}
	var lines []string
	for raw := range strings.SplitSeq(strings.TrimSuffix(string(file), "\r\n"), "\r\n") {
		if len(raw) > 75 || !utf8.ValidString(raw) || strings.ContainsAny(raw, "\r\n") {
			t.Errorf("a line of %d bytes, or with half a letter: %q", len(raw), raw)
		}
		if rest, ok := strings.CutPrefix(raw, " "); ok && len(lines) > 0 {
			lines[len(lines)-1] += rest
			continue
		}
		lines = append(lines, raw)
	}
	return lines
}

func TestAnEventAsAFile(t *testing.T) {
	lines := unfolded(t, file(t, "Café", "Con té", `{"dtstart":"2027-06-16","opens_at":"18:00+02:00","closes_at":"20:30+02:00"}`))
	for _, want := range []string{
		"VERSION:2.0", "UID:e1@immerse.example", "DTSTAMP:20261122T090000Z", "DTSTART:20270616T160000Z", "DTEND:20270616T183000Z",
		"SUMMARY:Café", "STATUS:CONFIRMED", "SEQUENCE:0", "ORGANIZER;CN=Org S.L. Ltd:https://immerse.example/es/event/e1", "TRIGGER:-P1D", "ACTION:DISPLAY", `DESCRIPTION:Con té\nOrg\; S.L.\, Ltd`,
	} {
		if !slices.Contains(lines, want) {
			t.Errorf("no %q in\n%s", want, strings.Join(lines, "\n"))
		}
	}
}

func TestWholeDaysEndTheDayAfter(t *testing.T) {
	lines := unfolded(t, file(t, "Días", "", `{"dtstart":"2027-03-27","until":"2027-03-28"}`)) // clocks change in between
	for _, want := range []string{"DTSTART;VALUE=DATE:20270327", "DTEND;VALUE=DATE:20270329"} {
		if !slices.Contains(lines, want) {
			t.Errorf("no %q in\n%s", want, strings.Join(lines, "\n"))
		}
	}
}

// What authors write stays text: it begins no line of the file, and nothing of it is cut.
func TestAuthorsTextStaysText(t *testing.T) {
	hostile := "بداية\r\nBEGIN:VALARM\nATTACH:file:///etc/passwd\u2028X-EVIL:1\x00; \\n, " + strings.Repeat("ж", 200)
	made := changed(t, hostile, hostile, `{"dtstart":"2027-06-16"}`, func(service map[string]any, _ *calendar.Entry) {
		service["service_at_locations"] = []any{map[string]any{"location": map[string]any{"name": "Sala; 1, \\2\nBEGIN:VEVENT"}}}
	})
	lines := unfolded(t, made)
	for _, line := range lines {
		for _, evil := range []string{"ATTACH", "X-EVIL"} {
			if strings.HasPrefix(line, evil) {
				t.Errorf("an author's line is one of the file: %q", line)
			}
		}
	}
	for _, want := range []string{
		`SUMMARY:بداية BEGIN:VALARM ATTACH:file:///etc/passwd X-EVIL:1 \; \\n\, ` + strings.Repeat("ж", 200), `LOCATION:Sala\; 1\, \\2 BEGIN:VEVENT`,
	} {
		if !slices.Contains(lines, want) {
			t.Errorf("not whole, no %q in\n%s", want, strings.Join(lines, "\n"))
		}
	}
	for _, begin := range []string{"\r\nBEGIN:VALARM\r\n", "\r\nBEGIN:VEVENT\r\n"} {
		if n := bytes.Count(made, []byte(begin)); n != 1 {
			t.Errorf("%q is there %d times", begin, n)
		}
	}
}

// TestALaterFileReplacesAnEarlierOne: calendars go by the number, and know an event that is called off.
func TestALaterFileReplacesAnEarlierOne(t *testing.T) {
	const schedule = `{"dtstart":"2027-06-16"}`
	for _, c := range []struct {
		modified, gone string
		want, never    []string
	}{
		{"2026-11-20T10:00:00Z", "", []string{"SEQUENCE:29919480", "LAST-MODIFIED:20261120T100000Z", "STATUS:CONFIRMED", "BEGIN:VALARM"}, nil},
		{"2026-11-20T10:01:30.500+00:00", "", []string{"SEQUENCE:29919481", "LAST-MODIFIED:20261120T100130Z"}, nil},
		{"2026-11-20T10:01:30Z", "Called off", []string{"SEQUENCE:29919482", "STATUS:CANCELLED", "SUMMARY:Called off: Café", "UID:e1@immerse.example"}, []string{"BEGIN:VALARM", "STATUS:CONFIRMED"}},
		{"", "Called off", []string{"SEQUENCE:1", "STATUS:CANCELLED"}, []string{"LAST-MODIFIED"}},
		{"yesterday", "", []string{"SEQUENCE:0"}, []string{"LAST-MODIFIED"}},
	} {
		lines := unfolded(t, changed(t, "Café", "", schedule, func(service map[string]any, entry *calendar.Entry) {
			service["last_modified"], entry.Gone = c.modified, c.gone
		}))
		for _, want := range c.want {
			if !slices.Contains(lines, want) {
				t.Errorf("%q %q: no %q in\n%s", c.modified, c.gone, want, strings.Join(lines, "\n"))
			}
		}
		for _, never := range c.never {
			if strings.Contains(strings.Join(lines, "\n"), never) {
				t.Errorf("%q %q: %q is in\n%s", c.modified, c.gone, never, strings.Join(lines, "\n"))
			}
		}
	}
}

// TestTheOrganizerHasAnAddress: its e-mail, its website, or the page; what is no address, or would end the line, is neither.
func TestTheOrganizerHasAnAddress(t *testing.T) {
	for _, c := range []struct{ email, website, want string }{
		{"info@org.example", "https://org.example/", "mailto:info@org.example"},
		{"", "https://org.example/", "https://org.example/"},
		{"a\r\nATTENDEE:x", "javascript:alert(1)", "https://immerse.example/es/event/e1"},
	} {
		lines := unfolded(t, changed(t, "Café", "", `{"dtstart":"2027-06-16"}`, func(_ map[string]any, entry *calendar.Entry) {
			entry.Email, entry.Website, entry.Organizer = c.email, c.website, "\"Org\";X=1:evil\r\nATTENDEE"
		}))
		if want := "ORGANIZER;CN=Org X=1 evil ATTENDEE:" + c.want; !slices.Contains(lines, want) {
			t.Errorf("no %q in\n%s", want, strings.Join(lines, "\n"))
		}
	}
}
