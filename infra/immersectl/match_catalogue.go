package main

import (
	"fmt"

	"github.com/miict/immerse/infra/immersectl/internal/foreign"
	"github.com/miict/immerse/shared/catalogue"
	"github.com/miict/immerse/shared/catalogue/feed"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/snapshot"
)

// engine makes the engine that the functions use, over the catalogue that the flags name.
func (m *matcher) engine(pack *country.Pack) (match.Engine, error) {
	source, err := m.source(pack)
	if err != nil {
		return nil, err
	}
	return newEngine(source)
}

func newEngine(source match.Source) (match.Engine, error) {
	compiled, err := snapshot.CompileIndex(source)
	if err != nil {
		return nil, fmt.Errorf("making the catalogue: %w", err)
	}
	return snapshot.OpenIndex(compiled)
}

// source reads the catalogue that the flags name.
func (m *matcher) source(pack *country.Pack) (match.Source, error) {
	location, err := pack.Location()
	if err != nil {
		return match.Source{}, fmt.Errorf("time zone of %s: %w", pack.Code, err)
	}
	source := match.Source{
		Version: pack.Version, Services: pack.Services, Organizations: pack.Organizations, Areas: pack.Areas,
		Weights: pack.Weights, OfferUnassured: pack.OfferUnassured, Location: location,
	}
	if m.organizations != "" {
		if source.Organizations, err = m.readOrganizations(source.Organizations); err != nil {
			return match.Source{}, err
		}
	}
	if m.catalogue != "" {
		source.Version = m.catalogue
		if source.Services, source.Organizations, err = m.readServices(source); err != nil {
			return match.Source{}, err
		}
	}
	return source, nil
}

func (m *matcher) readOrganizations(organizations []hsds.Organization) ([]hsds.Organization, error) {
	err := m.each(m.organizations, func(r feed.Record) error {
		line := foreign.Read(r.Data, func(string) bool { return true })
		if line.Kind == catalogue.Organization {
			organizations = append(organizations, line.Organization)
		}
		return m.found(m.organizations+": "+r.Place, line.Findings)
	})
	return organizations, err
}

// readServices reads the catalogue, in which organizations may stand too. A bad line is left out; so is the second service
// of an id, as nobody knows which one is meant.
func (m *matcher) readServices(source match.Source) (services []hsds.Service, organizations []hsds.Organization, err error) {
	organizations = source.Organizations
	knownArea := func(code string) bool { _, ok := source.Areas.Lookup(code); return ok }
	first := map[string]string{}
	going := m.progress("services read")
	defer going.end()
	err = m.each(m.catalogue, func(r feed.Record) error {
		going.step()
		place := m.catalogue + ": " + r.Place
		line := foreign.Read(r.Data, knownArea)
		if line.Kind == catalogue.Organization {
			organizations = append(organizations, line.Organization)
		}
		if id := line.Service.ID; id != "" {
			place += " (" + id + ")"
			if other, twice := first[id]; twice {
				line.Problems = append(line.Problems, eligibility.Problem{Path: "id", Text: "is that of " + other + " too"})
			}
			if len(line.Problems) == 0 {
				first[id] = r.Place
				services = append(services, line.Service)
			}
		}
		return m.found(place, line.Findings)
	})
	return services, organizations, err
}
