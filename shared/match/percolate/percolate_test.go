package percolate_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/match/matchtest"
	"github.com/miict/immerse/shared/match/percolate"
)

type triple struct {
	person        int
	service, need string
}

// found asks the index about every service of a source.
func found(source match.Source, people []percolate.Person, at time.Time) map[triple]string {
	rules := percolate.Rules{Areas: source.Areas, Location: source.Location, OfferUnassured: source.OfferUnassured}
	index := percolate.New(rules, people)
	all := map[triple]string{}
	for i := range source.Services {
		s := &source.Services[i]
		for _, fit := range index.Find(s, day(at, source.Location)) {
			all[triple{fit.Person, s.ID, fit.Need}] = fit.Verdict.String()
		}
	}
	return all
}

// day is midnight UTC of the day that at is in a place.
func day(at time.Time, location *time.Location) time.Time {
	if location != nil {
		at = at.In(location)
	}
	year, month, date := at.Date()
	return time.Date(year, month, date, 0, 0, 0, 0, time.UTC)
}

func TestFindsWhatTheDesignFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		source, today := matchtest.Source().Draw(t, "source"), matchtest.Time().Draw(t, "today")
		var people []percolate.Person
		want := map[triple]string{}
		for i := range rapid.SampledFrom([]int{8, 63, 64, 65, 1, 0}).Draw(t, "people") {
			p := percolate.Person{Profile: matchtest.Profile().Draw(t, "profile"), Submitted: today.AddDate(0, -rapid.IntRange(0, 14).Draw(t, "months ago"), 0)}
			people = append(people, p)
			for pair, verdict := range matchtest.Design(source, percolate.AsOf(p, today, source.Location), today) {
				want[triple{i, pair[0], pair[1]}] = verdict
			}
		}
		if diff := cmp.Diff(want, found(source, people, today), cmp.AllowUnexported(triple{})); diff != "" {
			t.Fatalf("fits (-design +index):\n%s", diff)
		}
	})
}

// What no form lets through, matching takes as not said: so must this, as the engine is the other half of the same work.
func TestOddAnswersAreTakenAsTheEngineTakesThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		source, today := matchtest.Source().Draw(t, "source"), matchtest.Time().Draw(t, "today")
		catalogue, err := match.New(source)
		if err != nil {
			t.Fatal(err)
		}
		var people []percolate.Person
		want := map[triple]string{}
		for i := range 10 {
			p := percolate.Person{Profile: matchtest.Profile().Draw(t, "profile"), Submitted: today}
			for j := range p.Profile.Languages {
				p.Profile.Languages[j].Level = rapid.SampledFrom([]string{"fluent", "", "B1", "A1"}).Draw(t, "level")
			}
			p.Profile.Occupation = rapid.SampledFrom([]string{"nurse", "22211", "22", ""}).Draw(t, "occupation")
			people = append(people, p)
			for _, m := range match.NewLinear(catalogue).Match(p.Profile, today).Matches {
				want[triple{i, m.Service, m.Need}] = m.Verdict.String()
			}
		}
		if diff := cmp.Diff(want, found(source, people, today), cmp.AllowUnexported(triple{})); diff != "" {
			t.Fatalf("fits (-engine +index):\n%s", diff)
		}
	})
}

func TestAnAgeStaysThatOfTheSubmission(t *testing.T) {
	year := 2009
	p := percolate.Person{
		Profile:   eligibility.Profile{BirthYear: &year},
		Submitted: time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC), // in Nicosia it is 2027
	}
	nicosia := time.FixedZone("Nicosia", 2*3600)
	today := time.Date(2028, 3, 1, 12, 0, 0, 0, time.UTC)
	if got := *percolate.AsOf(p, today, nicosia).BirthYear; got != 2010 {
		t.Errorf("birth year %d: who was 18 in 2027 would be %d in 2028", got, 2028-got)
	}
	if year != 2009 {
		t.Error("the profile given was changed")
	}
}

