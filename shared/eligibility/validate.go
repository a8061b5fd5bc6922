package eligibility

import (
	"fmt"
	"maps"
	"slices"

	"github.com/miict/immerse/shared/codes"
)

// Validate names every problem of a clause made in Go, with the same rules as ParseClauses. Problems takes the error
// apart.
func (c *Clause) Validate() error { return joined(c.check(c.empty())) }

func (c *Clause) empty() bool {
	return c.LegalStatus == nil && c.NotLegalStatus == nil && c.Gender == nil && c.Age == nil &&
		c.HouseholdChildren == nil && c.MonthsInCountry == nil && c.Education == nil && c.Languages == nil &&
		c.Speaks == nil && c.Occupation == nil && c.Registrations == nil
}

func (c *Clause) check(empty bool) (problems []Problem) {
	if empty {
		return []Problem{{Text: "has no constraint; a service for everyone has no eligibility at all"}}
	}
	add := func(path string, wrong []Problem) { problems = append(problems, under(path, wrong)...) }
	add("legal_status", checkList(c.LegalStatus, askable(codes.LegalStatuses)))
	add("not_legal_status", checkList(c.NotLegalStatus, askable(codes.LegalStatuses)))
	add("gender", checkList(c.Gender, askable(codes.Genders)))
	add("age", checkRange(c.Age, 150))
	add("household_children", checkRange(c.HouseholdChildren, 50))
	add("months_in_country", checkRange(c.MonthsInCountry, 1200))
	add("education", checkRange(c.Education, codes.EducationMax))
	add("languages", checkLanguages(c.Languages))
	add("speaks", checkList(c.Speaks, language))
	add("occupation", checkList(c.Occupation, codes.Occupation))
	add("registrations", checkList(c.Registrations, askable(codes.Registrations)))
	return problems
}

// askable gives the test for a code that a service can ask for: one of the list that is not a way of saying nothing.
func askable(list []string) func(string) bool {
	return func(code string) bool {
		silent := code == codes.Undisclosed || code == codes.Other || code == codes.None
		return !silent && slices.Contains(list, code)
	}
}

// language tells whether code looks like an ISO 639 code: two or three small letters.
func language(code string) bool {
	if len(code) < 2 || len(code) > 3 {
		return false
	}
	for _, letter := range code {
		if letter < 'a' || letter > 'z' {
			return false
		}
	}
	return true
}

func checkList(list []string, known func(string) bool) (problems []Problem) {
	if list != nil && len(list) == 0 {
		return []Problem{{Text: "is an empty list"}}
	}
	for i, code := range list {
		path := fmt.Sprintf("[%d]", i)
		if !known(code) {
			problems = append(problems, Problem{path, fmt.Sprintf("unknown code %q", code)})
		}
		if slices.Contains(list[:i], code) {
			problems = append(problems, Problem{path, fmt.Sprintf("%q stands twice", code)})
		}
	}
	return problems
}

// checkRange looks at a range whose bounds may be from 0 to highest, a limit that only a slip would pass.
func checkRange(r *Range, highest int) (problems []Problem) {
	if r == nil {
		return nil
	}
	if r.Min == nil && r.Max == nil {
		return []Problem{{Text: "has neither min nor max"}}
	}
	bound := func(name string, value *int) {
		if value != nil && (*value < 0 || *value > highest) {
			problems = append(problems, Problem{name, fmt.Sprintf("%d is not from 0 to %d", *value, highest)})
		}
	}
	bound("min", r.Min)
	bound("max", r.Max)
	if r.Min != nil && r.Max != nil && *r.Min > *r.Max {
		problems = append(problems, Problem{Text: fmt.Sprintf("min %d is more than max %d", *r.Min, *r.Max)})
	}
	return problems
}

func checkLanguages(languages map[string]LevelRange) (problems []Problem) {
	if languages != nil && len(languages) == 0 {
		return []Problem{{Text: "is an empty object"}}
	}
	for _, code := range slices.Sorted(maps.Keys(languages)) {
		if !language(code) {
			problems = append(problems, Problem{code, "is not an ISO 639 code"})
		}
		problems = append(problems, under(code, checkLevels(languages[code]))...)
	}
	return problems
}

func checkLevels(bounds LevelRange) (problems []Problem) {
	if bounds == (LevelRange{}) {
		return []Problem{{Text: "has neither min nor max"}}
	}
	lowest, minKnown := codes.Level(bounds.Min)
	highest, maxKnown := codes.Level(bounds.Max)
	if bounds.Min != "" && !minKnown {
		problems = append(problems, Problem{"min", fmt.Sprintf("unknown level %q", bounds.Min)})
	}
	if bounds.Max != "" && !maxKnown {
		problems = append(problems, Problem{"max", fmt.Sprintf("unknown level %q", bounds.Max)})
	}
	if minKnown && maxKnown && lowest > highest {
		problems = append(problems, Problem{Text: fmt.Sprintf("min %s is more than max %s", bounds.Min, bounds.Max)})
	}
	return problems
}
