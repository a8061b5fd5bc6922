package matchtest

import (
	"fmt"
	"sort"
	"strings"
	"time"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
)

// The oracle is design §8 transcribed, sentence by sentence, with no regard to speed. It takes only data from the
// packages it checks, no function but areas' parents, and works with words ("true", "unknown", "false") on purpose.

type pair struct{ service, need string }

type outcome struct {
	verdict string
	missing []string
}

type answer struct {
	matches   map[pair]outcome
	misses    []pair // in order
	unassured map[string]bool
}

func oracle(source match.Source, p eligibility.Profile, at time.Time) answer {
	if source.Location != nil {
		at = at.In(source.Location)
	}
	result := answer{matches: map[pair]outcome{}, unassured: map[string]bool{}}
	asked := map[string]bool{}
	for _, need := range p.Needs {
		if asked[need] {
			continue
		}
		asked[need] = true
		type missed struct {
			id     string
			failed int
		}
		var misses []missed
		for _, s := range source.Services {
			result.unassured[s.ID] = s.AssuredDate == ""
			if s.Immerse == nil || !member(need, s.Immerse.Needs) || !offered(source, s, p, at) {
				continue
			}
			verdict, missing, failed := service(s.Immerse.Eligibility, p, at.Year())
			switch verdict {
			case "true":
				result.matches[pair{s.ID, need}] = outcome{"eligible", nil}
			case "unknown":
				result.matches[pair{s.ID, need}] = outcome{"check", missing}
			default:
				misses = append(misses, missed{s.ID, failed})
			}
		}
		sort.Slice(misses, func(i, j int) bool {
			return misses[i].failed < misses[j].failed ||
				misses[i].failed == misses[j].failed && misses[i].id < misses[j].id
		})
		for i := 0; i < len(misses) && i < 3; i++ {
			result.misses = append(result.misses, pair{misses[i].id, need})
		}
	}
	return result
}

// offered: active, in the person's area or online in their country, and not checked over twelve months ago.
func offered(source match.Source, s hsds.Service, p eligibility.Profile, at time.Time) bool {
	if s.Status != "active" {
		return false
	}
	known, inside := false, false
	for region := p.Residence.Region; region != ""; {
		area, ok := source.Areas.Lookup(region)
		if !ok {
			break
		}
		known = true
		inside = inside || member(region, s.Immerse.Areas)
		region = area.Parent
	}
	online := s.Immerse.Online && known
	if !inside && !online {
		return false
	}
	if s.AssuredDate == "" {
		return source.OfferUnassured
	}
	var year, month, day int
	if _, err := fmt.Sscanf(s.AssuredDate, "%d-%d-%d", &year, &month, &day); err != nil {
		return source.OfferUnassured
	}
	// The day after which it is over twelve months ago; 29 February is over on 1 March.
	last := time.Date(year+1, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return last.Format("2006-01-02") >= at.Format("2006-01-02")
}

// service: an OR of clauses; the best counts.
func service(clauses []eligibility.Clause, p eligibility.Profile, year int) (verdict string, missing []string, failed int) {
	if len(clauses) == 0 {
		return "true", nil, 0
	}
	verdict, failed = "false", 1<<30
	for _, c := range clauses {
		v, m, f := clause(c, p, year)
		switch {
		case v == "true":
			return "true", nil, 0
		case v == "unknown" && (verdict == "false" || len(m) < len(missing)):
			verdict, missing = "unknown", m
		case v == "false" && verdict == "false" && f < failed:
			failed = f
		}
	}
	return verdict, missing, failed
}

// clause: false if any constraint is false, else unknown if any is unknown, else true.
func clause(c eligibility.Clause, p eligibility.Profile, year int) (verdict string, missing []string, failed int) {
	lacks := map[string]bool{}
	for _, k := range constraints(c, p, year) {
		switch k.verdict {
		case "false":
			failed++
		case "unknown":
			lacks[k.field] = true
		}
	}
	if failed > 0 {
		return "false", nil, failed
	}
	for field := range lacks {
		missing = append(missing, field)
	}
	sort.Strings(missing)
	if len(missing) > 0 {
		return "unknown", missing, 0
	}
	return "true", nil, 0
}

type constraint struct{ field, verdict string }

func constraints(c eligibility.Clause, p eligibility.Profile, year int) (all []constraint) {
	add := func(field string, said, holds bool) {
		verdict := "unknown"
		if said {
			verdict = fmt.Sprint(holds)
		}
		all = append(all, constraint{field, verdict})
	}
	statusSaid := p.LegalStatus != "" && p.LegalStatus != "undisclosed" && p.LegalStatus != "other"
	if len(c.LegalStatus) > 0 {
		add("legal_status", statusSaid, member(p.LegalStatus, c.LegalStatus))
	}
	if len(c.NotLegalStatus) > 0 {
		add("legal_status", statusSaid, !member(p.LegalStatus, c.NotLegalStatus))
	}
	if len(c.Gender) > 0 {
		add("gender", p.Gender != "" && p.Gender != "undisclosed", member(p.Gender, c.Gender))
	}
	bounded := func(field string, r *eligibility.Range, value *int) {
		if r != nil {
			add(field, value != nil, value != nil && (r.Min == nil || *r.Min <= *value) && (r.Max == nil || *value <= *r.Max))
		}
	}
	var age, children *int
	if p.BirthYear != nil {
		years := year - *p.BirthYear
		age = &years
	}
	if p.Household != nil {
		children = p.Household.Children
	}
	bounded("birth_year", c.Age, age)
	bounded("household.children", c.HouseholdChildren, children)
	bounded("residence.months_in_country", c.MonthsInCountry, p.Residence.MonthsInCountry)
	bounded("education", c.Education, p.Education)
	for code, want := range c.Languages {
		add("languages", len(p.Languages) > 0, atLeast(level(p, code), want.Min) && atMost(level(p, code), want.Max))
	}
	if len(c.Speaks) > 0 {
		speaks := false
		for _, code := range c.Speaks {
			speaks = speaks || atLeast(level(p, code), "B1")
		}
		add("languages", len(p.Languages) > 0, speaks)
	}
	if len(c.Occupation) > 0 {
		all = append(all, constraint{"occupation", occupation(c.Occupation, p.Occupation)})
	}
	if len(c.Registrations) > 0 {
		registered := true
		for _, register := range c.Registrations {
			registered = registered && member(register, p.Registrations)
		}
		add("registrations", p.Registrations != nil, registered)
	}
	return all
}

// occupation: any of, by prefix; a less specific answer could be meant (decision 0102).
func occupation(groups []string, said string) string {
	verdict := "false"
	for _, group := range groups {
		if said != "" && strings.HasPrefix(said, group) {
			return "true"
		}
		if strings.HasPrefix(group, said) {
			verdict = "unknown"
		}
	}
	if said == "" {
		return "unknown"
	}
	return verdict
}

// level: the best that the person gave, A0 for a language that is not listed.
func level(p eligibility.Profile, code string) string {
	best := "A0"
	for _, skill := range p.Languages {
		if skill.Code == code && atLeast(skill.Level, best) {
			best = skill.Level
		}
	}
	return best
}

const ladder = "A0 A1 A2 B1 B2 C1 C2 native"

func atLeast(level, bound string) bool {
	return bound == "" || strings.Index(ladder, level) >= strings.Index(ladder, bound)
}

func atMost(level, bound string) bool { return bound == "" || atLeast(bound, level) }

func member(element string, list []string) bool {
	for _, other := range list {
		if other == element {
			return true
		}
	}
	return false
}