// crowd makes people of a whole country, and services as real packs have them, with a fixed seed.
func crowd(people int) (match.Source, []percolate.Person, time.Time) {
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(list []string) string { return list[random.IntN(len(list))] }
	number := func(low, high int) *int { n := low + random.IntN(high-low+1); return &n }
	areas := []country.Area{{Code: "XX", Name: "All"}}
	var districts []string
	for region := range 10 {
		code := fmt.Sprintf("XX-%d", region)
		areas = append(areas, country.Area{Code: code, Name: code, Parent: "XX"})
		for district := range 5 {
			areas = append(areas, country.Area{Code: fmt.Sprint(code, district), Name: code, Parent: code})
			districts = append(districts, fmt.Sprint(code, district))
		}
	}
	source := match.Source{Version: "v", Areas: country.NewAreas(areas), OfferUnassured: true, Weights: country.Weights{Closeness: 1}}
	today := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	var list []percolate.Person
	for range people {
		list = append(list, percolate.Person{Submitted: today, Profile: eligibility.Profile{
			Language: "ar", LegalStatus: pick(codes.LegalStatuses), BirthYear: number(1950, 2010), Gender: pick(codes.Genders),
			Education: number(0, 8), Household: &eligibility.Household{Children: number(0, 3)},
			Languages: []eligibility.LanguageSkill{{Code: pick([]string{"ar", "uk", "fr"}), Level: "native"}, {Code: "es", Level: pick(codes.Levels)}},
			Needs:     []string{pick(codes.Needs), pick(codes.Needs), pick(codes.Needs)},
			Residence: eligibility.Residence{Region: pick(districts), MonthsInCountry: number(0, 60)},
		}})
	}
	for i := range 50 {
		s := hsds.Service{ID: fmt.Sprintf("%04d", i), Status: hsds.StatusActive, Immerse: &hsds.ServiceExtension{
			Needs: []string{pick(codes.Needs)}, Areas: []string{areas[random.IntN(len(areas))].Code},
		}}
		for range random.IntN(3) {
			s.Immerse.Eligibility = append(s.Immerse.Eligibility, eligibility.Clause{
				LegalStatus: []string{pick(codes.LegalStatuses[:8]), pick(codes.LegalStatuses[:8])},
				Age:         &eligibility.Range{Min: number(16, 26), Max: number(40, 80)},
				Languages:   map[string]eligibility.LevelRange{"es": {Max: "B1"}},
			})
		}
		source.Services = append(source.Services, s)
	}
	return source, list, today
}

// The index against the same question put to every person: both with everything prepared that can be, 50 services an
// operation.
func BenchmarkFind(b *testing.B) {
	for _, size := range []int{1_000, 100_000} {
		source, people, today := crowd(size)
		rules := percolate.Rules{Areas: source.Areas, OfferUnassured: true}
		b.Run(fmt.Sprintf("Index/%d", size), func(b *testing.B) {
			index := percolate.New(rules, people)
			b.ReportAllocs()
			for b.Loop() {
				for i := range source.Services {
					index.Find(&source.Services[i], today)
				}
			}
		})
		b.Run(fmt.Sprintf("EveryPerson/%d", size), func(b *testing.B) { everyPerson(b, source, people) })
		b.Run(fmt.Sprintf("Building/%d", size), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				percolate.New(rules, people)
			}
		})
	}
}

// everyPerson judges each person for each service, on facts prepared once: what a loop would do.
func everyPerson(b *testing.B, source match.Source, people []percolate.Person) {
	facts := make([]eligibility.Facts, len(people))
	for i, p := range people {
		facts[i] = eligibility.Prepare(p.Profile, p.Submitted)
	}
	var rules []*eligibility.Rules
	for i := range source.Services {
		rules = append(rules, eligibility.Compile(source.Services[i].Immerse.Eligibility))
	}
	b.ReportAllocs()
	for b.Loop() {
		for s := range source.Services {
			x, fits := source.Services[s].Immerse, 0
			for i := range people {
				p := &people[i].Profile
				needed := p.Needs[0] == x.Needs[0] || p.Needs[1] == x.Needs[0] || p.Needs[2] == x.Needs[0]
				if needed && source.Areas.Contains(p.Residence.Region, x.Areas[0]) && rules[s].Judge(&facts[i]).Verdict != eligibility.False {
					fits++
				}
			}
		}
	}
}
