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

// A Temper is a way in which a random catalogue can be awkward.
type Temper struct {
	Name     string
	services int // at most
	clauses  func(*rand.Rand) []eligibility.Clause
	areas    func(*rand.Rand) []country.Area
	online   int // percent
}

// Tempers are the catalogues that engines are tried on, the plain one and the adversarial.
var Tempers = []Temper{
	{"Plain", 120, randomClauses, forest, 15},
	{"Empty", 0, randomClauses, forest, 0},
	{"Large", 3000, randomClauses, forest, 15},
	{"EverythingMatches", 600, func(*rand.Rand) []eligibility.Clause { return nil }, oneArea, 100},
	{"NothingMatches", 600, func(r *rand.Rand) []eligibility.Clause {
		clauses := randomClauses(r)
		for i := range clauses {
			clauses[i].Gender = []string{"nobody"}
		}
		return clauses
	}, oneArea, 0},
	{"NothingPrunes", 600, func(r *rand.Rand) []eligibility.Clause {
		low, high := r.IntN(5), 100+r.IntN(900)
		return []eligibility.Clause{{Age: &eligibility.Range{Min: &low, Max: &high}}}
	}, oneArea, 100},
	{"EveryConstraint", 120, func(r *rand.Rand) []eligibility.Clause { return []eligibility.Clause{randomClause(r, 100)} }, oneArea, 10},
	{"ThousandClauses", 3, func(r *rand.Rand) []eligibility.Clause {
		clauses := make([]eligibility.Clause, 1000)
		for i := range clauses {
			clauses[i] = randomClause(r, 30)
		}
		return clauses
	}, oneArea, 10},
	{"DuplicateClauses", 300, func(r *rand.Rand) []eligibility.Clause {
		clause := randomClause(rand.New(rand.NewPCG(uint64(r.IntN(3)), 0)), 20)
		return []eligibility.Clause{clause, clause, clause}[:r.IntN(4)]
	}, forest, 10},
	{"DeepAreas", 200, randomClauses, chain, 10},
}

// Random draws a catalogue.
func (t Temper) Random(r *rand.Rand) match.Source {
	list := t.areas(r)
	zones := []*time.Location{nil, time.FixedZone("east", 3*3600), time.FixedZone("west", -5*3600)}
	source := match.Source{
		Version: "random", Areas: country.NewAreas(list), OfferUnassured: chance(r, 80), Location: pick(r, zones),
		Weights: country.Weights{
			Closeness: part(r), Language: part(r), Level: part(r), Capacity: part(r), Freshness: part(r), Priority: part(r),
		},
	}
	if chance(r, 5) {
		source.Weights.Priority = -1 // no pack has that, but Top must not rely on it
	}
	for i := range r.IntN(4) {
		source.Organizations = append(source.Organizations, hsds.Organization{
			ID: fmt.Sprint("org-", i), Immerse: &hsds.OrganizationExtension{Language: pick(r, append(languages, "", "pt-BR"))},
		})
	}
	for i := range r.IntN(t.services + 1) {
		source.Services = append(source.Services, t.service(r, i, list))
	}
	r.Shuffle(len(source.Services), func(i, j int) {
		source.Services[i], source.Services[j] = source.Services[j], source.Services[i]
	})
	return source
}

// part draws a weight in hundredths; often nothing, so that scores are equal.
func part(r *rand.Rand) float64 { return float64(max(0, r.IntN(40)-10)) / 100 }

func (t Temper) service(r *rand.Rand, i int, areas []country.Area) hsds.Service {
	s := hsds.Service{
		ID: fmt.Sprint(pick(r, []string{"", "s-", "ü", "服务-", "\u202eid ", "\x00", "z"}), i), OrganizationID: fmt.Sprint("org-", r.IntN(5)),
		Status: "active",
		Immerse: &hsds.ServiceExtension{
			Online: chance(r, t.online), Priority: pick(r, []float64{0, 0, 0.5, 0.5, 1, -3, 7, 0.123456789}), Eligibility: t.clauses(r),
		},
	}
	if chance(r, 5) {
		s.Status = pick(r, []string{"inactive", "", "defunct"})
	}
	if chance(r, 2) {
		s.Immerse = nil
		return s
	}
	for range 1 + r.IntN(3) {
		s.Immerse.Needs = append(s.Immerse.Needs, pick(r, []string{needs[0], needs[1], needs[2], "ñ"}))
	}
	for range r.IntN(4) {
		s.Immerse.Areas = append(s.Immerse.Areas, pick(r, append(areas, country.Area{Code: "elsewhere"})).Code)
	}
	s.AssuredDate = pick(r, []string{"", "soon", "2026-02-29"})
	if chance(r, 60) {
		day := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 30-r.IntN(420))
		s.AssuredDate = day.Format(pick(r, []string{time.DateOnly, time.RFC3339}))
	}
	for range r.IntN(3) {
		s.Languages = append(s.Languages, hsds.Language{Code: pick(r, append(languages, "", "pt-BR", "ES_mx"))})
	}
	for range r.IntN(3) {
		c := hsds.Capacity{}
		free, all := float64(r.IntN(6)-1), float64(r.IntN(5))
		if chance(r, 80) {
			c.Available = &free
		}
		if chance(r, 80) {
			c.Maximum = &all
		}
		s.Capacities = append(s.Capacities, c)
	}
	return s
}

