// Package batch proposes how the scarce places of some services are given to the people who ask for them. It proposes and
// an officer decides: nobody is refused, nothing is stored and no state is changed.
//
// The rule, which docs/fairness.md has in plain words: first the people who surely qualify, then, with the places that are
// left, those for whom something is still to be checked. In each of these two rounds floors come first, then as many places
// as possible, then the scores, then the lots (package assign). A proposal holds all that it follows from, so that package
// certificate, or anybody, can check it; it is therefore as personal as the applications themselves.
package batch

import (
	"time"

	"github.com/miict/immerse/shared/assign"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/groups"
)

// Call is a call for the places of a batch.
type Call struct {
	// ID names the call, and with it draws the lots. It is made known before anybody applies, so that no one can try names
	// until the lots please.
	ID string
	// At is the time that ages and freshness are reckoned at.
	At time.Time
	// Places of each service, by its id. Services without places can be named: people are told.
	Places map[string]int
	// Needs that the places are for.
	Needs []string
	// FloorBy are the attributes whose groups have floors; none: there are no floors.
	FloorBy []groups.Attribute
	// FloorPercent of its proportional share is what each group is guaranteed, 0 to 100.
	FloorPercent int
}

// Person asks.
type Person struct {
	Reference string
	Profile   eligibility.Profile
}

// Proposal is who is proposed for which place, and why.
type Proposal struct {
	Batch     string `json:"batch"`
	At        string `json:"at"`        // RFC 3339
	Catalogue string `json:"catalogue"` // version
	// Note says what a proposal is, for whoever finds the file.
	Note    string         `json:"note"`
	Rule    Rule           `json:"rule"`
	Needs   []string       `json:"needs"`
	Places  []ServicePlace `json:"places"`
	Summary Summary        `json:"summary"`
	Groups  []Group        `json:"groups"`
	// Rounds are the proof: first those who surely qualify, then those to be checked.
	Rounds   []Round   `json:"rounds"`
	Outcomes []Outcome `json:"outcomes"`
}

// Rule is how floors were made.
type Rule struct {
	FloorBy      []groups.Attribute `json:"floor_by"`
	FloorPercent int                `json:"floor_percent"`
	Smallest     int                `json:"smallest_group"`
}

// ServicePlace is how many places a service has.
type ServicePlace struct {
	Service string `json:"service"`
	Places  int    `json:"places"`
}

// Summary counts.
type Summary struct {
	People   int `json:"people"`
	Requests int `json:"requests"` // of a person for a need of the call
	Places   int `json:"places"`
	Proposed int `json:"proposed"`
	ToCheck  int `json:"to_check"` // of those proposed
	Waiting  int `json:"waiting"`
	NoMatch  int `json:"no_match"`
	// Points and FreePoints are the sums of points in the first round, with the floors and without: what they cost.
	Points     int64 `json:"points"`
	FreePoints int64 `json:"points_without_floors"`
}

// Group is how a group fares in the first round.
type Group struct {
	ID string `json:"id"`
	// Asked is how many requests the group has, Could how many of them surely qualify for a place of the batch.
	Asked int `json:"asked"`
	Could int `json:"could"`
	// Floor is how many places it is guaranteed, Proposed how many it gets, Without how many it would get without floors.
	Floor    int `json:"floor"`
	Proposed int `json:"proposed"`
	Without  int `json:"without_floors"`
	// Note is empty, or says why the floor means less than one would think: see the constants.
	Note string `json:"note,omitempty"`
	// Why counts, where nobody qualifies, the rules that are not met.
	Why map[string]int `json:"why,omitempty"`
}

// Notes of groups.
const (
	NoteNobody  = "nobody_qualifies"     // nobody of the group surely qualifies for any place
	NoteNoFloor = "floor_rounds_to_none" // the share is less than one place
	NoteFewOpen = "too_few_places_open"  // fewer places are open to the group than its floor, whoever else asks
	NoteCompete = "floors_compete"       // the floors of several groups need the same places
)

// Round is one of the two assignments, as package certificate reads it.
type Round struct {
	Verdict  eligibility.Verdict `json:"verdict"`
	Services []PricedService     `json:"services"`
	Groups   []PricedGroup       `json:"groups"`
	Requests []Request           `json:"requests"`
}

// PricedService is a service with the places that the round has of it.
type PricedService struct {
	ID     string       `json:"id"`
	Places int          `json:"places"`
	Price  assign.Value `json:"price"`
}

// PricedGroup is a group with its floor in the round.
type PricedGroup struct {
	ID    string       `json:"id"`
	Floor int          `json:"floor"`
	Price assign.Value `json:"price"`
}

// Request is one that has options in the round.
type Request struct {
	Reference string   `json:"reference"`
	Need      string   `json:"need"`
	Group     string   `json:"group"`
	Options   []Option `json:"options"`
	Service   string   `json:"service,omitempty"` // the one proposed
}

// Option is a service with the points that the person has there: the score, in ten thousandths.
type Option struct {
	Service string `json:"service"`
	Points  int64  `json:"points"`
}

// State is what is proposed for a request.
type State string

// The states. None of them is a refusal.
const (
	Proposed State = "proposed"
	Waiting  State = "waiting"
	NoMatch  State = "no_match" // nothing of this batch fits what the person said
)

// Outcome is what is proposed for a person's need.
type Outcome struct {
	Reference string `json:"reference"`
	Need      string `json:"need"`
	State     State  `json:"state"`
	// Service is the one proposed.
	Service string `json:"service,omitempty"`
	// Waiting gives the place in the list of each service that would take the person.
	Waiting []Position `json:"waiting,omitempty"`
	// Reasons of this package first, then those of the match or the miss.
	Reasons []eligibility.Reason `json:"reasons"`
}

// Position is a place in a service's waiting list, from 1.
type Position struct {
	Service  string `json:"service"`
	Position int    `json:"position"`
}

// Reasons of outcomes. The other reasons are those of package eligibility.
const (
	ReasonFit         = "place_by_fit"      // would have a place without floors as well
	ReasonFloor       = "place_by_floor"    // has it because the group would have less than its floor
	ReasonLot         = "place_by_lot"      // others had the same points; service
	ReasonFull        = "places_full"       // service, places: all went to others
	ReasonFullFloor   = "places_for_floors" // would have a place without floors
	ReasonFullLot     = "lot_decided"       // service: somebody with the same points has a place
	ReasonSureFirst   = "sure_first"        // places went to people of whom nothing is left to check
	ReasonOutsideArea = "nothing_here"      // no service of the batch is offered where the person lives
)

// Reasons are all reasons of outcomes that are this package's own, each with a sentence under "batch.reason.<code>".
var Reasons = []string{
	ReasonFit, ReasonFloor, ReasonLot, ReasonFull, ReasonFullFloor, ReasonFullLot, ReasonSureFirst, ReasonOutsideArea,
}

// note stands in every proposal.
const note = "A proposal. An officer decides; nobody is refused by it. It holds personal data."
