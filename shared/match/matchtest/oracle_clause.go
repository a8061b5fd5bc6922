package matchtest

import (
	"sort"
	"strings"

	"github.com/miict/immerse/shared/eligibility"
)

// judgement is what the clauses of a service say of a person.
type judgement struct {
	verdict string
	clause  *eligibility.Clause // that decided; nil when there are none
	missing []string
	failed  int
	reasons []eligibility.Reason
}

// service: an OR of clauses; the best counts.
func service(clauses []eligibility.Clause, p eligibility.Profile, year int) judgement {
	if len(clauses) == 0 {
		return judgement{verdict: "true", reasons: []eligibility.Reason{{Code: "open_to_all"}}}
	}
	best := judgement{verdict: "false", failed: 1 << 30}
	for i := range clauses {
		c := clause(&clauses[i], p, year)
		switch {
		case c.verdict == "true":
			return c
		case c.verdict == "unknown" && (best.verdict == "false" || len(c.missing) < len(best.missing)):
			best = c
		case c.verdict == "false" && best.verdict == "false" && c.failed < best.failed:
			best = c
		}
	}
	return best
}

// clause: false if any constraint is false, else unknown if any is unknown, else true.
func clause(c *eligibility.Clause, p eligibility.Profile, year int) judgement {
	result := judgement{clause: c}
	lacks := map[string]bool{}
	var met, missed []eligibility.Reason
	for _, k := range constraints(*c, p, year) {
		switch k.verdict {
		case "false":
			result.failed++
			missed = append(missed, eligibility.Reason{Code: k.missed, Params: k.params})
		case "unknown":
			lacks[k.field] = true
		case "true":
			met = append(met, eligibility.Reason{Code: k.met, Params: k.params})
		}
	}
	if result.failed > 0 {
		result.verdict, result.reasons = "false", missed
		return result
	}
	for field := range lacks {
		result.missing = append(result.missing, field)
	}
	sort.Strings(result.missing)
	result.verdict, result.reasons = "true", met
	for _, field := range result.missing {
		result.verdict = "unknown"
		result.reasons = append(result.reasons, eligibility.Reason{Code: "to_check", Params: eligibility.Params{"field": field}})
	}
	if len(result.reasons) == 0 {
		result.reasons = []eligibility.Reason{{Code: "open_to_all"}}
	}
	return result
}

type constraint struct {
	field, verdict, met, missed string
	params                      eligibility.Params
}

func constraints(c eligibility.Clause, p eligibility.Profile, year int) (all []constraint) {
	add := func(field, verdict, met, missed string, params eligibility.Params) {
		all = append(all, constraint{field, verdict, met, missed, params})
	}
	if len(c.LegalStatus) > 0 {
		add("legal_status", status(p, c.LegalStatus, "true", "false"), "legal_status_is", "legal_status_not_listed",
			eligibility.Params{"status": c.LegalStatus})
	}
	if len(c.NotLegalStatus) > 0 {
		add("legal_status", status(p, c.NotLegalStatus, "false", "true"), "legal_status_not", "legal_status_excluded",
			eligibility.Params{"status": c.NotLegalStatus})
	}
	if len(c.Gender) > 0 {
		verdict := "unknown"
		if p.Gender == "female" || p.Gender == "male" || p.Gender == "non_binary" {
			verdict = word(member(p.Gender, c.Gender))
		}
		add("gender", verdict, "gender_is", "gender_not_listed", eligibility.Params{"gender": c.Gender})
	}
	bounded := func(field string, r *eligibility.Range, value *int, met, missed string) {
		if r == nil || r.Min == nil && r.Max == nil {
			return
		}
		params, verdict := eligibility.Params{}, "unknown"
		if value != nil {
			verdict = word((r.Min == nil || *r.Min <= *value) && (r.Max == nil || *value <= *r.Max))
		}
		if r.Min != nil {
			params["min"] = *r.Min
		}
		if r.Max != nil {
			params["max"] = *r.Max
		}
		add(field, verdict, met, missed, params)
	}
	var age, children *int
	if p.BirthYear != nil {
		years := year - *p.BirthYear
		age = &years
	}
	if p.Household != nil {
		children = p.Household.Children
	}
	hasChildren := "children_in_range"
	if r := c.HouseholdChildren; r != nil && r.Max == nil && r.Min != nil && *r.Min > 0 {
		hasChildren = "has_children"
	}
	bounded("birth_year", c.Age, age, "age_in_range", "age_out_of_range")
	bounded("household.children", c.HouseholdChildren, children, hasChildren, "children_out_of_range")
	bounded("residence.months_in_country", c.MonthsInCountry, p.Residence.MonthsInCountry, "months_in_country_in_range",
		"months_in_country_out_of_range")
	bounded("education", c.Education, p.Education, "education_in_range", "education_out_of_range")
	return append(all, wordsOf(c, p)...)
}

