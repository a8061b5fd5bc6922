package page

import (
	"slices"
	"time"

	"github.com/miict/immerse/shared/referral"
)

// MostReplyLetters bounds the person's answer to a question, in runes.
const MostReplyLetters = 500

// A ReferralView is how far the case is with one organization, and what the person can do about it. Its forms post to the page's
// Action beside what StatusView says: "referral" (ID), and
//
//   - action "reply": "question" (a QuestionView's ID) and "text",
//   - action "rate": "rating" (of referral.Ratings),
//   - action "withdraw": "reason" (of WithdrawReasons) and "confirm" = "yes". Without "referral" it is the whole case that is
//     taken back.
type ReferralView struct {
	ID           string
	NamesLang    string // as in MatchView
	Organization string
	URL          string    // its official web address; only http and https are linked
	Services     []string  // what it was asked for
	Instead      bool      // it was asked as another could not help, or did not answer
	State        string    // of package referral: the message "status.referral.<state>"
	Outcome      string    // code of one that is done: "status.outcome.<code>"
	Why          string    // code of the reason, given or found: "status.why.<code>"
	At           time.Time // since when; in the country's time zone, as all times here
	Due          time.Time // within the last day on which its answer is in time; zero when none is awaited
	Overdue      bool
	Urgent       bool        // it has less time than usual, as the person can't wait
	Told         time.Time   // the day by which it is told, if it gets one mail a day and waits for it; else zero
	Escalated    time.Time   // when somebody else was asked to see to it; zero if nobody was
	Behind       time.Time   // when whoever is behind it was written to, of one that is "bounced"; zero if nobody was
	BehindName   string      // theirs; may be empty
	BehindURL    string      // their official web address, as URL
	EscalatedTo  string      // who that was; empty: not known
	Outcomes     time.Time   // when it was asked what came of what it accepted; zero if it wasn't
	Others       int         // other services for the same needs whose organizations haven't ended it
	Hope         bool        // another organization may be looked for just now, as this one doesn't help
	Contact      string      // of one that is accepted: "released", "withheld", or empty while that is being done
	Seen         []time.Time // each look at the contact
	Questions    []QuestionView
	Rating       string // what the person said
	Rated        bool   // for the last time
}

// A QuestionView is what an organization asks the person, in words of the list "referral.question" and its own.
type QuestionView struct {
	ID      string
	At      time.Time
	Code    string
	Text    string    // may be empty
	Replied time.Time // zero: not yet
	Reply   string
}

// A TrailView is a line of what happened with the case: the message "status.trail.<code>".
type TrailView struct {
	At           time.Time
	Code         string
	Organization string // may be empty
	To           string // who else was written to about it; may be empty
	NamesLang    string // of the names
}

// Trailed are the codes of what a trail tells people, in the order of a case's life. The first word of an audit trail's action is one of them, or it is
// about the working of the system and not told.
var Trailed = []string{
	"consented", "matched", "matched_again", "no_place", "notified", "fallback", "reminded", "escalated", "accepted", "outcome_asked",
	"declined", "done", "asked", "replied", "replies_shown", "contact_released", "contact_withheld", "contact_shown", "expired", "withdrawn", "rated", "links_revoked",
}

// WithdrawReasons are why people take something back; the last says nothing, and is chosen beforehand.
var WithdrawReasons = slices.DeleteFunc(slices.Clone(referral.WithdrawReasons), func(code string) bool { return code == referral.Erased })

func (v ReferralView) state() referral.State { return referral.State(v.State) }

// Alive tells whether anything can still come of it: it can be taken back.
func (v ReferralView) Alive() bool { return v.State != "" && !v.state().Final() }

// Asks tells whether a question waits for the person.
func (v ReferralView) Asks() bool {
	return v.Alive() && slices.ContainsFunc(v.Questions, func(q QuestionView) bool { return q.Replied.IsZero() })
}

// Rateable tells whether the person can say whether it helped. Who took it back has said enough.
func (v ReferralView) Rateable() bool {
	return v.state().Final() && v.state() != referral.Withdrawn && !v.Rated
}

// Next is what happens next, or what the person can do: the message "status.then.<code>"; empty: nothing.
func (v ReferralView) Next() string {
	switch state := v.state(); {
	case v.Asks():
		return "question"
	case state == referral.Accepted && v.Contact != "":
		return v.Contact
	case state == referral.Accepted, state == referral.Expired:
		return v.State
	case state.Open() && (state != referral.Bounced || !v.Behind.IsZero()) && !v.Overdue:
		return "open"
	}
	return ""
}

// Elsewhere tells whether to say that there are other services: when this one doesn't help.
func (v ReferralView) Elsewhere() bool {
	return v.Others > 0 && (v.state() == referral.Declined || v.state() == referral.Expired)
}

// Ratings are the answers to whether it helped.
func (v ReferralView) Ratings() []string { return referral.Ratings }

// numbered is a part of a page that is there more than once: its ids end with the number.
type numbered struct {
	content
	Case  StatusView
	Place string
}

// A putQuestion is a question with the referral that it is about.
type putQuestion struct {
	QuestionView
	Referral string
	Open     bool // it can be answered
}

// Plain tells whether the question's code says something: one in the organization's own words does not.
func (q putQuestion) Plain() bool { return q.Code != Questions[len(Questions)-1] || q.Text == "" }

// Letters is the most that an answer may have.
func (q putQuestion) Letters() int { return MostReplyLetters }

// Sent is an answer that was too long or empty, to be given back.
type Sent struct{ Question, Text string }

// SentFor is what was written as an answer to a question and could not be taken.
func (v StatusView) SentFor(question string) string {
	if v.Sent.Question != question {
		return ""
	}
	return v.Sent.Text
}

// Letters is the most that an answer may have.
func (v StatusView) Letters() int { return MostReplyLetters }
