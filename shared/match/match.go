// Package match finds the services that a person is eligible for and ranks them (design §8). It is pure: no clock, no
// I/O. The same profile, time and catalogue give the same result, always, and in whatever order the catalogue is.
package match

import (
	"time"

	"github.com/miict/immerse/shared/eligibility"
)

// Engine finds matches. Linear is the plain one, package index has the fast one; each passes the suite in package matchtest.
//
// Match is safe for concurrent use, never fails and never panics: a need or a region that nobody knows has no matches.
// at is the time of submission, on whose day ages and freshness are reckoned, in the catalogue's time zone.
type Engine interface {
	Match(p eligibility.Profile, at time.Time) Result
}

// Result is everything found for one person.
type Result struct {
	// Catalogue is the version of the catalogue that was searched.
	Catalogue string `json:"catalogue"`
	// Matches are in the order of the person's needs, and in each need the best first. Never nil.
	Matches []Match `json:"matches"`
	// Misses are the nearest misses, in the order of the person's needs, at most MissesPerNeed for each. Never nil.
	Misses []Miss `json:"misses"`
}

// Match is a pair of a service and a need that it may serve.
type Match struct {
	// Service is the HSDS id of the service.
	Service string `json:"service"`
	// Need is one of codes.Needs.
	Need string `json:"need"`
	// Verdict is True ("eligible") or Unknown ("check").
	Verdict eligibility.Verdict `json:"verdict"`
	// Missing names what has to be known to decide (eligibility.Fields); empty when eligible, never
	// nil.
	Missing []string `json:"missing"`
	// Score is in [0,1], to four decimals (decision 0101).
	Score float64 `json:"score"`
	// Reasons say why, in the order of eligibility.ReasonCodes' groups.
	Reasons []eligibility.Reason `json:"reasons"`
}

// Miss is a service in the person's area, for one of their needs, that they may not use.
type Miss struct {
	Service string `json:"service"`
	Need    string `json:"need"`
	// Reasons are the rules that are not met, of the clause that fails the fewest.
	Reasons []eligibility.Reason `json:"reasons"`
}

// MissesPerNeed is how many of the nearest misses are told.
const MissesPerNeed = 3
