package page

import (
	"time"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/country"
)

// A Shell is what surrounds a page's content. Lang is the only part that must be given.
type Shell struct {
	Lang    string // one of locale.Languages; others are said in English
	Title   string // the page's own title, in words; pages of this package set their own
	Country string // the country's name as the header shows it; may be empty
	Home    string // where the header's name links to; "/" when empty
	Links   []Link // this same page in every language; none where changing would lose what the person wrote

	Alternates []Link // the same for search engines, with full addresses and "x-default"; pages about a case have none
	Switch     []Held // in place of Links on the page of a case: its address can't lead there, what a form holds can

	HelpLine string // the phone number for those in danger, as the country's pack has it; may be empty

	Help []country.HelpLine // all of the pack's, which pages show where somebody may need them; may be empty

	Stylesheet string // "/assets/site.css?v=…" when empty, see StylesheetURL
	MoreStyles string // "/assets/more.css?v=…" when empty, see MoreStylesURL
	Lean       bool   // does without MoreStyles: forms
	SiteScript string // every page's script; "/assets/site.js?v=…" when empty, see SiteScriptURL
	Script     string // a further external script, or none
	Words      string // where scripts find what they say, see ScriptWords; the site's own pages have it
	NoIndex    bool   // keeps search engines away: every page that shows a case
}

// Held is what a form holds besides the language: with it, StatusPath gives the page in another one.
type Held struct{ Name, Value string }

// A Link leads to the page in another language; it is shown under that language's own name.
type Link struct {
	Lang string
	URL  string
}

// A FormView is the application form: empty on the static site, filled in and with its errors when a function answers
// a post that did not pass.
type FormView struct {
	Shell   Shell
	Kind    string              // a code of codes.Kinds; what was posted, or support, when empty
	Action  string              // where it posts to; SubmitPath when empty
	Rules   string              // where scripts find ScriptRules; without, they leave the form as it is
	Fields  []application.Field // as application.Fields gives them
	Regions []RegionGroup       // what residence.region offers, see Regions
	Answers map[string][]string // by the dotted names of design §7, as url.Values holds a form post; may be nil
	Note    string              // something to know before, in words; may be empty
	Event   *ChosenEvent        // that is registered for; nil for none
	Errors  []FieldError        // every problem at once, in the order to show; none for a first view
}

// A CheckView shows the answers of a form that passed, before it is sent: without a script, a function does. Its form posts
// all of them again: with the key, so that it is taken once however often it is sent, or to be changed.
type CheckView struct {
	Shell   Shell
	Action  string              // where it posts to; SubmitPath when empty
	Fields  []application.Field // as of the form
	Regions []RegionGroup       // as of the form
	Answers map[string][]string // as they were posted, an idempotency key among them
	Event   *ChosenEvent        // as of the form
}

// A FieldError says in words what is wrong with a field, in the language of the page. Field is the dotted name
// ("contact.email", "languages.1.level"); one that the form does not have is listed without a link.
type FieldError struct {
	Field   string
	Message string
}

// A RegionGroup is a first-level area with the second-level ones to choose from. A group without a name is shown
// without a heading.
type RegionGroup struct {
	Name    string
	Regions []Region
}

// A Region is an area that a person can choose, by its ISO 3166-2 code.
type Region struct {
	Code string
	Name string
}

// A ConfirmationView is shown once, after a form was taken: the only page that ever shows the secret.
type ConfirmationView struct {
	Shell     Shell
	Kind      string // a code of codes.Kinds
	Reference string
	Secret    string
	StatusURL string       // "/status" when empty
	Event     *ChosenEvent // that the form registers for; nil for another kind, and when it can't be read
	Mailed    bool         // a receipt goes to the e-mail address the person gave
	Address   string       // of the status page with its host, for who keeps the page on paper; empty: it isn't said
}

