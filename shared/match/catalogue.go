package match

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
)

// Source is what a catalogue is made of.
type Source struct {
	// Version goes into each result.
	Version string
	// Services in any order; ids must be unique. A service without our extension or without needs is never matched.
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

// Catalogue is a Source made ready for matching: only what can be offered at all, by need, in the order of ids. It is
// read-only and safe for concurrent use.
type Catalogue struct {
	version     string
	areas       *country.Areas
	areaReasons map[string]eligibility.Reason
	weights     country.Weights
	location    *time.Location
	byNeed      map[string][]*entry
}

// ErrNoAreas is the error of New for a source without areas: without them nobody lives anywhere.
var ErrNoAreas = errors.New("match: the source has no areas")

// New makes a catalogue. The error is ErrNoAreas, or names the services whose id another one has: ties are broken on
// ids, so two services with the same one have no order.
func New(source Source) (*Catalogue, error) {
	if source.Areas == nil {
		return nil, ErrNoAreas
	}
	if err := unique(source.Services); err != nil {
		return nil, err
	}
	c := &Catalogue{
		version:     source.Version,
		areas:       source.Areas,
		areaReasons: make(map[string]eligibility.Reason, len(source.Areas.All())),
		weights:     source.Weights,
		location:    source.Location,
		byNeed:      map[string][]*entry{},
	}
	if c.location == nil {
		c.location = time.UTC
	}
	for _, area := range source.Areas.All() {
		c.areaReasons[area.Code] = eligibility.Reason{
			Code: eligibility.ReasonInArea, Params: eligibility.Params{"area": area.Code},
		}
	}
	c.compile(source)
	return c, nil
}

// FromPack makes the catalogue of a country.
func FromPack(pack *country.Pack) (*Catalogue, error) {
	location, err := pack.Location()
	if err != nil {
		return nil, fmt.Errorf("match: time zone of %s: %w", pack.Code, err)
	}
	return New(Source{
		Version: pack.Version, Services: pack.Services, Organizations: pack.Organizations, Areas: pack.Areas,
		Weights: pack.Weights, OfferUnassured: pack.OfferUnassured, Location: location,
	})
}

func unique(services []hsds.Service) error {
	seen := make(map[string]bool, len(services))
	var errs []error
	for i := range services {
		id := services[i].ID
		if seen[id] {
			errs = append(errs, fmt.Errorf("match: the service id %q stands twice", id))
		}
		seen[id] = true
	}
	return errors.Join(errs...)
}

// compile keeps the services that could be offered, each under every need that it serves.
func (c *Catalogue) compile(source Source) {
	languages := make(map[string]string, len(source.Organizations))
	for i := range source.Organizations {
		if o := &source.Organizations[i]; o.Immerse != nil {
			languages[o.ID] = o.Immerse.Language
		}
	}
	for i := range source.Services {
		s := &source.Services[i]
		if s.Immerse == nil || s.Status != hsds.StatusActive {
			continue
		}
		e := newEntry(s, languages[s.OrganizationID])
		if !e.assured && !source.OfferUnassured {
			continue
		}
		for j, need := range s.Immerse.Needs {
			if !slices.Contains(s.Immerse.Needs[:j], need) {
				c.byNeed[need] = append(c.byNeed[need], e)
			}
		}
	}
	for _, entries := range c.byNeed {
		slices.SortFunc(entries, func(a, b *entry) int { return strings.Compare(a.id, b.id) })
	}
}
