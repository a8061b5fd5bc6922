// Package hsds holds the Open Referral HSDS 3.1 objects that a catalogue is made of (design §8). Only the fields that
// Immerse uses are typed; every other field of an object is kept as it came and given back when it is marshalled, so
// that a foreign feed goes through unchanged.
package hsds

import (
	"strings"
	"time"

	"github.com/miict/immerse/shared/eligibility"
)

// StatusActive is the only status of a service that is offered to people.
const StatusActive = "active"

// Statuses are HSDS's values of a service's status.
var Statuses = []string{StatusActive, "inactive", "defunct", "temporarily closed"}

// Service is an HSDS 3.1 service. HSDS requires id, name and status.
type Service struct {
	ID             string `json:"id"`
	OrganizationID string `json:"organization_id,omitempty"`
	Name           string `json:"name"`
	AlternateName  string `json:"alternate_name,omitempty"`
	Description    string `json:"description,omitempty"`
	URL            string `json:"url,omitempty"`
	Email          string `json:"email,omitempty"`
	// Status is one of Statuses.
	Status                 string `json:"status"`
	InterpretationServices string `json:"interpretation_services,omitempty"`
	ApplicationProcess     string `json:"application_process,omitempty"`
	FeesDescription        string `json:"fees_description,omitempty"`
	EligibilityDescription string `json:"eligibility_description,omitempty"`
	// AssuredDate is when somebody last checked the entry, YYYY-MM-DD; empty when nobody has. See Assured.
	AssuredDate       string             `json:"assured_date,omitempty"`
	Languages         []Language         `json:"languages,omitempty"`
	RequiredDocuments []RequiredDocument `json:"required_documents,omitempty"`
	Capacities        []Capacity         `json:"capacities,omitempty"`
	// Immerse is our extension; nil on a foreign service, which is then never matched.
	Immerse *ServiceExtension `json:"immerse,omitempty"`

	rest
}

// ServiceExtension is what Immerse adds to a service, under "immerse". It is read strictly: an unknown key in it is an
// error, because a misspelt "eligibility" would open a service to everyone.
type ServiceExtension struct {
	// Needs are of codes.Needs.
	Needs []string `json:"needs"`
	// Areas are ISO 3166-2 codes, or the country's own; the service is for people who live in or under one of them.
	Areas []string `json:"areas"`
	// Online: the service is for people anywhere in the country, whatever Areas says.
	Online bool `json:"online,omitempty"`
	// Authority is the id of the organization that gets the e-mail.
	Authority string `json:"authority"`
	// Priority is 0 to 1; more is ranked higher.
	Priority float64 `json:"priority,omitempty"`
	// Eligibility is an OR of clauses; empty is open to everyone.
	Eligibility []eligibility.Clause `json:"eligibility,omitempty"`
	// Event makes the service something to take part in: an event, a consultation, a council. nil for all others.
	Event *Event `json:"event,omitempty"`
}

// Language is an HSDS language: one in which a service is given.
type Language struct {
	ID   string `json:"id,omitempty"`
	Code string `json:"code,omitempty"` // ISO 639
	Name string `json:"name,omitempty"`
	Note string `json:"note,omitempty"`

	rest
}

// RequiredDocument is an HSDS required document: a paper that the person has to bring.
type RequiredDocument struct {
	ID       string `json:"id,omitempty"`
	Document string `json:"document,omitempty"`
	URI      string `json:"uri,omitempty"`

	rest
}

// Capacity is an HSDS service capacity: how many places there are and how many are free. HSDS calls the unit of
// counting "unit"; it is kept, not read.
type Capacity struct {
	ID          string   `json:"id,omitempty"`
	Available   *float64 `json:"available,omitempty"` // free places, nil when not said
	Maximum     *float64 `json:"maximum,omitempty"`   // all places, nil when not said
	Description string   `json:"description,omitempty"`
	Updated     string   `json:"updated,omitempty"` // RFC 3339

	rest
}

// Described gives who the service is for in the organization's own words, if these are all that is known of it: "" if
// there are none, or if it has conditions that are checked. Who has no conditions is not open to all then.
func (s *Service) Described() string {
	if s.Immerse == nil || len(s.Immerse.Eligibility) > 0 {
		return ""
	}
	return strings.TrimSpace(s.EligibilityDescription)
}

// Assured gives the day, at midnight UTC, on which the service was last checked; ok is false when it never was, or
// when the date cannot be read, which must not pass for checked.
func (s *Service) Assured() (day time.Time, ok bool) {
	if len(s.AssuredDate) > len(time.DateOnly) {
		at, err := time.Parse(time.RFC3339, s.AssuredDate)
		return at.UTC().Truncate(24 * time.Hour), err == nil
	}
	day, err := time.Parse(time.DateOnly, s.AssuredDate)
	return day, err == nil
}