// A ChosenEvent is an event that somebody registers for.
type ChosenEvent struct {
	EventLine
	Areas    string // for people who live there, in words; empty: anywhere
	Calendar string // the file; empty while the form isn't taken
}

// A StatusView is the person's page. With no State it asks for reference and secret, and says Problem when they were
// wrong. With a State it shows the case; Secret is then kept in the page's forms, so that the person can download or
// erase without typing it again.
//
// Its forms post to Action as application/x-www-form-urlencoded: "action" ("show", "correct", "export", "erase", or one of
// ReferralView), "reference", "secret", "language", and for erase "confirm" = "yes".
type StatusView struct {
	Shell     Shell
	Action    string // StatusPath when empty
	Problem   string // a code: the message "error.<code>" (no_case, required, unavailable), of a case "status.problem.<code>"
	Reference string
	Secret    string

	State     string    // received, matched, notified or erased: the message "status.state.<code>"
	WaitsFor  time.Time // the last day on which organizations are told that get one mail a day, if no answer of another is awaited; else zero
	Stands    string    // what came of all that was asked, when no answer is awaited: one of Standings; empty: see State
	NoPlace   bool      // Stands is set, and a service that fits waits for a free place
	Unwritten bool      // notified, though no organization was to be written to: nothing was found, or all waits for a place
	Withdrawn time.Time // when the person took the case back; zero if they didn't
	Notice    string    // what was just done: the message "status.notice.<code>"
	Sent      Sent      // what was written and could not be taken
	Submitted time.Time
	Referrals []ReferralView
	Trail     []TrailView
	ToAdd     []FieldCount
	Needs     []NeedView
}

// A FieldCount is an answer that was not given, and for how many services it would make the result surer.
type FieldCount struct {
	Field string // as in MatchView.Missing
	Count int
}

// A ThanksView thanks for saying whether a page helped.
type ThanksView struct {
	Shell Shell
	Back  string // the page
}

// A NeedView is what was found for one of the person's needs, best first.
type NeedView struct {
	Need     string // a code of codes.Needs
	Matches  []MatchView
	RuledOut []RuledOutView // the nearest misses
}

// A MatchView is one service that was suggested for a need.
type MatchView struct {
	NamesLang    string // the language that the names are in, BCP 47; empty: the page's
	Service      string // its name, as the catalogue has it
	Organization string
	URL          string // its official web address; only http and https are linked
	For          string // whom it is for, in the organization's words, when nothing of it can be checked; in NamesLang
	Eligible     bool   // true: eligible; false: to be checked, see Missing
	Notified     bool   // the authority has been written to
	Ended        string // the final state of what the authority was asked, of package referral; empty: it hasn't ended
	Waiting      bool   // the authority has not been written to, as there was no place
	Reasons      []Reason
	Missing      []string    // names of fields (design §7) that would settle it
	Event        *MatchEvent // when and where it is; nil for what has no date
	Unchecked    bool        // nobody has assured the entry with the organization
	Stale        bool        // assured, but long ago
}

// A RuledOutView is a service that the person does not qualify for, with what ruled it out.
type RuledOutView struct {
	NamesLang    string // as in MatchView
	Service      string
	Organization string
	Reasons      []Reason
}

// A Reason is a code with parameters, said by locale.Printer.Reason.
type Reason struct {
	Code   string
	Params map[string]any
}

// A ProblemView is a plain page that says one thing went wrong: not found, too large, unavailable.
type ProblemView struct {
	Shell  Shell
	Code   string         // the messages "problem.<code>" (title) and "error.<code>" (what it means)
	Params map[string]any // of the error message
	Offer  *LinkOffer     // nil but for a void link of an authority
}

// A LinkOffer has a new link sent to an authority's inbox, by a POST, in place of the one that the page was opened with.
type LinkOffer struct {
	Action string    // where it posts to
	Form   string    // the token that the post must carry
	Sent   time.Time // when one was sent that is to be looked for first; zero: it is offered
}
