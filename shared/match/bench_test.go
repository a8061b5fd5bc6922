package match_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match"
)

// national makes a catalogue of the size of a whole country's services: 50 districts, every need, and the rules that
// real packs have, drawn with a fixed seed.
func national(services int) match.Source {
	random := rand.New(rand.NewPCG(1, 2))
	list := []country.Area{{Code: "XX", Name: "All"}}
	for region := range 10 {
		code := fmt.Sprintf("XX-%d", region)
		list = append(list, country.Area{Code: code, Name: code, Parent: "XX"})
		for district := range 5 {
			list = append(list, country.Area{Code: fmt.Sprint(code, district), Name: code, Parent: code})
		}
	}
	s := source()
	s.Areas = country.NewAreas(list)
	pick := func(list []string) string { return list[random.IntN(len(list))] }
	for i := range services {
		one := service(fmt.Sprintf("%08d", i), in(list[random.IntN(len(list))].Code), languages("es"))
		one.Immerse.Needs = []string{pick(codes.Needs)}
		low, high := 16+random.IntN(10), 40+random.IntN(40)
		for range random.IntN(3) {
			one.Immerse.Eligibility = append(one.Immerse.Eligibility, eligibility.Clause{
				LegalStatus: []string{pick(codes.LegalStatuses[:8]), pick(codes.LegalStatuses[:8])},
				Age:         &eligibility.Range{Min: &low, Max: &high},
				Languages:   map[string]eligibility.LevelRange{"es": {Max: "B1"}},
			})
		}
		s.Services = append(s.Services, one)
	}
	return s
}

func BenchmarkLinear(b *testing.B) {
	for _, size := range []int{1_000, 100_000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			catalogue, err := match.New(national(size))
			if err != nil {
				b.Fatal(err)
			}
			engine := match.NewLinear(catalogue)
			year := 1994
			p := person(func(p *eligibility.Profile) {
				p.Residence.Region, p.LegalStatus, p.BirthYear = "XX-31", "asylum_seeker", &year
				p.Needs = []string{"employment", "language", "accommodation"}
			})
			b.ReportAllocs()
			for b.Loop() {
				engine.Match(p, submitted)
			}
		})
	}
}

// What a cold start costs: reading a pack and making its catalogue.
func BenchmarkColdStart(b *testing.B) {
	for _, code := range country.Codes() {
		b.Run(code, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				pack, err := country.Load(code)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := match.FromPack(pack); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