// wordsOf: the constraints on languages, occupation and registrations.
func wordsOf(c eligibility.Clause, p eligibility.Profile) (all []constraint) {
	var codes []string
	for code := range c.Languages {
		codes = append(codes, code)
	}
	sort.Strings(codes)
	for _, code := range codes {
		have, known := level(p, code)
		if low := c.Languages[code].Min; rung(low) >= 0 {
			all = append(all, constraint{"languages", wordIf(known, have >= rung(low)), "language_at_least", "language_below",
				eligibility.Params{"language": code, "level": low}})
		}
		if high := c.Languages[code].Max; rung(high) >= 0 {
			all = append(all, constraint{"languages", wordIf(known, have <= rung(high)), "language_at_most", "language_above",
				eligibility.Params{"language": code, "level": high}})
		}
	}
	if len(c.Speaks) > 0 {
		verdict := "false"
		for _, code := range c.Speaks {
			have, known := level(p, code)
			if known && have >= rung("B1") {
				verdict = "true"
			} else if !known && verdict == "false" {
				verdict = "unknown"
			}
		}
		all = append(all, constraint{"languages", verdict, "speaks", "speaks_none", eligibility.Params{"language": c.Speaks}})
	}
	if len(c.Occupation) > 0 {
		all = append(all, constraint{"occupation", occupation(c.Occupation, p.Occupation), "occupation_is",
			"occupation_not_listed", eligibility.Params{"occupation": c.Occupation}})
	}
	if len(c.Registrations) > 0 {
		registered := true
		for _, register := range c.Registrations {
			registered = registered && member(register, p.Registrations)
		}
		all = append(all, constraint{"registrations", wordIf(p.Registrations != nil, registered), "registered",
			"not_registered", eligibility.Params{"registration": c.Registrations}})
	}
	return all
}

func word(holds bool) string {
	if holds {
		return "true"
	}
	return "false"
}

func wordIf(known, holds bool) string {
	if !known {
		return "unknown"
	}
	return word(holds)
}

// status: undisclosed, other and what is no status decide nothing.
func status(p eligibility.Profile, list []string, listed, unlisted string) string {
	switch p.LegalStatus {
	case "asylum_seeker", "refugee", "subsidiary_protection", "temporary_protection", "resident", "family_member",
		"undocumented", "eu_citizen":
		if member(p.LegalStatus, list) {
			return listed
		}
		return unlisted
	}
	return "unknown"
}

// occupation: any of, by prefix; a less specific answer could be meant (decision 0102).
func occupation(groups []string, said string) string {
	if len(said) < 1 || len(said) > 4 || strings.Trim(said, "0123456789") != "" {
		return "unknown"
	}
	verdict := "false"
	for _, group := range groups {
		if strings.HasPrefix(said, group) {
			return "true"
		}
		if strings.HasPrefix(group, said) {
			verdict = "unknown"
		}
	}
	return verdict
}

// level: the best that the person gave, A0 for a language that is not listed once any is; not known when none is, or when
// this one is given only with levels that nobody knows. Languages compare by their first part (decision 0106).
func level(p eligibility.Profile, code string) (best int, known bool) {
	if len(p.Languages) == 0 {
		return 0, false
	}
	listed := false
	for _, skill := range p.Languages {
		if first(skill.Code) == first(code) {
			listed = true
			if have := rung(skill.Level); have >= 0 {
				known = true
				best = max(best, have)
			}
		}
	}
	return best, known || !listed
}

// rung: where a level stands on the ladder; -1 for what is no level.
func rung(level string) int {
	for i, name := range []string{"A0", "A1", "A2", "B1", "B2", "C1", "C2", "native"} {
		if name == level {
			return i
		}
	}
	return -1
}

// first: the primary subtag of a language.
func first(code string) string {
	return strings.ToLower(strings.Split(strings.ReplaceAll(code, "_", "-"), "-")[0])
}

func member(element string, list []string) bool {
	for _, other := range list {
		if other == element {
			return true
		}
	}
	return false
}
