package page

import (
	"io"

	"github.com/miict/immerse/shared/locale"
)

// EventsPath is the list of what people can take part in; below it, each by its id.
const EventsPath = "/api/v1/events"

// An EventsView is that list, as it is now.
type EventsView struct {
	Shell                           Shell
	Coming, Councils, Consultations []EventLine
	Past                            []EventLine   // over, but not for long
	Regions                         []RegionGroup // to choose from
	Region                          string        // that was chosen; may be empty
	More                            string        // where other services of the kind are
}

// An EventLine is one of them in a list.
type EventLine struct {
	URL       string
	Name      string
	NamesLang string // of names and places, BCP 47
	Organizer string
	Kind      string // of hsds.EventKinds
	When      string // in words; empty without a date
	Start     string // for machines: RFC 3339, or a day
	Where     string
	Spoken    string // languages, in words
	Unchecked bool
	Mark      string // the message that says that it is full, closed, over or called off; may be empty
}

// An EventView is the page of one.
type EventView struct {
	Shell Shell
	EventLine
	Back                        string // the list
	Areas                       string // for people who live there, in words
	About                       string // in NamesLang, as all that the organizer says
	End                         string // for machines
	Clock                       string // the country whose clocks show the hours; empty without hours
	Places                      []EventPlace
	Online                      string
	Attend                      string
	Interpreter, Cost, How, For string
	Website                     string
	Room                        int // places in all; 0: not said
	Full                        bool
	Over                        bool
	Gone                        bool   // it isn't announced any more
	Wrote                       string // the language that the organizer's words are in; empty: the page's
	Register                    string // where one registers; empty: one can't
	RegisterBy                  string // in words
	Closed                      bool   // it was open until then
	Calendar                    string // the file; empty without a date
}

// An EventPlace is a place.
type EventPlace struct {
	Line, Transport, Map string
	Accessible           []string
}

// Events writes the list.
func Events(w io.Writer, view EventsView) error {
	view.Shell.Title = locale.For(view.Shell.Lang).T("events.title")
	return renderWith(w, view.Shell, "events.html", view)
}

// Event writes the page of one.
func Event(w io.Writer, view EventView) error {
	view.Shell.Title = view.Name
	return renderWith(w, view.Shell, "event.html", view)
}

// A MatchEvent is when and where a match takes place.
type MatchEvent struct {
	When     string `json:"-"` // in words
	Start    string `json:"start"`
	End      string `json:"end"`
	Where    string `json:"where,omitempty"`
	Over     bool   `json:"over"`
	Gone     bool   `json:"gone,omitempty"` // it is not announced any more
	URL      string `json:"url"`            // its page
	Calendar string `json:"calendar"`       // the file
}
