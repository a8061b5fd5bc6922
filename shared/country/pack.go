// Package country holds the country packs: for each pilot country its settings, its areas, and its catalogue of
// organizations and services, as data embedded in the program (design §11). A further country is a further folder
// beside es, it and cy; nothing in the code names a country.
package country

import (
	"time"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
)

// Pack is everything that is particular to one country. A pack is read-only once it is loaded.
type Pack struct {
	Settings
	// Areas are the country and its subdivisions.
	Areas *Areas
	// Organizations are in the order of organizations.json.
	Organizations []hsds.Organization
	// Services are in the order of their files' names, then of each file.
	Services []hsds.Service
	// Version is a digest of the pack's files: 12 hexadecimal digits of a SHA-256. Two programs with the same version
	// hold the same catalogue, byte by byte.
	Version string

	folder string   // the name of the pack's folder
	files  []string // the file of each service
}

// Settings are the contents of pack.json. Times are in days or months as the names say.
type Settings struct {
	// Code is the ISO 3166-1 alpha-2 code, in capitals: "ES".
	Code string `json:"code"`
	// Name is the country's name in its own language.
	Name string `json:"name"`
	// Region is the AWS region that the country's stack runs in.
	Region string `json:"region"`
	// MailRegion is the AWS region whose SES sends the mail.
	MailRegion string `json:"mail_region"`
	// TimeZone is an IANA name: "Europe/Madrid". See Location.
	TimeZone string `json:"time_zone"`
	// Languages are the official languages, BCP 47; the first is the default for mail to authorities.
	Languages []string `json:"languages"`
	// MailFrom is the bare address that mail is sent from.
	MailFrom string `json:"mail_from"`
	// MailReplyTo is where answers to mail go; empty: nobody reads them.
	MailReplyTo string `json:"mail_reply_to,omitempty"`
	// Domain is the site's own host name; empty: the content network's. Certificate is the ARN of its certificate, which
	// the content network looks for in us-east-1. Both or none.
	Domain      string `json:"domain,omitempty"`
	Certificate string `json:"certificate,omitempty"`
	// MonthlyBudget, in US dollars, is what the country may cost before its operator is told; 0: the stack's default.
	MonthlyBudget float64 `json:"monthly_budget,omitempty"`
	// Weights say how a match's score is made up.
	Weights Weights `json:"weights"`
	// OfferUnassured: services that nobody has checked are offered too, marked and ranked below.
	OfferUnassured bool `json:"offer_unassured"`
	// MatchesPerNeed is how many matches a person is shown for each need.
	MatchesPerNeed int `json:"matches_per_need"`
	// ResponseDays is how many working days an organization has to answer, when it does not say itself.
	ResponseDays int `json:"response_days"`
	// UrgentResponseDays is the same at most for a case that can't wait; 0: one. See AnswerIn.
	UrgentResponseDays int `json:"urgent_response_days,omitempty"`
	// DigestHour is the hour of a working day, on the country's clocks, at which organizations that want one mail a day get it;
	// 0: at eight. See DigestAt.
	DigestHour int `json:"digest_hour,omitempty"`
	// RetentionDays is how many days an application is kept after it is closed.
	RetentionDays int `json:"retention_days"`
	// HelpLines are official telephone numbers for those in danger.
	HelpLines []HelpLine `json:"help_lines"`
	// Holidays are the public holidays.
	Holidays []Holiday `json:"holidays"`
}

// Weights of the components of a match's score (design §8, decision 0101). None is negative; they sum to 1.
type Weights struct {
	Closeness float64 `json:"closeness"`
	Language  float64 `json:"language"`
	Level     float64 `json:"level"`
	Capacity  float64 `json:"capacity"`
	Freshness float64 `json:"freshness"`
	Priority  float64 `json:"priority"`
}

// HelpLine is an official telephone number and where it is published.
type HelpLine struct {
	// Purpose is one of HelpLinePurposes.
	Purpose string `json:"purpose"`
	Phone   string `json:"phone"`
	// Languages are those that are spoken there, BCP 47, as far as it is known.
	Languages []string `json:"languages,omitempty"`
	// Source is the web address of an official page that gives the number.
	Source string `json:"source"`
	// Checked is the day on which the number was last held against a page of whoever runs the line or of the state, or a
	// stored copy of one, "2026-11-22"; else it is Unchecked, and shown as such.
	Checked   string `json:"checked,omitempty"`
	Unchecked bool   `json:"unchecked,omitempty"`
}

