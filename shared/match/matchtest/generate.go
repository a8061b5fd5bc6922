package matchtest

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
)

// Few different values, so that people and services meet often.
var (
	needs     = codes.Needs[:3]
	regions   = []string{"XX", "XX-A", "XX-B", "XX-A1", "XX-A2", "XX-B1"}
	languages = []string{"ar", "en", "es", "uk"}
	jobs      = []string{"2", "22", "222", "2221", "2222", "23", "5", "51"}
)

func areas() *country.Areas {
	return country.NewAreas([]country.Area{
		{Code: "XX", Name: "Invented"}, {Code: "XX-A", Name: "A", Parent: "XX"}, {Code: "XX-B", Name: "B", Parent: "XX"},
		{Code: "XX-A1", Name: "A1", Parent: "XX-A"}, {Code: "XX-A2", Name: "A2", Parent: "XX-A"},
		{Code: "XX-B1", Name: "B1", Parent: "XX-B"},
	})
}

func oneOf(list []string) *rapid.Generator[string] { return rapid.SampledFrom(list) }

// some draws from least to most of the values, none twice.
func some(list []string, least, most int) *rapid.Generator[[]string] {
	return rapid.SliceOfNDistinct(oneOf(list), least, most, rapid.ID[string])
}

func maybe[T any](g *rapid.Generator[T]) *rapid.Generator[*T] { return rapid.Ptr(g, true) }

// Time draws a moment of submission, near the ends of years and months now and then.
func Time() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		day := time.Date(2026, 1, rapid.IntRange(1, 730).Draw(t, "day"), 0, 0, 0, 0, time.UTC)
		return day.Add(time.Duration(rapid.IntRange(0, 24*60-1).Draw(t, "minute")) * time.Minute)
	})
}

// Profile draws a person who leaves out whatever they like.
func Profile() *rapid.Generator[eligibility.Profile] {
	return rapid.Custom(func(t *rapid.T) eligibility.Profile {
		p := eligibility.Profile{
			Kind:        "support",
			Language:    oneOf(languages).Draw(t, "language"),
			LegalStatus: oneOf(append([]string{""}, codes.LegalStatuses...)).Draw(t, "status"),
			BirthYear:   maybe(rapid.IntRange(1950, 2020)).Draw(t, "birth year"),
			Gender:      oneOf(append([]string{""}, codes.Genders...)).Draw(t, "gender"),
			Education:   maybe(rapid.IntRange(0, 8)).Draw(t, "education"),
			Occupation:  oneOf(append([]string{""}, jobs...)).Draw(t, "occupation"),
			Needs:       rapid.SliceOfN(oneOf(needs), 0, 4).Draw(t, "needs"),
			Residence: eligibility.Residence{
				Region:          oneOf(append([]string{"", "YY"}, regions...)).Draw(t, "region"),
				MonthsInCountry: maybe(rapid.IntRange(0, 30)).Draw(t, "months"),
			},
		}
		if rapid.Bool().Draw(t, "has household") {
			p.Household = &eligibility.Household{Children: maybe(rapid.IntRange(0, 3)).Draw(t, "children")}
		}
		p.Languages = rapid.SliceOfN(skill(), 0, 3).Draw(t, "languages")
		if rapid.Bool().Draw(t, "has registrations") {
			p.Registrations = some(codes.Registrations, 0, 4).Draw(t, "registrations")
		}
		return p
	})
}

func skill() *rapid.Generator[eligibility.LanguageSkill] {
	return rapid.Custom(func(t *rapid.T) eligibility.LanguageSkill {
		return eligibility.LanguageSkill{
			Code: oneOf(languages).Draw(t, "code"), Level: oneOf(codes.Levels).Draw(t, "level"),
		}
	})
}

// Answered gives the same person who answers everything that they had left out, as precisely as the form allows.
func Answered(t *rapid.T, p eligibility.Profile) eligibility.Profile {
	full := p
	if !decisive[p.LegalStatus] {
		full.LegalStatus = oneOf(codes.LegalStatuses[:8]).Draw(t, "status")
	}
	if p.Gender == "" || p.Gender == codes.Undisclosed {
		full.Gender = oneOf(codes.Genders[:3]).Draw(t, "gender")
	}
	fill := func(value **int, low, high int, label string) {
		if *value == nil {
			drawn := rapid.IntRange(low, high).Draw(t, label)
			*value = &drawn
		}
	}
	household := eligibility.Household{}
	if p.Household != nil {
		household = *p.Household
	}
	full.Household = &household
	fill(&household.Children, 0, 3, "children")
	fill(&full.BirthYear, 1950, 2020, "birth year")
	fill(&full.Education, 0, 8, "education")
	fill(&full.Residence.MonthsInCountry, 0, 30, "months")
	if len(p.Languages) == 0 {
		full.Languages = rapid.SliceOfN(skill(), 1, 3).Draw(t, "languages")
	}
	for len(full.Occupation) < 4 {
		full.Occupation += fmt.Sprint(rapid.IntRange(1, 3).Draw(t, "digit"))
	}
	if p.Registrations == nil {
		full.Registrations = some(codes.Registrations, 0, 4).Draw(t, "registrations")
	}
	return full
}

