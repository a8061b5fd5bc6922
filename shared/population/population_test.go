package population_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/population"
)

// TestPeopleArePlausible: answers of the code lists, regions of the country, every status that the country's file names.
func TestPeopleArePlausible(t *testing.T) {
	t.Parallel()
	for _, code := range append(country.Codes(), "zz") {
		pack, err := country.Load("es")
		if err != nil {
			t.Fatal(err)
		}
		if code != "zz" { // a country without a file of its own
			if pack, err = country.Load(code); err != nil {
				t.Fatal(err)
			}
		} else {
			pack.Code = "ZZ"
		}
		people, err := population.Draw(pack, 2026, 3000, 1)
		if err != nil {
			t.Fatal(err)
		}
		again, err := population.Draw(pack, 2026, 3000, 1)
		if err != nil || !reflect.DeepEqual(people, again) {
			t.Errorf("%s: the same seed gives other people, %v", code, err)
		}
		languages, silent := map[string]int{}, 0
		for _, p := range people {
			if _, known := pack.Areas.Lookup(p.Residence.Region); !known || len(p.Needs) == 0 || !slices.Contains(codes.LegalStatuses, p.LegalStatus) {
				t.Fatalf("%s: %+v", code, p)
			}
			if p.BirthYear != nil && (2026-*p.BirthYear < 14 || 2026-*p.BirthYear > 80) || p.Occupation != "" && !codes.Occupation(p.Occupation) {
				t.Fatalf("%s: %+v", code, p)
			}
			for _, skill := range p.Languages {
				if _, known := codes.Level(skill.Level); !known {
					t.Fatalf("%s: %+v", code, p)
				}
			}
			if p.Languages == nil {
				silent++
				continue
			}
			languages[p.Languages[0].Code]++
		}
		if len(languages) < 5 || silent < 200 || silent > 400 {
			t.Errorf("%s: languages %v, %d said none", code, languages, silent)
		}
	}
}
