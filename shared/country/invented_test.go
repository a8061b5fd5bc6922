package country_test

import (
	"errors"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/shared/country"
)

// A country that no code knows is a folder of data and nothing else.
func TestAFurtherCountryIsData(t *testing.T) {
	files := invented(t)
	if diff := cmp.Diff([]string{"xx"}, country.CodesFS(files)); diff != "" {
		t.Error(diff)
	}
	if err := country.CheckFS(files, "xx"); err != nil {
		t.Fatal(err)
	}
	pack, err := country.LoadFS(files, "XX")
	if err != nil {
		t.Fatal(err)
	}
	if err := pack.Validate(); err != nil {
		t.Error(err)
	}
	zone, err := pack.Location()
	if err != nil || zone.String() != "Europe/Lisbon" || pack.Code != "XX" || pack.MatchesPerNeed != 3 {
		t.Errorf("read as %+v, zone %v, %v", pack.Settings, zone, err)
	}
	service, ok := pack.Service(legalID)
	if !ok || service.Name != "Help with legal" {
		t.Fatalf("service: %+v, %v", service, ok)
	}
	if kept, ok := service.Field("x_kept"); !ok || len(kept) == 0 {
		t.Error("an unknown field is lost")
	}
	authority, ok := pack.Organization(service.Immerse.Authority)
	if !ok || authority.Immerse.Inbox != "office@immerse-xx.example" {
		t.Errorf("authority: %+v, %v", authority, ok)
	}
	if _, ok := pack.Service("x"); ok {
		t.Error("an unknown service is found")
	}
	if _, ok := pack.Organization("x"); ok {
		t.Error("an unknown organization is found")
	}
}

func TestUnknownCountries(t *testing.T) {
	for _, code := range []string{"zz", "", ".", "..", "es/services", "../es", "/es"} {
		if _, err := country.Load(code); !errors.Is(err, country.ErrUnknown) {
			t.Errorf("Load(%q): %v", code, err)
		}
	}
	if err := country.CheckFS(fstest.MapFS{}, "xx"); !errors.Is(err, country.ErrUnknown) {
		t.Errorf("%v", err)
	}
}

// The version changes with any byte of the pack, and with where the bytes are.
func TestVersion(t *testing.T) {
	version := func(change func(fstest.MapFS)) string {
		files := invented(t)
		change(files)
		pack, err := country.LoadFS(files, "xx")
		if err != nil {
			t.Fatal(err)
		}
		return pack.Version
	}
	versions := []string{
		version(func(fstest.MapFS) {}),
		version(func(f fstest.MapFS) { f["xx/pack.json"].Data = append(f["xx/pack.json"].Data, ' ') }),
		version(func(f fstest.MapFS) { f["xx/services/legal.json"].Data = append(f["xx/services/legal.json"].Data, ' ') }),
		version(func(f fstest.MapFS) { // the same bytes in the same order, under another name
			f["xx/services/tuition.json"] = f["xx/services/training.json"]
			delete(f, "xx/services/training.json")
		}),
		version(func(f fstest.MapFS) { f["xx/services/more.json"] = f["xx/services/legal.json"] }),
	}
	if versions[0] != version(func(fstest.MapFS) {}) {
		t.Error("the same files have two versions")
	}
	if unique := slices.Compact(slices.Sorted(slices.Values(versions))); len(unique) != len(versions) {
		t.Errorf("different packs have the same version: %v", versions)
	}
}

func TestAreas(t *testing.T) {
	areas := country.NewAreas([]country.Area{
		{Code: "XX", Name: "All"}, {Code: "XX-A", Name: "North", Parent: "XX"}, {Code: "XX-A1", Name: "Far North", Parent: "XX-A"},
		{Code: "XX-B", Name: "South", Parent: "XX"},
	})
	if diff := cmp.Diff([]string{"XX-A1", "XX-A", "XX"}, areas.Ancestors("XX-A1")); diff != "" {
		t.Error(diff)
	}
	if areas.Ancestors("YY") != nil || areas.Ancestors("") != nil {
		t.Error("an unknown area has ancestors")
	}
	for _, test := range []struct {
		region, area string
		want         bool
	}{
		{"XX-A1", "XX-A1", true}, {"XX-A1", "XX-A", true}, {"XX-A1", "XX", true}, {"XX-A", "XX-A1", false},
		{"XX-A1", "XX-B", false}, {"YY", "YY", false}, {"", "", false}, {"XX", "", false},
	} {
		if got := areas.Contains(test.region, test.area); got != test.want {
			t.Errorf("Contains(%q, %q) = %v", test.region, test.area, got)
		}
	}
	if areas.Name("XX-B") != "South" || areas.Name("YY") != "" {
		t.Error("names")
	}
}

// A circle is refused by Validate, but even then nothing hangs.
func TestACircleOfAreasEnds(t *testing.T) {
	areas := country.NewAreas([]country.Area{{Code: "A", Parent: "B"}, {Code: "B", Parent: "A"}})
	if got := areas.Ancestors("A"); len(got) != 2 {
		t.Errorf("%v", got)
	}
	if areas.Contains("A", "C") {
		t.Error("a circle contains what it does not")
	}
}

func TestReasonsNameAreasInTheReadersLanguage(t *testing.T) {
	pack := &country.Pack{Areas: country.NewAreas([]country.Area{{Code: "XX-A", Name: "North", Names: map[string]string{"es": "Norte"}}})}
	params := map[string]any{"area": "XX-A", "min": 3}
	for lang, want := range map[string]string{"es": "Norte", "fr": "North"} {
		if got := pack.NameAreas(params, lang); got["area"] != want || got["min"] != 3 {
			t.Errorf("%s: %v", lang, got)
		}
	}
	if params["area"] != "XX-A" {
		t.Error("the caller's parameters were changed")
	}
}