func oneArea(*rand.Rand) []country.Area { return []country.Area{{Code: "XX"}} }

// forest draws trees of areas: a parent may be unknown.
func forest(r *rand.Rand) []country.Area {
	list := []country.Area{{Code: "XX"}}
	for i := range r.IntN(12) {
		parent := pick(r, list).Code
		if chance(r, 5) {
			parent = "unknown"
		}
		list = append(list, country.Area{Code: fmt.Sprint("XX-", i), Parent: parent})
	}
	return list
}

func chain(r *rand.Rand) []country.Area {
	list := []country.Area{{Code: "XX"}}
	for i := range 60 {
		list = append(list, country.Area{Code: fmt.Sprint("XX-", i), Parent: list[i].Code})
	}
	return list
}

func randomClauses(r *rand.Rand) (clauses []eligibility.Clause) {
	for range r.IntN(4) {
		clauses = append(clauses, randomClause(r, 20))
	}
	return clauses
}

// randomClause draws a clause that has each constraint with a chance, in percent.
func randomClause(r *rand.Rand, percent int) (c eligibility.Clause) {
	list := func(target *[]string, from []string) {
		if chance(r, percent) {
			at := r.Perm(len(from))
			for _, i := range at[:1+r.IntN(min(3, len(from)))] {
				*target = append(*target, from[i])
			}
		}
	}
	ends := func(target **eligibility.Range, high int) {
		if chance(r, percent) {
			a, b := r.IntN(high), r.IntN(high)
			a, b = min(a, b), max(a, b)
			*target = pick(r, []*eligibility.Range{{Min: &a, Max: &b}, {Min: &a}, {Max: &b}, {}})
		}
	}
	list(&c.LegalStatus, append(codes.LegalStatuses, "unheard of"))
	list(&c.NotLegalStatus, codes.LegalStatuses)
	list(&c.Gender, codes.Genders)
	ends(&c.Age, 90)
	ends(&c.HouseholdChildren, 4)
	ends(&c.MonthsInCountry, 30)
	ends(&c.Education, 9)
	if chance(r, percent) {
		c.Languages = map[string]eligibility.LevelRange{}
		for range 1 + r.IntN(2) {
			a, b := r.IntN(len(codes.Levels)), r.IntN(len(codes.Levels))
			low, high := codes.Levels[min(a, b)], codes.Levels[max(a, b)]
			c.Languages[pick(r, append(languages, "ES", "pt"))] = pick(r, []eligibility.LevelRange{{Min: low, Max: high}, {Min: low}, {Max: high}, {}, {Min: "much"}})
		}
	}
	list(&c.Speaks, append(languages, "pt-PT"))
	list(&c.Occupation, append(jobs, ""))
	list(&c.Registrations, codes.Registrations)
	return c
}

// Person draws somebody who lives in one of the areas, or nowhere.
func Person(r *rand.Rand, areas *country.Areas) eligibility.Profile {
	number := func(low, high int) *int {
		if chance(r, 30) {
			return nil
		}
		n := low + r.IntN(high-low+1)
		return &n
	}
	p := eligibility.Profile{
		Language:    pick(r, append(languages, "", "pt-BR")),
		LegalStatus: pick(r, append(codes.LegalStatuses, "", "unheard of")),
		Gender:      pick(r, append(codes.Genders, "")),
		BirthYear:   number(1930, 2026), Education: number(-1, 9),
		Occupation: pick(r, append(jobs, "", "22221", "nurse")),
		Residence:  eligibility.Residence{Region: pick(r, areas.All()).Code, MonthsInCountry: number(0, 30)},
		Needs:      []string{needs[0], needs[1], needs[2], "ñ", needs[0], "nothing"}[r.IntN(3):],
	}
	if chance(r, 2) {
		p.Residence.Region = pick(r, []string{"", "elsewhere", "unknown"})
	}
	if chance(r, 70) {
		p.Household = &eligibility.Household{Children: number(0, 4)}
	}
	for range r.IntN(4) {
		p.Languages = append(p.Languages, eligibility.LanguageSkill{
			Code: pick(r, append(languages, "pt-BR", "AR")), Level: pick(r, append(codes.Levels, "", "some")),
		})
	}
	if chance(r, 70) {
		p.Registrations = []string{}
		for range r.IntN(4) {
			p.Registrations = append(p.Registrations, pick(r, codes.Registrations))
		}
	}
	return p
}
