package snapshot

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
)

// linear is an index section without an index: what the linear engine reads, as JSON.
type linear struct {
	Version        string
	Services       []hsds.Service
	Organizations  []hsds.Organization
	Areas          []country.Area
	Weights        country.Weights
	OfferUnassured bool
	Zone           string
}

// CompileLinear is a Compiler for the linear engine: the parts of services and organizations that matching looks at.
func CompileLinear(source match.Source) ([]byte, error) {
	if _, err := match.New(source); err != nil {
		return nil, err
	}
	zone := time.UTC
	if source.Location != nil {
		zone = source.Location
	}
	index := linear{
		Version: source.Version, Areas: source.Areas.All(), Weights: source.Weights, OfferUnassured: source.OfferUnassured,
		Zone: zone.String(),
	}
	for i := range source.Services {
		s := &source.Services[i]
		kept := hsds.Service{ID: s.ID, OrganizationID: s.OrganizationID, Status: s.Status, AssuredDate: s.AssuredDate, Immerse: s.Immerse}
		for _, language := range s.Languages {
			kept.Languages = append(kept.Languages, hsds.Language{Code: language.Code})
		}
		for _, capacity := range s.Capacities {
			kept.Capacities = append(kept.Capacities, hsds.Capacity{Available: capacity.Available, Maximum: capacity.Maximum})
		}
		index.Services = append(index.Services, kept)
	}
	for i := range source.Organizations {
		index.Organizations = append(index.Organizations, hsds.Organization{
			ID: source.Organizations[i].ID, Immerse: source.Organizations[i].Immerse,
		})
	}
	return json.Marshal(index)
}

// OpenLinear makes the engine of what CompileLinear gave.
func OpenLinear(section []byte) (match.Engine, error) {
	var index linear
	if err := json.Unmarshal(section, &index); err != nil {
		return nil, fmt.Errorf("%w: the index: %w", ErrForeign, err)
	}
	zone, err := time.LoadLocation(index.Zone)
	if err != nil {
		return nil, fmt.Errorf("%w: the index: %w", ErrForeign, err)
	}
	catalogue, err := match.New(match.Source{
		Version: index.Version, Services: index.Services, Organizations: index.Organizations, Areas: country.NewAreas(index.Areas),
		Weights: index.Weights, OfferUnassured: index.OfferUnassured, Location: zone,
	})
	if err != nil {
		return nil, fmt.Errorf("%w: the index: %w", ErrForeign, err)
	}
	return match.NewLinear(catalogue), nil
}
