package eligibility

import (
	"maps"
	"slices"

	"github.com/miict/immerse/shared/codes"
)

// Kind is what a constraint asks, in the order in which a clause's constraints are judged and explained.
type Kind uint8

// The kinds of constraint. A language has one for each bound: a person can only miss one of the two, and the reason says
// which.
const (
	LegalStatus Kind = iota
	NotLegalStatus
	Gender
	Age
	HouseholdChildren
	MonthsInCountry
	Education
	LanguageAtLeast
	LanguageAtMost
	Speaks
	Occupation
	Registrations
	kinds int = iota
)

// Constraint is one constraint of a clause by itself, as data: what an index takes apart, stores and puts together again.
type Constraint struct {
	Kind Kind
	// Codes are those that the clause lists; of a bound on a language, the language's and the level's.
	Codes []string
	// Range is that of a number; nil for the other kinds.
	Range *Range
}

// Known tells whether the constraint is one that Constraints could have given, so that Rule can be called on data from
// elsewhere.
func (c *Constraint) Known() bool {
	switch c.Kind {
	case Age, HouseholdChildren, MonthsInCountry, Education:
		return c.Range != nil && (c.Range.Min != nil || c.Range.Max != nil)
	case LanguageAtLeast, LanguageAtMost:
		if len(c.Codes) != 2 {
			return false
		}
		_, ok := codes.Level(c.Codes[1])
		return ok
	default:
		return int(c.Kind) < kinds && len(c.Codes) > 0
	}
}

// Constraints takes a clause apart. Those on one field stand next to each other. A constraint that asks for nothing (an
// empty list, a range without ends, a level that is not of the list) is left out.
func (c *Clause) Constraints() (list []Constraint) {
	listed := func(kind Kind, codes []string) {
		if len(codes) > 0 {
			list = append(list, Constraint{Kind: kind, Codes: codes})
		}
	}
	bounded := func(kind Kind, r *Range) {
		if r != nil && (r.Min != nil || r.Max != nil) {
			list = append(list, Constraint{Kind: kind, Range: r})
		}
	}
	listed(LegalStatus, c.LegalStatus)
	listed(NotLegalStatus, c.NotLegalStatus)
	listed(Gender, c.Gender)
	bounded(Age, c.Age)
	bounded(HouseholdChildren, c.HouseholdChildren)
	bounded(MonthsInCountry, c.MonthsInCountry)
	bounded(Education, c.Education)
	for _, language := range slices.Sorted(maps.Keys(c.Languages)) {
		bounds := c.Languages[language]
		if _, ok := codes.Level(bounds.Min); ok {
			listed(LanguageAtLeast, []string{language, bounds.Min})
		}
		if _, ok := codes.Level(bounds.Max); ok {
			listed(LanguageAtMost, []string{language, bounds.Max})
		}
	}
	listed(Speaks, c.Speaks)
	listed(Occupation, c.Occupation)
	listed(Registrations, c.Registrations)
	return list
}