// HelpLinePurposes are what a help line can be for.
var HelpLinePurposes = []string{"emergency", "gender_violence", "human_trafficking", "asylum", "child_protection", "missing_children"}

// Holiday is a public holiday, as a rule for every year: package workdays works out its dates. Exactly one of Date,
// Easter and OrthodoxEaster says when.
type Holiday struct {
	Name string `json:"name"`
	// Date is month and day, "01-06".
	Date string `json:"date,omitempty"`
	// Easter is in days after Western Easter Sunday: -2 is Good Friday.
	Easter *int `json:"easter,omitempty"`
	// OrthodoxEaster is in days after Orthodox Easter Sunday.
	OrthodoxEaster *int `json:"orthodox_easter,omitempty"`
	// Year is the only year in which it is one, for what is decided year by year; 0: every year.
	Year int `json:"year,omitempty"`
	// Areas in which it is a holiday; empty is the whole country.
	Areas []string `json:"areas,omitempty"`
	// Local names the municipality, or the part of the area, that alone has it: the capital, as a rule. It is taken for the whole
	// area, as most of the offices that answer are there, and a holiday too many only makes their time a day longer.
	Local string `json:"local,omitempty"`
	// MondayAfter are the areas in which the Monday after it is a holiday when it falls on a Sunday.
	MondayAfter []string `json:"monday_after,omitempty"`
	// Source is the web address of the page that the rule was read on; it may be missing while the rule is Unchecked:
	// nobody has held it against the official publication.
	Source    string `json:"source,omitempty"`
	Unchecked bool   `json:"unchecked,omitempty"`
}

// Retention is how long after its submission an application is kept.
func (s *Settings) Retention() time.Duration { return time.Duration(s.RetentionDays) * 24 * time.Hour }

// DigestAt is the hour at which daily digests go.
func (s *Settings) DigestAt() int {
	const usual = 8
	if s.DigestHour == 0 {
		return usual
	}
	return s.DigestHour
}

// AnswerIn is how many working days an organization has to answer that says so many itself (0: it doesn't), by whether the case can
// wait.
func (s *Settings) AnswerIn(own int, urgent bool) int {
	days := own
	if days == 0 {
		days = s.ResponseDays
	}
	if urgent {
		days = min(days, max(s.UrgentResponseDays, 1))
	}
	return days
}

// Location gives the country's time zone. The program carries the time zone database (see zone.go), so this fails
// only on a pack that Validate refuses.
func (s *Settings) Location() (*time.Location, error) { return time.LoadLocation(s.TimeZone) }

// Emergency is the telephone number for those in danger; empty if the pack has none.
func (s *Settings) Emergency() string {
	for _, line := range s.HelpLines {
		if line.Purpose == HelpLinePurposes[0] {
			return line.Phone
		}
	}
	return ""
}

// NameIn is the country's name in a language: its area's.
func (p *Pack) NameIn(lang string) string {
	if name := p.Areas.NameIn(p.Code, lang); name != "" {
		return name
	}
	return p.Name
}

// NameAreas gives the parameters of a reason with areas under the names that a language has for them.
func (p *Pack) NameAreas(params eligibility.Params, lang string) eligibility.Params {
	named := make(eligibility.Params, len(params))
	for name, value := range params {
		if code, ok := value.(string); ok && name == "area" && p.Areas.Name(code) != "" {
			value = p.Areas.NameIn(code, lang)
		}
		named[name] = value
	}
	return named
}

// Organization finds an organization by its id; ok is false if there is none.
func (p *Pack) Organization(id string) (organization *hsds.Organization, ok bool) {
	for i := range p.Organizations {
		if p.Organizations[i].ID == id {
			return &p.Organizations[i], true
		}
	}
	return nil, false
}

// Service finds a service by its id; ok is false if there is none.
func (p *Pack) Service(id string) (service *hsds.Service, ok bool) {
	for i := range p.Services {
		if p.Services[i].ID == id {
			return &p.Services[i], true
		}
	}
	return nil, false
}
