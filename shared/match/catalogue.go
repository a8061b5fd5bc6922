package match

import (
	"time"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
)

// Source is what a catalogue is made of.
type Source struct {
	// Version goes into each result.
	Version string
	// Services in any order; ids must be unique. Services without needs or without our extension are never matched.
	Services []hsds.Service
	// Organizations give the language of a service that names none.
	Organizations []hsds.Organization
	// Areas of the country.
	Areas *country.Areas
	// Weights of the score.
	Weights country.Weights
	// OfferUnassured: services that nobody has checked are offered.
	OfferUnassured bool
	// Location is the country's time zone; nil is UTC.
	Location *time.Location
}

// Catalogue is a Source made ready for matching. It is read-only and safe for concurrent use.
type Catalogue struct{}

// New makes a catalogue; the error names an id that occurs twice, or a missing tree of areas.
func New(source Source) (*Catalogue, error) { return &Catalogue{}, nil }

// FromPack makes the catalogue of a country.
func FromPack(pack *country.Pack) (*Catalogue, error) { return &Catalogue{}, nil }

// Linear is the engine that looks at every service of the person's needs.
type Linear struct{}

// NewLinear gives the engine for a catalogue.
func NewLinear(catalogue *Catalogue) *Linear { return &Linear{} }

// Match implements Engine.
func (l *Linear) Match(p eligibility.Profile, at time.Time) Result { return Result{} }

// Limit keeps the first perNeed matches of each need, in their order; 0 or less keeps all. Misses are kept.
func Limit(result Result, perNeed int) Result { return result }
