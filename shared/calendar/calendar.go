// Package calendar writes an event as an iCalendar file (RFC 5545) that a phone puts into its calendar.
package calendar

import (
	"strings"
	"time"
	"unicode"

	ics "github.com/arran4/golang-ical"

	"github.com/miict/immerse/shared/occasion"
)

// Media is the content type of a file.
const Media = "text/calendar; charset=utf-8"

// An Entry is what the file says.
type Entry struct {
	occasion.Occasion        // with a date
	Domain            string // of the site: ids are unique in it
	URL               string // of the event's page
	Organizer         string
	Remind            string    // what the phone says the day before
	At                time.Time // when this was written
}

// File writes it. The same event always has the same UID, so that a second file replaces the first.
func File(e Entry) []byte {
	made := ics.NewCalendar()
	made.SetProductId("-//Immerse//Events//EN")
	made.SetMethod(ics.MethodPublish)
	event := made.AddEvent(e.Service.ID + "@" + e.Domain)
	event.SetDtStampTime(e.At)
	if e.WholeDays {
		event.SetAllDayStartAt(e.Start)
		event.SetAllDayEndAt(e.End)
	} else {
		event.SetStartAt(e.Start)
		event.SetEndAt(e.End)
	}
	event.SetSummary(line(e.Service.Name))
	about := line(e.Service.Description)
	if e.Organizer != "" {
		about = strings.TrimSpace(about + "\n" + line(e.Organizer))
	}
	event.SetDescription(about)
	if where := e.Where(); where != "" {
		event.SetLocation(line(where))
	} else if e.Online != "" {
		event.SetLocation(e.Online)
	}
	event.SetURL(e.URL)
	alarm := event.AddAlarm()
	alarm.SetAction(ics.ActionDisplay)
	alarm.SetTrigger("-P1D")
	alarm.SetProperty(ics.ComponentPropertyDescription, line(e.Remind))
	return []byte(made.Serialize(ics.WithNewLineWindows))
}

// line takes control characters out of text: an author's line break is a space, and none begins a line of the file.
func line(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }), " ")
}
