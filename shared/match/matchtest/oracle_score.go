package matchtest

import (
	"math"
	"sort"
	"time"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
)

// oracleScore: decision 0101, a row of its table after the other.
func oracleScore(source match.Source, s hsds.Service, clause *eligibility.Clause, p eligibility.Profile, at time.Time) float64 {
	regions := around(source, p)
	steps := len(regions) + 1 // online is one step beyond the country
	for i, region := range regions {
		if where(regions, s) == region {
			steps = i + 1
		}
	}
	language := 0.0
	switch given := languagesOf(source, s); {
	case sharedLanguage(given, p) != "":
		language = 1
	case len(given) == 0 || len(p.Languages) == 0:
		language = 0.5
	}
	priority := s.Immerse.Priority
	if math.IsNaN(priority) {
		priority = 0
	}
	priority = math.Max(0, math.Min(1, priority))
	w := source.Weights
	fresh, checked := freshness(s, at)
	sum := 0.0
	for _, product := range []float64{
		w.Closeness * (1 / float64(steps)), w.Language * language, w.Level * levelFit(clause, p), w.Capacity * capacity(s),
		w.Freshness * fresh, w.Priority * priority,
	} {
		sum += product
	}
	sum = math.Max(0, math.Min(1, sum))
	if checked {
		return math.Round((0.5+sum/2)*10000) / 10000
	}
	return math.Round(sum/2*10000) / 10000
}

// freshness: 1 today, 0.75 at six months, then 0.5 down to 0.25 at twelve; 0 if never checked.
func freshness(s hsds.Service, at time.Time) (component float64, checked bool) {
	day, ok := checkedOn(s)
	if !ok {
		return 0, false
	}
	today := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
	half, year := day.AddDate(0, 6, 0), day.AddDate(0, 12, 0)
	days := func(from, to time.Time) float64 { return to.Sub(from).Hours() / 24 }
	switch {
	case today.Before(day):
		return 1, true
	case !today.After(half):
		return 1 - 0.25*(days(day, today)/days(day, half)), true
	}
	return 0.5 - 0.25*(days(half, today)/days(half, year)), true
}

// levelFit: the mean of how near the person is to the middle of each level that the deciding clause asks for.
func levelFit(c *eligibility.Clause, p eligibility.Profile) float64 {
	if c == nil {
		return 0.5
	}
	var fits []float64
	add := func(low, high, have int) {
		fit := 1.0
		if high > low {
			middle := float64(low+high) / 2
			fit = 1 - math.Min(1, math.Abs(float64(have)-middle)/(float64(high-low)/2))/2
		}
		fits = append(fits, fit)
	}
	var codes []string
	for code := range c.Languages {
		codes = append(codes, code)
	}
	sort.Strings(codes)
	for _, code := range codes {
		low, high := rung(c.Languages[code].Min), rung(c.Languages[code].Max)
		if low < 0 && high < 0 {
			continue
		}
		if high < 0 {
			high = rung("native")
		}
		if have, known := level(p, code); known {
			add(max(low, 0), high, have)
		}
	}
	if r := c.Education; r != nil && (r.Min != nil || r.Max != nil) && p.Education != nil {
		low, high := 0, 8
		if r.Min != nil {
			low = *r.Min
		}
		if r.Max != nil {
			high = *r.Max
		}
		add(low, high, *p.Education)
	}
	if len(fits) == 0 {
		return 0.5
	}
	sum := 0.0
	for _, fit := range fits {
		sum += fit
	}
	return sum / float64(len(fits))
}

// capacity: 0.5 if nothing is said, 0 if nothing is free, 0.5 and half of the free share if something is: the best of all.
func capacity(s hsds.Service) float64 {
	said, best := false, 0.0
	for _, c := range s.Capacities {
		if c.Available == nil {
			continue
		}
		said = true
		if *c.Available > 0 {
			share := 1.0
			if c.Maximum != nil && *c.Maximum > 0 {
				share = math.Min(1, *c.Available / *c.Maximum)
			}
			best = math.Max(best, 0.5+0.5*share)
		}
	}
	if !said {
		return 0.5
	}
	return best
}

// languagesOf: a service that names no language is taken to work in its organization's.
func languagesOf(source match.Source, s hsds.Service) (codes []string) {
	for _, language := range s.Languages {
		if language.Code != "" {
			codes = append(codes, first(language.Code))
		}
	}
	if len(codes) == 0 {
		for _, organization := range source.Organizations {
			if organization.ID == s.OrganizationID && organization.Immerse != nil && organization.Immerse.Language != "" {
				codes = []string{first(organization.Immerse.Language)}
			}
		}
	}
	return codes
}

// sharedLanguage: the best that the person speaks at B1 or better, of several the first by code; else that of the form.
func sharedLanguage(given []string, p eligibility.Profile) string {
	best, code := -1, ""
	for _, skill := range p.Languages {
		have, spoken := rung(skill.Level), first(skill.Code)
		if have >= rung("B1") && member(spoken, given) && (have > best || have == best && spoken < code) {
			best, code = have, spoken
		}
	}
	if best < 0 && p.Language != "" && member(first(p.Language), given) {
		code = first(p.Language)
	}
	return code
}

// facts: what is said of the offer itself, after the rules.
func facts(source match.Source, s hsds.Service, p eligibility.Profile, at time.Time) (list []eligibility.Reason) {
	say := func(holds bool, code string, params eligibility.Params) {
		if holds {
			list = append(list, eligibility.Reason{Code: code, Params: params})
		}
	}
	area := where(around(source, p), s)
	say(area != "", "in_area", eligibility.Params{"area": area})
	say(s.Immerse.Online, "online", nil)
	language := sharedLanguage(languagesOf(source, s), p)
	say(language != "", "shared_language", eligibility.Params{"language": language})
	said := false
	for _, c := range s.Capacities {
		said = said || c.Available != nil
	}
	say(said && capacity(s) > 0, "places_available", nil)
	say(said && capacity(s) == 0, "no_places", nil)
	day, checked := checkedOn(s)
	long := at.Format(time.DateOnly) > day.AddDate(0, 6, 0).Format(time.DateOnly)
	date := eligibility.Params{"date": day.Format(time.DateOnly)}
	say(checked && !long, "last_checked", date)
	say(checked && long, "last_checked_long_ago", date)
	say(!checked, "unchecked", nil)
	return list
}