// decisive are the legal statuses that decide something.
var decisive = func() map[string]bool {
	all := map[string]bool{}
	for _, status := range codes.LegalStatuses {
		if status != codes.Other && status != codes.Undisclosed {
			all[status] = true
		}
	}
	return all
}()

// Source draws a small catalogue of an invented country.
func Source() *rapid.Generator[match.Source] {
	return rapid.Custom(func(t *rapid.T) match.Source {
		zones := []*time.Location{nil, time.UTC, time.FixedZone("east", 3*3600), time.FixedZone("west", -5*3600)}
		source := match.Source{
			Version:        "drawn",
			Areas:          areas(),
			OfferUnassured: rapid.Bool().Draw(t, "offer unassured"),
			Location:       rapid.SampledFrom(zones).Draw(t, "zone"),
			Weights:        weights().Draw(t, "weights"),
		}
		for i := range rapid.IntRange(0, 3).Draw(t, "organizations") {
			source.Organizations = append(source.Organizations, hsds.Organization{
				ID: fmt.Sprint("org-", i), Immerse: &hsds.OrganizationExtension{Language: oneOf(languages).Draw(t, "language")},
			})
		}
		for i := range rapid.SampledFrom([]int{12, 20, 1, 0}).Draw(t, "services") {
			source.Services = append(source.Services, Service(fmt.Sprintf("s-%02d", i)).Draw(t, "service"))
		}
		return source
	})
}

func weights() *rapid.Generator[country.Weights] {
	return rapid.Custom(func(t *rapid.T) country.Weights {
		var w country.Weights
		left := 100
		for _, weight := range []*float64{&w.Closeness, &w.Language, &w.Level, &w.Capacity, &w.Priority} {
			share := rapid.IntRange(0, left-1).Draw(t, "weight")
			*weight = float64(share) / 100
			left -= share
		}
		w.Freshness = float64(left) / 100 // never nought, or an unchecked service could tie with a checked one
		return w
	})
}

// Service draws a service with an id.
func Service(id string) *rapid.Generator[hsds.Service] {
	return rapid.Custom(func(t *rapid.T) hsds.Service {
		s := hsds.Service{
			ID:             id,
			Name:           id,
			OrganizationID: oneOf([]string{"org-0", "org-1", "org-9"}).Draw(t, "organization"),
			Status:         oneOf([]string{"active", "active", "active", "active", "inactive"}).Draw(t, "status"),
		}
		if rapid.Bool().Draw(t, "assured") {
			day := time.Date(2025, 1, rapid.IntRange(1, 1100).Draw(t, "assured day"), 0, 0, 0, 0, time.UTC)
			s.AssuredDate = day.Format(time.DateOnly)
		}
		for _, code := range some(languages, 0, 2).Draw(t, "service languages") {
			s.Languages = append(s.Languages, hsds.Language{Code: code})
		}
		if rapid.Bool().Draw(t, "counts places") {
			s.Capacities = []hsds.Capacity{{
				Available: maybe(rapid.Float64Range(-1, 5)).Draw(t, "available"),
				Maximum:   maybe(rapid.Float64Range(0, 5)).Draw(t, "maximum"),
			}}
		}
		if rapid.IntRange(0, 9).Draw(t, "foreign") > 0 {
			s.Immerse = &hsds.ServiceExtension{
				Needs:       some(needs, 1, 3).Draw(t, "service needs"),
				Areas:       some(regions, 0, 2).Draw(t, "service areas"),
				Online:      rapid.IntRange(0, 4).Draw(t, "online") == 0,
				Priority:    rapid.SampledFrom([]float64{0, 0.5}).Draw(t, "priority"),
				Eligibility: rapid.SliceOfN(Clause(), 0, 3).Draw(t, "eligibility"),
			}
		}
		return s
	})
}
