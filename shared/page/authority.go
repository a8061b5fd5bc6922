package page

import (
	"io"
	"time"

	"github.com/miict/immerse/shared/briefing"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/referral"
)

// MostQuestionLetters bounds a question in an authority's own words, in runes.
const MostQuestionLetters = 500

// An AuthorityView is the authority's page. What can be done follows from State: answered while it is open, closed and asked
// about once it is accepted, nothing after.
//
// Its forms post to Action as application/x-www-form-urlencoded: "form" (Form), "action" (a verb of package referral, or
// "ask", "contact" or "replies"), and what that needs: "reason" to decline, "outcome" and "reason" to finish, "question" and "text" to
// ask.
type AuthorityView struct {
	Shell        Shell
	Action       string // the page's own address
	Form         string // token of the form
	Reference    string
	Organization string
	Briefing     *briefing.Briefing // nil: the organization's services have changed since
	State        referral.State
	Due          time.Time // the last day to answer; zero: not known
	At           time.Time // when it was answered
	Outcome      string    // codes of the answer
	Reason       string
	Late         bool           // somebody else was quicker
	Problem      string         // what is missing in what was sent: the message "referral.problem.<code>"
	Params       map[string]any // of the problem's message
	Sent         map[string]string
	Asked        []Asked
	MostAsked    int    // how many questions were put, if no more can be; else 0
	Replies      string // RepliesThere, RepliesShown or empty
	Contact      ContactView
}

// An Asked is a question that was put to the person, without its own words, which only the person can read.
type Asked struct {
	At      time.Time
	Code    string
	Replied time.Time // when the person answered; zero if they haven't
	Reply   string    // what; only where somebody asked to see it
}

// Whether there are answers of the person: to be asked for, or shown.
const (
	RepliesThere = "there"
	RepliesShown = "shown"
)

// A ContactView is what an authority that accepted sees of the person. State is "" while it is being fetched, "released" or
// "withheld"; the rest is there only where somebody asked to see it.
type ContactView struct {
	State                        string
	Shown                        bool
	Name, Email, Phone, Language string
	Message                      string
}

// Questions are what an authority can ask; the last is in its own words.
var Questions = []string{"documents", "when", "contact", "still_needed", "other"}

// Open tells the template that the answer is awaited, Accepted that the outcome is.
func (v AuthorityView) Open() bool { return v.State.Open() }

// Accepted tells that the authority has accepted and not closed it yet.
func (v AuthorityView) Accepted() bool { return v.State == referral.Accepted }

// Closed tells that nothing is left to do: what the person needs is nobody's business any more.
func (v AuthorityView) Closed() bool { return v.State.Final() }

// offers are what the page's forms let choose from, by the list's name: the action that it is for, the field's name, the
// codes. Their words are messages of the list's name.
var offers = map[string]struct {
	action, field string
	codes         []string
}{
	"referral.decline":  {"decline", "reason", referral.DeclineReasons},
	"referral.outcome":  {"finish", "outcome", referral.Outcomes},
	"referral.why":      {"finish", "reason", referral.NotHelpedWhy},
	"referral.question": {"ask", "question", Questions},
}

// offered gives the choices of a list, with what was chosen before.
func offered(v AuthorityView, list string) []option {
	say, offer := locale.For(v.Shell.Lang), offers[list]
	options := make([]option, len(offer.codes))
	for i, code := range offer.codes {
		chosen := v.Sent["action"] == offer.action && v.Sent[offer.field] == code
		options[i] = option{Code: code, Words: say.Code(list, code), Chosen: chosen}
	}
	return options
}

// Text is what was written as a question before.
func (v AuthorityView) Text() string { return v.Sent["text"] }

// Letters is the most that a question may have.
func (v AuthorityView) Letters() int { return MostQuestionLetters }

// Given says the codes of an answer; empty if it has none.
func (v AuthorityView) Given() string {
	say := locale.For(v.Shell.Lang)
	switch v.State {
	case referral.Declined:
		return say.Code("referral.decline", v.Reason)
	case referral.Done:
		given := say.Code("referral.outcome", v.Outcome)
		if v.Reason != "" {
			given += say.T("list.comma") + say.Code("referral.why", v.Reason)
		}
		return given
	default:
		return ""
	}
}

// Stated is the message that says the state.
func (v AuthorityView) Stated() string {
	if v.Open() {
		return "open"
	}
	return string(v.State)
}

// Authority writes the authority's page.
func Authority(w io.Writer, view AuthorityView) error {
	view.Shell.Title = locale.For(view.Shell.Lang).T("referral.title", "reference", view.Reference)
	view.Shell.NoIndex = true
	return renderWith(w, view.Shell, "authority.html", view)
}
