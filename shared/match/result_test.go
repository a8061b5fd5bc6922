package match_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
)

func TestReasonsOfAMatch(t *testing.T) {
	s := source(service("a", in("XX", "XX-A"), languages("es", "ar"), places(2, 4), assured("2026-11-01"),
		open(eligibility.Clause{Speaks: []string{"ar", "fa"}}), func(s *hsds.Service) { s.Immerse.Online = true }))
	want := []eligibility.Reason{
		{Code: "speaks", Params: eligibility.Params{"language": []string{"ar", "fa"}}},
		{Code: "in_area", Params: eligibility.Params{"area": "XX-A"}},
		{Code: "online"},
		{Code: "shared_language", Params: eligibility.Params{"language": "ar"}},
		{Code: "places_available"},
		{Code: "last_checked", Params: eligibility.Params{"date": "2026-11-01"}},
	}
	if diff := cmp.Diff(want, find(t, s, person(), submitted).Matches[0].Reasons); diff != "" {
		t.Error(diff)
	}
}

func TestLanguageOfTheOrganizationStandsIn(t *testing.T) {
	s := source(service("a", func(s *hsds.Service) { s.OrganizationID = "o" }))
	s.Organizations = []hsds.Organization{{ID: "o", Immerse: &hsds.OrganizationExtension{Language: "ar-SY"}}}
	has := func(r match.Result) bool {
		return slices.ContainsFunc(r.Matches[0].Reasons, func(r eligibility.Reason) bool {
			return r.Code == eligibility.ReasonSharedLanguage
		})
	}
	if !has(find(t, s, person(), submitted)) {
		t.Error("the organization's language is not used for a service that names none")
	}
	s.Services[0].Languages = []hsds.Language{{Code: "es"}}
	if has(find(t, s, person(), submitted)) {
		t.Error("the organization's language is used though the service names its own")
	}
}

func TestTiesBreakOnTheID(t *testing.T) {
	year := 2020
	adult := eligibility.Clause{Age: &eligibility.Range{Min: &year}} // nobody is 2020 years old
	r := find(t, source(service("c"), service("a"), service("b"), service("f", open(adult)), service("d", open(adult)),
		service("e", open(adult))), person(func(p *eligibility.Profile) { p.BirthYear = &year }), submitted)
	if got := order(r); got != "a b c" {
		t.Errorf("matches %q", got)
	}
	if r.Misses[0].Service != "d" || r.Misses[1].Service != "e" || r.Misses[2].Service != "f" {
		t.Errorf("misses %+v", r.Misses)
	}
}

// Of several shared languages, the one that the person speaks best is told, then the first by code.
func TestTheBestSharedLanguageIsTold(t *testing.T) {
	for want, skills := range map[string][]eligibility.LanguageSkill{
		"uk": {{Code: "en", Level: "B1"}, {Code: "uk", Level: "native"}, {Code: "ru", Level: "C2"}},
		"en": {{Code: "uk", Level: "C1"}, {Code: "en", Level: "C1"}, {Code: "ar", Level: "A2"}},
		"ar": {{Code: "uk", Level: "A2"}}, // only the form's own language
	} {
		p := person(func(p *eligibility.Profile) { p.Languages = skills })
		r := find(t, source(service("a", languages("ar", "en", "ru", "uk"))), p, submitted)
		told := slices.ContainsFunc(r.Matches[0].Reasons, func(r eligibility.Reason) bool {
			return r.Code == eligibility.ReasonSharedLanguage && r.Params["language"] == want
		})
		if !told {
			t.Errorf("%v: reasons %v; want %s", skills, r.Matches[0].Reasons, want)
		}
	}
}

// The JSON that the person's page, the store and the API read: every member is always there.
func TestJSONOfAResult(t *testing.T) {
	year := 2020
	adult := eligibility.Clause{Age: &eligibility.Range{Min: &year}}
	p := person(func(p *eligibility.Profile) { p.BirthYear = &year })
	data, err := json.Marshal(find(t, source(service("a"), service("b", open(adult))), p, submitted))
	want := `{"catalogue":"v1","matches":[{"service":"a","need":"legal","verdict":"eligible","missing":[],"score":0.1458,` +
		`"reasons":[{"code":"open_to_all","params":{}},{"code":"in_area","params":{"area":"XX"}},` +
		`{"code":"unchecked","params":{}}]}],"misses":[{"service":"b","need":"legal","reasons":` +
		`[{"code":"age_out_of_range","params":{"min":2020}}]}]}`
	if err != nil || string(data) != want {
		t.Errorf("got  %s, %v\nwant %s", data, err, want)
	}
}

func TestLimit(t *testing.T) {
	var services []hsds.Service
	for i := range 5 {
		services = append(services, service(fmt.Sprint(i), func(s *hsds.Service) {
			s.Immerse.Needs = []string{"legal", "health"}
		}))
	}
	p := person(func(p *eligibility.Profile) { p.Needs = []string{"health", "legal", "health"} })
	all := find(t, source(services...), p, submitted)
	if len(all.Matches) != 10 {
		t.Fatalf("%d matches", len(all.Matches))
	}
	few := match.Limit(all, 2)
	if got := order(few); got != "0 1 0 1" || few.Matches[0].Need != "health" || few.Matches[2].Need != "legal" {
		t.Errorf("limited to %+v", few.Matches)
	}
	if len(all.Matches) != 10 || len(match.Limit(all, 0).Matches) != 10 {
		t.Error("Limit changed what it was given, or 0 is a limit")
	}
}

func TestTheNearestMissesAreTold(t *testing.T) {
	adult, other := 30, []string{"refugee"}
	one := eligibility.Clause{Age: &eligibility.Range{Min: &adult}}
	two := eligibility.Clause{Age: &eligibility.Range{Min: &adult}, LegalStatus: other}
	year := 2000
	p := person(func(p *eligibility.Profile) { p.BirthYear, p.LegalStatus = &year, "resident" })
	r := find(t, source(service("a", open(two)), service("b", open(one)), service("c", open(two, one)),
		service("d", open(two)), service("e", open(one), in("XX-B"))), p, submitted)
	want := []match.Miss{
		{Service: "b", Need: "legal", Reasons: []eligibility.Reason{
			{Code: "age_out_of_range", Params: eligibility.Params{"min": 30}}}},
		{Service: "c", Need: "legal", Reasons: []eligibility.Reason{
			{Code: "age_out_of_range", Params: eligibility.Params{"min": 30}}}},
		{Service: "a", Need: "legal", Reasons: []eligibility.Reason{
			{Code: "legal_status_not_listed", Params: eligibility.Params{"status": other}},
			{Code: "age_out_of_range", Params: eligibility.Params{"min": 30}}}},
	}
	if diff := cmp.Diff(want, r.Misses); diff != "" {
		t.Error(diff)
	}
}
