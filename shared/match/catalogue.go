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
	if err := source.Check(); err != nil {
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
	source, err := SourceOf(pack)
	if err != nil {
		return nil, err
	}
	return New(source)
}

// SourceOf gives what the catalogue of a country is made of. The error is that of the pack's time zone.
func SourceOf(pack *country.Pack) (Source, error) {
	location, err := pack.Location()
	if err != nil {
		return Source{}, fmt.Errorf("match: time zone of %s: %w", pack.Code, err)
	}
	return Source{
		Version: pack.Version, Services: pack.Services, Organizations: pack.Organizations, Areas: pack.Areas,
		Weights: pack.Weights, OfferUnassured: pack.OfferUnassured, Location: location,
	}, nil
}

// Check gives the error that New would.
func (s *Source) Check() error {
	if s.Areas == nil {
		return ErrNoAreas
	}
	seen := make(map[string]bool, len(s.Services))
	var errs []error
	for i := range s.Services {
		id := s.Services[i].ID
		if seen[id] {
			errs = append(errs, fmt.Errorf("match: the service id %q stands twice", id))
		}
		seen[id] = true
	}
	return errors.Join(errs...)
}

// Offered goes through the services that could be offered at all: active, with our extension, and checked by somebody
// unless that is not asked for. organization is the language of the service's organization, "" when it names none.
func (s *Source) Offered(visit func(service *hsds.Service, organization string)) {
	languages := make(map[string]string, len(s.Organizations))
	for i := range s.Organizations {
		if o := &s.Organizations[i]; o.Immerse != nil {
			languages[o.ID] = o.Immerse.Language
		}
	}
	for i := range s.Services {
		service := &s.Services[i]
		if service.Immerse == nil || service.Status != hsds.StatusActive {
			continue
		}
		if _, assured := service.Assured(); assured || s.OfferUnassured {
			visit(service, languages[service.OrganizationID])
		}
	}
}

// compile keeps the services that could be offered, each under every need that it serves.
func (c *Catalogue) compile(source Source) {
	source.Offered(func(s *hsds.Service, organization string) {
		e := newEntry(s, organization)
		for j, need := range s.Immerse.Needs {
			if !slices.Contains(s.Immerse.Needs[:j], need) {
				c.byNeed[need] = append(c.byNeed[need], e)
			}
		}
	})
	for _, entries := range c.byNeed {
		slices.SortFunc(entries, func(a, b *entry) int { return strings.Compare(a.id, b.id) })
	}
}
