package matchtest

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
)

// Submitted is when the people of People hand in.
var Submitted = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// National makes the catalogue of a whole country, so many services: each has the needs and the eligibility of some
// service of the country's pack, in three of ten with other numbers, and the rest is drawn, with a fixed seed. Of a hundred
// services ninety are for one of the smallest areas and one for the whole country, and one is online as well: a pack begins
// with what is national, and grows by what is local.
func National(code string, services int) (match.Source, error) {
	pack, err := country.Load(code)
	if err != nil {
		return match.Source{}, err
	}
	source, err := match.SourceOf(pack)
	if err != nil {
		return match.Source{}, err
	}
	random := rand.New(rand.NewPCG(1, uint64(services)))
	levels := byDepth(source.Areas)
	models := source.Services
	source.Services = make([]hsds.Service, services)
	for i := range source.Services {
		source.Services[i] = national(random, models[random.IntN(len(models))], levels, pack.Languages[0])
		source.Services[i].ID = uuid(random)
	}
	return source, nil
}

// byDepth gives the codes of areas, the country's first.
func byDepth(areas *country.Areas) (levels [][]string) {
	for _, area := range areas.All() {
		depth := len(areas.Ancestors(area.Code)) - 1
		for len(levels) <= depth {
			levels = append(levels, nil)
		}
		levels[depth] = append(levels[depth], area.Code)
	}
	return levels
}

func uuid(random *rand.Rand) string {
	a, b := random.Uint64(), random.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>52, b&(1<<48-1))
}

func pick[T any](random *rand.Rand, list []T) T { return list[random.IntN(len(list))] }

func chance(random *rand.Rand, percent int) bool { return random.IntN(100) < percent }

func national(random *rand.Rand, model hsds.Service, levels [][]string, language string) hsds.Service {
	s := hsds.Service{Name: model.Name, Status: hsds.StatusActive, OrganizationID: model.OrganizationID}
	depth := len(levels) - 1
	for depth > 0 && chance(random, 10) {
		depth--
	}
	s.Immerse = &hsds.ServiceExtension{
		Needs:    model.Immerse.Needs,
		Areas:    []string{pick(random, levels[depth])},
		Online:   chance(random, 1),
		Priority: float64(random.IntN(11)) / 10,
	}
	s.Immerse.Eligibility = model.Immerse.Eligibility
	if chance(random, 30) {
		s.Immerse.Eligibility = varied(random, model.Immerse.Eligibility)
	}
	s.Languages = []hsds.Language{{Code: language}}
	for _, other := range []string{"en", "ar", "fr", "uk", "ro"} {
		if chance(random, 8) {
			s.Languages = append(s.Languages, hsds.Language{Code: other})
		}
	}
	if chance(random, 70) {
		s.AssuredDate = Submitted.AddDate(0, 0, -random.IntN(400)).Format(time.DateOnly)
	}
	if chance(random, 40) {
		places := float64(10 * (1 + random.IntN(6)))
		free := float64(random.IntN(int(places) + 1))
		s.Capacities = []hsds.Capacity{{Available: &free, Maximum: &places}}
	}
	return s
}

// varied gives the same clauses with other numbers.
func varied(random *rand.Rand, clauses []eligibility.Clause) []eligibility.Clause {
	moved := func(r *eligibility.Range, by int) *eligibility.Range {
		if r == nil {
			return nil
		}
		shift := random.IntN(2*by+1) - by
		other := &eligibility.Range{}
		if r.Min != nil {
			low := max(*r.Min+shift, 0)
			other.Min = &low
		}
		if r.Max != nil {
			high := max(*r.Max+shift, 0)
			other.Max = &high
		}
		return other
	}
	other := make([]eligibility.Clause, len(clauses))
	for i, c := range clauses {
		c.Age, c.MonthsInCountry, c.HouseholdChildren = moved(c.Age, 4), moved(c.MonthsInCountry, 3), moved(c.HouseholdChildren, 1)
		other[i] = c
	}
	return other
}

