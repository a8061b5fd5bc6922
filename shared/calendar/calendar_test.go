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
	madrid, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	var s hsds.Service
	text, err := json.Marshal(map[string]any{
		"id": "e1", "name": name, "description": description, "status": "active",
		"schedules": []json.RawMessage{json.RawMessage(schedule)}, "immerse": map[string]any{"event": map[string]any{"kind": "event"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	o, ok := occasion.Of(&s, madrid)
	if !ok {
		t.Fatal("it is no event")
	}
	return calendar.File(calendar.Entry{
		Occasion: o, Domain: "immerse.example", URL: "https://immerse.example/es/event/e1", Organizer: "Org; S.L., Ltd",
		Remind: "Mañana", At: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC),
	})
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
		"SUMMARY:Café", "TRIGGER:-P1D", "ACTION:DISPLAY", `DESCRIPTION:Con té\nOrg\; S.L.\, Ltd`,
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
	lines := unfolded(t, file(t, hostile, hostile, `{"dtstart":"2027-06-16"}`))
	for _, line := range lines {
		for _, evil := range []string{"ATTACH", "X-EVIL"} {
			if strings.HasPrefix(line, evil) {
				t.Errorf("an author's line is one of the file: %q", line)
			}
		}
	}
	want := `SUMMARY:بداية BEGIN:VALARM ATTACH:file:///etc/passwd X-EVIL:1 \; \\n\, ` + strings.Repeat("ж", 200)
	if !slices.Contains(lines, want) {
		t.Errorf("the name is not whole:\n%s", strings.Join(lines, "\n"))
	}
	if n := strings.Count(string(file(t, hostile, hostile, `{"dtstart":"2027-06-16"}`)), "\r\nBEGIN:VALARM\r\n"); n != 1 {
		t.Errorf("%d alarms", n)
	}
}
