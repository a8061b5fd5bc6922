package match_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
)

// Each component alone decides the order of services that are otherwise alike. The better service has the later id,
// so that the tie-break would put it last.
func TestEachComponentRanks(t *testing.T) {
	upTo := func(level string) eligibility.Clause {
		return eligibility.Clause{Languages: map[string]eligibility.LevelRange{"es": {Max: level}}}
	}
	tests := []struct {
		name          string
		worse, better func(*hsds.Service)
	}{
		{"own region before the one around it", in("XX-A"), in("XX-A1")},
		{"region before country", in("XX"), in("XX-A")},
		{"country before online", online, in("XX")},
		{"shared language before not known", languages(), languages("es", "ar")},
		{"not known before no shared language", languages("es"), languages()},
		{"the middle of the levels before the edge", open(upTo("A1")), open(upTo("A2"))},
		{"free places before not known", func(*hsds.Service) {}, places(1, 100)},
		{"more free places before fewer", places(1, 10), places(9, 10)},
		{"not known before no free places", places(0, 10), func(*hsds.Service) {}},
		{"checked lately before checked once", assured("2026-08-01"), assured("2026-11-01")},
		{"checked before checked long ago", assured("2026-05-01"), assured("2026-06-01")},
		{"checked long ago before unchecked", func(*hsds.Service) {}, assured("2025-11-22")},
		{"priority", priority(0.2), priority(0.3)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := find(t, source(service("a", test.worse), service("b", test.better)), person(), submitted)
			if got := order(r); got != "b a" {
				t.Errorf("order %q\n%+v", got, r.Matches)
			}
		})
	}
}

// Nobody is ranked down for a language that a person who named none may well speak.
func TestUnsaidLanguagesAreNeutral(t *testing.T) {
	p := person(func(p *eligibility.Profile) { p.Languages = nil })
	r := find(t, source(service("a", languages("es")), service("b")), p, submitted)
	if r.Matches[0].Score != r.Matches[1].Score {
		t.Errorf("scores %v and %v", r.Matches[0].Score, r.Matches[1].Score)
	}
}

// An unchecked service with everything else in its favour ranks below a checked one with nothing.
func TestUncheckedRanksBelowChecked(t *testing.T) {
	best := service("a", in("XX-A1"), languages("ar"), places(9, 9), priority(1))
	worst := service("b", online, languages("el"), places(0, 9), assured("2025-11-22"))
	if got := order(find(t, source(best, worst), person(), submitted)); got != "b a" {
		t.Errorf("order %q", got)
	}
}

func TestEligibleBeforeCheck(t *testing.T) {
	adult := 18
	check := service("a", in("XX-A1"), priority(1), open(eligibility.Clause{Age: &eligibility.Range{Min: &adult}}))
	r := find(t, source(check, service("b")), person(), submitted)
	if got := order(r); got != "b a" {
		t.Errorf("order %q", got)
	}
	if diff := cmp.Diff([]string{"birth_year"}, r.Matches[1].Missing); diff != "" {
		t.Error(diff)
	}
}

func TestFreshness(t *testing.T) {
	tests := []struct {
		date, at, reason string // reason "" is not offered
	}{
		{"2026-05-22", "2026-11-22", eligibility.ReasonLastChecked},
		{"2026-05-21", "2026-11-22", eligibility.ReasonLastCheckedLongAgo},
		{"2025-11-22", "2026-11-22", eligibility.ReasonLastCheckedLongAgo},
		{"2025-11-21", "2026-11-22", ""},
		{"2027-01-01", "2026-11-22", eligibility.ReasonLastChecked},
		{"", "2026-11-22", eligibility.ReasonUnchecked},
		{"last spring", "2026-11-22", eligibility.ReasonUnchecked},
		{"2026-11-01T10:00:00Z", "2026-11-22", eligibility.ReasonLastChecked},
	}
	for _, test := range tests {
		t.Run(test.date, func(t *testing.T) {
			at, err := time.Parse(time.DateOnly, test.at)
			if err != nil {
				t.Fatal(err)
			}
			// Late in the day: the day counts, not the hour.
			r := find(t, source(service("a", assured(test.date))), person(), at.Add(23*time.Hour))
			if test.reason == "" {
				if len(r.Matches)+len(r.Misses) > 0 {
					t.Errorf("offered: %+v", r)
				}
				return
			}
			reasons := r.Matches[0].Reasons
			if last := reasons[len(reasons)-1]; last.Code != test.reason {
				t.Errorf("reason %v", last)
			}
		})
	}
}

func TestUnassuredIsNotOfferedWhenThePackSaysSo(t *testing.T) {
	s := source(service("a"), service("b", assured("2026-11-01")))
	s.OfferUnassured = false
	if got := order(find(t, s, person(), submitted)); got != "b" {
		t.Errorf("offered %q", got)
	}
}

// The day of submission is the catalogue's, not UTC's: at 23:30 UTC on 31 December it is the next year in Nicosia.
func TestAgeIsTakenInTheCountrysTimeZone(t *testing.T) {
	adult, year := 18, 2009
	s := source(service("a", open(eligibility.Clause{Age: &eligibility.Range{Min: &adult}})))
	p := person(func(p *eligibility.Profile) { p.BirthYear = &year })
	late := time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC)
	if got := order(find(t, s, p, late)); got != "" {
		t.Errorf("in UTC the person is 17, offered %q", got)
	}
	s.Location = time.FixedZone("EET", 2*3600)
	if got := order(find(t, s, p, late)); got != "a" {
		t.Errorf("in the country the person is 18, offered %q", got)
	}
}