// People draws so many profiles of people who live in a country, with a fixed seed. Most say most things.
func People(areas *country.Areas, people int) []eligibility.Profile {
	random := rand.New(rand.NewPCG(3, 4))
	levels := byDepth(areas)
	list := make([]eligibility.Profile, people)
	number := func(low, high int) *int {
		if chance(random, 20) {
			return nil
		}
		n := low + random.IntN(high-low+1)
		return &n
	}
	for i := range list {
		p := &list[i]
		p.Kind, p.Language = "support", pick(random, []string{"ar", "es", "fr", "uk", "en"})
		p.Residence = eligibility.Residence{Region: pick(random, levels[len(levels)-1]), MonthsInCountry: number(0, 48)}
		p.LegalStatus = pick(random, codes.LegalStatuses)
		p.BirthYear, p.Education = number(1950, 2012), number(0, 8)
		p.Gender = pick(random, codes.Genders)
		p.Household = &eligibility.Household{Children: number(0, 4)}
		if chance(random, 80) {
			p.Languages = []eligibility.LanguageSkill{{Code: p.Language, Level: "native"}, {Code: "es", Level: pick(random, codes.Levels)}}
		}
		if chance(random, 60) {
			p.Occupation = pick(random, []string{"2221", "5120", "9112", "71", "2", "8322"})
		}
		if chance(random, 80) {
			p.Registrations = []string{}
			for _, register := range codes.Registrations {
				if register != codes.None && chance(random, 30) {
					p.Registrations = append(p.Registrations, register)
				}
			}
		}
		for _, at := range random.Perm(len(codes.Needs))[:3] {
			p.Needs = append(p.Needs, codes.Needs[at])
		}
	}
	return list
}

// Unprunable makes a catalogue that gives an index nothing to go by: every service is for the whole country and for all
// needs, and has ranges that hardly another one has. About half of them match.
func Unprunable(code string, services int) (match.Source, error) {
	source, err := National(code, services)
	if err != nil {
		return match.Source{}, err
	}
	random := rand.New(rand.NewPCG(5, uint64(services)))
	country := byDepth(source.Areas)[0]
	ends := func(low, high int) *eligibility.Range {
		a, b := random.IntN(low+1), high+random.IntN(low+1)
		return &eligibility.Range{Min: &a, Max: &b}
	}
	for i := range source.Services {
		x := source.Services[i].Immerse
		x.Needs, x.Areas, x.Eligibility = codes.Needs, country, nil
		for range 1 + random.IntN(2) {
			x.Eligibility = append(x.Eligibility, eligibility.Clause{
				Age: ends(30, 45), MonthsInCountry: ends(20, 30), Education: ends(3, 5), HouseholdChildren: ends(1, 3),
			})
		}
	}
	return source, nil
}

// Grown makes a catalogue of so many services in which no woman and no man has more matches than in the national one of
// base services: what is added is of the same kind and in the same places, but for others, or, if elsewhere, is like the
// base and in other areas than those of the region.
func Grown(code string, base, services int, elsewhere bool, region string) (match.Source, error) {
	source, err := National(code, base)
	if err != nil {
		return match.Source{}, err
	}
	more, err := National(code, services-base)
	if err != nil {
		return match.Source{}, err
	}
	levels := byDepth(source.Areas)
	smallest := levels[len(levels)-1]
	for _, s := range more.Services {
		if elsewhere {
			s.Immerse.Online = false
			for i, area := range s.Immerse.Areas {
				if source.Areas.Contains(region, area) {
					s.Immerse.Areas[i] = smallest[0]
				}
			}
		} else {
			s.Immerse.Eligibility = forOthers(s.Immerse.Eligibility)
		}
		source.Services = append(source.Services, s)
	}
	return source, nil
}

func forOthers(clauses []eligibility.Clause) (others []eligibility.Clause) {
	for _, c := range append([]eligibility.Clause(nil), clauses...) {
		c.Gender = []string{"non_binary"}
		others = append(others, c)
	}
	if len(others) == 0 {
		others = []eligibility.Clause{{Gender: []string{"non_binary"}}}
	}
	return others
}
