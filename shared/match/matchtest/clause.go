package matchtest

import (
	"pgregory.net/rapid"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/eligibility"
)

// fill are the constraints of a clause, each with a way to draw it.
var fill = []func(*rapid.T, *eligibility.Clause){
	func(t *rapid.T, c *eligibility.Clause) {
		c.LegalStatus = some(codes.LegalStatuses[:8], 1, 3).Draw(t, "legal_status")
	},
	func(t *rapid.T, c *eligibility.Clause) {
		c.NotLegalStatus = some(codes.LegalStatuses[:8], 1, 3).Draw(t, "not_legal_status")
	},
	func(t *rapid.T, c *eligibility.Clause) { c.Gender = some(codes.Genders[:3], 1, 2).Draw(t, "gender") },
	func(t *rapid.T, c *eligibility.Clause) { c.Age = bounds(0, 80).Draw(t, "age") },
	func(t *rapid.T, c *eligibility.Clause) { c.HouseholdChildren = bounds(0, 3).Draw(t, "children") },
	func(t *rapid.T, c *eligibility.Clause) { c.MonthsInCountry = bounds(0, 30).Draw(t, "months") },
	func(t *rapid.T, c *eligibility.Clause) { c.Education = bounds(0, 8).Draw(t, "education") },
	func(t *rapid.T, c *eligibility.Clause) {
		c.Languages = map[string]eligibility.LevelRange{}
		for _, code := range some(languages, 1, 2).Draw(t, "languages") {
			c.Languages[code] = levels().Draw(t, "levels")
		}
	},
	func(t *rapid.T, c *eligibility.Clause) { c.Speaks = some(languages, 1, 2).Draw(t, "speaks") },
	func(t *rapid.T, c *eligibility.Clause) { c.Occupation = some(jobs, 1, 2).Draw(t, "occupation") },
	func(t *rapid.T, c *eligibility.Clause) {
		c.Registrations = some(codes.Registrations[:4], 1, 2).Draw(t, "registrations")
	},
}

// Clause draws a valid clause of one to four constraints.
func Clause() *rapid.Generator[eligibility.Clause] {
	return rapid.Custom(func(t *rapid.T) eligibility.Clause {
		var c eligibility.Clause
		which := rapid.SliceOfNDistinct(rapid.IntRange(0, len(fill)-1), 1, 4, rapid.ID[int]).Draw(t, "constraints")
		for _, i := range which {
			fill[i](t, &c)
		}
		return c
	})
}

// Constraint draws a valid clause of exactly one constraint, though a language may have two bounds.
func Constraint() *rapid.Generator[eligibility.Clause] {
	return rapid.Custom(func(t *rapid.T) eligibility.Clause {
		var c eligibility.Clause
		rapid.SampledFrom(fill).Draw(t, "constraint")(t, &c)
		return c
	})
}

// without takes one constraint of a clause away, if it has that one.
func without(t *rapid.T, c eligibility.Clause) eligibility.Clause {
	clear := []func(){
		func() { c.LegalStatus = nil }, func() { c.NotLegalStatus = nil }, func() { c.Gender = nil },
		func() { c.Age = nil }, func() { c.HouseholdChildren = nil }, func() { c.MonthsInCountry = nil },
		func() { c.Education = nil }, func() { c.Languages = nil }, func() { c.Speaks = nil },
		func() { c.Occupation = nil }, func() { c.Registrations = nil },
	}
	rapid.SampledFrom(clear).Draw(t, "constraint to remove")()
	return c
}

func bounds(low, high int) *rapid.Generator[*eligibility.Range] {
	return rapid.Custom(func(t *rapid.T) *eligibility.Range {
		a, b := rapid.IntRange(low, high).Draw(t, "a"), rapid.IntRange(low, high).Draw(t, "b")
		r := &eligibility.Range{}
		lower, upper := min(a, b), max(a, b)
		shape := rapid.IntRange(0, 2).Draw(t, "shape")
		if shape != 1 {
			r.Min = &lower
		}
		if shape != 2 {
			r.Max = &upper
		}
		return r
	})
}

func levels() *rapid.Generator[eligibility.LevelRange] {
	return rapid.Custom(func(t *rapid.T) eligibility.LevelRange {
		last := len(codes.Levels) - 1
		a, b := rapid.IntRange(0, last).Draw(t, "a"), rapid.IntRange(0, last).Draw(t, "b")
		r := eligibility.LevelRange{Min: codes.Levels[min(a, b)], Max: codes.Levels[max(a, b)]}
		switch rapid.IntRange(0, 2).Draw(t, "shape") {
		case 1:
			r.Min = ""
		case 2:
			r.Max = ""
		}
		return r
	})
}
