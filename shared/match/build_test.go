package match_test

import (
	"strings"
	"testing"
	"time"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
)

var submitted = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// service makes a service that helps with "legal" in the whole of an invented country.
func service(id string, change ...func(*hsds.Service)) hsds.Service {
	s := hsds.Service{ID: id, Name: id, Status: hsds.StatusActive, Immerse: &hsds.ServiceExtension{
		Needs: []string{"legal"}, Areas: []string{"XX"},
	}}
	for _, c := range change {
		c(&s)
	}
	return s
}

func in(areas ...string) func(*hsds.Service) {
	return func(s *hsds.Service) { s.Immerse.Areas = areas }
}

func online(s *hsds.Service) { s.Immerse.Areas, s.Immerse.Online = nil, true }

func assured(date string) func(*hsds.Service) {
	return func(s *hsds.Service) { s.AssuredDate = date }
}

func languages(list ...string) func(*hsds.Service) {
	return func(s *hsds.Service) {
		for _, code := range list {
			s.Languages = append(s.Languages, hsds.Language{Code: code})
		}
	}
}

func open(clauses ...eligibility.Clause) func(*hsds.Service) {
	return func(s *hsds.Service) { s.Immerse.Eligibility = clauses }
}

func places(available, maximum float64) func(*hsds.Service) {
	return func(s *hsds.Service) {
		s.Capacities = append(s.Capacities, hsds.Capacity{Available: &available, Maximum: &maximum})
	}
}

func priority(p float64) func(*hsds.Service) {
	return func(s *hsds.Service) { s.Immerse.Priority = p }
}

func source(services ...hsds.Service) match.Source {
	return match.Source{
		Version:  "v1",
		Services: services,
		Areas: country.NewAreas([]country.Area{
			{Code: "XX", Name: "All"}, {Code: "XX-A", Name: "A", Parent: "XX"}, {Code: "XX-A1", Name: "A1", Parent: "XX-A"},
			{Code: "XX-B", Name: "B", Parent: "XX"},
		}),
		Weights: country.Weights{
			Closeness: 0.35, Language: 0.15, Level: 0.1, Capacity: 0.1, Freshness: 0.15, Priority: 0.15,
		},
		OfferUnassured: true,
	}
}

func find(t *testing.T, s match.Source, p eligibility.Profile, at time.Time) match.Result {
	t.Helper()
	catalogue, err := match.New(s)
	if err != nil {
		t.Fatal(err)
	}
	return match.NewLinear(catalogue).Match(p, at)
}

func person(change ...func(*eligibility.Profile)) eligibility.Profile {
	p := eligibility.Profile{
		Language: "ar", Residence: eligibility.Residence{Region: "XX-A1"}, Needs: []string{"legal"},
		Languages: []eligibility.LanguageSkill{{Code: "ar", Level: "native"}, {Code: "es", Level: "A1"}},
	}
	for _, c := range change {
		c(&p)
	}
	return p
}

func order(r match.Result) string {
	ids := make([]string, len(r.Matches))
	for i, m := range r.Matches {
		ids[i] = m.Service
	}
	return strings.Join(ids, " ")
}
