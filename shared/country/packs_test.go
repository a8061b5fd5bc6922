package country_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/hsds"
)

// Every embedded pack is valid: the test that a data author runs.
func TestEveryPackIsValid(t *testing.T) {
	if len(country.Codes()) < 3 {
		t.Fatalf("packs: %v; want the three pilots at least", country.Codes())
	}
	for _, code := range country.Codes() {
		t.Run(code, func(t *testing.T) {
			if err := country.CheckEmbedded(code); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestLoadTakesCapitalsAndSmallLetters(t *testing.T) {
	for _, code := range country.Codes() {
		small, err := country.Load(code)
		if err != nil {
			t.Fatal(err)
		}
		capitals, err := country.Load(strings.ToUpper(code))
		if err != nil {
			t.Fatal(err)
		}
		if small.Version != capitals.Version || len(small.Version) != 12 {
			t.Errorf("versions %q and %q", small.Version, capitals.Version)
		}
		if small.Code != strings.ToUpper(code) {
			t.Errorf("pack %s says it is %s", code, small.Code)
		}
	}
}

// The starter packs hold enough to start with, and nothing that nobody has checked passes for checked.
func TestStarterPacks(t *testing.T) {
	for _, code := range country.Codes() {
		t.Run(code, func(t *testing.T) {
			pack, err := country.Load(code)
			if err != nil {
				t.Fatal(err)
			}
			if len(pack.Services) < 40 {
				t.Errorf("%d services; a starter pack has 40 or more", len(pack.Services))
			}
			covered := map[string]int{}
			for i := range pack.Services {
				checkStarterService(t, &pack.Services[i])
				for _, need := range pack.Services[i].Immerse.Needs {
					covered[need]++
				}
			}
			for _, need := range codes.Needs {
				if covered[need] == 0 {
					t.Errorf("no service for %s", need)
				}
			}
			for i := range pack.Organizations {
				checkStarterOrganization(t, &pack.Organizations[i])
			}
		})
	}
}

// uncertain are fields that a starter pack leaves out: nobody has asked the organizations.
var uncertain = []string{
	"phones", "contacts", "schedules", "service_at_locations", "locations", "email", "assured_date", "assurer_email",
	"capacities",
}

func checkStarterService(t *testing.T, s *hsds.Service) {
	t.Helper()
	if s.Immerse == nil {
		t.Fatalf("service %s (%s) has no extension", s.ID, s.Name)
	}
	for _, field := range uncertain {
		if _, ok := s.Field(field); ok && (field != "schedules" || !aDay(s)) {
			t.Errorf("service %s (%s) has %s", s.ID, s.Name, field)
		}
	}
	if s.URL == "" {
		t.Errorf("service %s (%s) has no url", s.ID, s.Name)
	}
}

// aDay tells whether a service is a day that everybody knows, such as one of the United Nations: no hour, no registration.
func aDay(s *hsds.Service) bool {
	span, dated, err := s.Span(time.UTC)
	return err == nil && dated && span.WholeDays && !s.Event().Registration && strings.HasPrefix(s.URL, "https://www.un.org/en/observances/")
}

func checkStarterOrganization(t *testing.T, o *hsds.Organization) {
	t.Helper()
	for _, field := range uncertain {
		if _, ok := o.Field(field); ok {
			t.Errorf("organization %s (%s) has %s", o.ID, o.Name, field)
		}
	}
	if o.Immerse == nil || !strings.HasSuffix(o.Immerse.Inbox, ".example") {
		t.Errorf("organization %s (%s): the inbox is not in the reserved domain", o.ID, o.Name)
	}
	if o.Website == "" {
		t.Errorf("organization %s (%s) has no website", o.ID, o.Name)
	}
}

func TestCodesAreSorted(t *testing.T) {
	if !slices.IsSorted(country.Codes()) {
		t.Errorf("%v", country.Codes())
	}
}

// TestAreasHaveNamesThatTheirReadersCanRead: in letters of their own for Arabic and Ukrainian, and no page that is not
// Greek has Greek letters for Cyprus.
func TestAreasHaveNamesThatTheirReadersCanRead(t *testing.T) {
	for _, code := range country.Codes() {
		pack, err := country.Load(code)
		if err != nil {
			t.Fatal(err)
		}
		for _, area := range pack.Areas.All() {
			for lang, script := range map[string]*unicode.RangeTable{
				"ar": unicode.Arabic, "uk": unicode.Cyrillic, "en": unicode.Latin, "es": unicode.Latin, "it": unicode.Latin, "fr": unicode.Latin,
			} {
				name := area.NameIn(lang)
				for _, r := range name {
					if unicode.IsLetter(r) && !unicode.Is(script, r) && r != 'ʼ' {
						t.Errorf("%s in %s is %q", area.Code, lang, name)
						break
					}
				}
			}
		}
		if pack.NameIn("en") == pack.NameIn("ar") || pack.NameIn(pack.Languages[0]) != pack.Name {
			t.Errorf("%s is called %q in English", code, pack.NameIn("en"))
		}
	}
}
