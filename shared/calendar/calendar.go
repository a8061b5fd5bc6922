// Package calendar writes an event as an iCalendar file (RFC 5545) that a phone puts into its calendar.
package calendar

import (
	"encoding/json"
	"net/mail"
	"net/url"
	"strings"
	"time"
	"unicode"

	ics "github.com/arran4/golang-ical"

	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/occasion"
)

// Media is the content type of a file.
const Media = "text/calendar; charset=utf-8"

// An Entry is what the file says.
type Entry struct {
	occasion.Occasion           // with a date
	Domain            string    // of the site: ids are unique in it
	URL               string    // of the event's page
	Organizer         string    // its name
	Email, Website    string    // of the organizer, as the catalogue has them; may be empty
	Gone              string    // that it is called off, in words; empty: it stands
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
	event.SetStatus(ics.ObjectStatusConfirmed)
	if e.Gone != "" {
		event.SetSummary(line(e.Gone + ": " + e.Service.Name))
		event.SetStatus(ics.ObjectStatusCancelled)
	}
	e.version(event)
	event.SetProperty(ics.ComponentPropertyOrganizer, e.organizer(), ics.WithCN(name(e.Organizer)))
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
	if e.Gone != "" {
		return []byte(made.Serialize(ics.WithNewLineWindows))
	}
	alarm := event.AddAlarm()
	alarm.SetAction(ics.ActionDisplay)
	alarm.SetTrigger("-P1D")
	alarm.SetProperty(ics.ComponentPropertyDescription, line(e.Remind))
	return []byte(made.Serialize(ics.WithNewLineWindows))
}

// version says which of two files is the newer: by the moment at which the catalogue says that the event was last changed. Calling it
// off counts as a change even where the catalogue says nothing.
func (e Entry) version(event *ics.VEvent) {
	sequence := 0
	if value, ok := e.Service.Field("last_modified"); ok {
		var changed time.Time
		if json.Unmarshal(value, &changed) == nil && changed.After(time.Unix(0, 0)) {
			event.SetLastModifiedAt(changed)
			sequence = int(changed.Unix() / 60) // minutes: RFC 5545 has numbers of 32 bits
		}
	}
	if e.Gone != "" {
		sequence++
	}
	event.SetSequence(sequence)
}

// organizer is an address for the organizer: its e-mail, its website, or else the event's page.
func (e Entry) organizer() string {
	if at, err := mail.ParseAddress(e.Email); err == nil && at.Name == "" {
		return (&url.URL{Scheme: "mailto", Opaque: at.Address}).String()
	}
	if website := hsds.WebAddress(e.Website); website != "" {
		return website
	}
	return e.URL
}

// name is a name as a parameter can have it: the signs that end one are left out, as calendars don't agree on how they are quoted.
func name(said string) string {
	return line(strings.NewReplacer(`"`, "", ";", " ", ":", " ", ",", " ", `\`, " ", "'", "’").Replace(said))
}

// line takes control characters out of text: an author's line break is a space, and none begins a line of the file.
func line(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }), " ")
}
