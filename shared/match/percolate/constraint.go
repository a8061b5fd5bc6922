package percolate

import (
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/eligibility"
)

// A constraint adds to t for whom it holds, and to u for whom it is not known. Who is in both is in t.
type constraint func(t, u set)

// constraints are those of a clause, as eligibility.Compile reads it.
func (x *Index) constraints(c *eligibility.Clause) (all []constraint) {
	if len(c.LegalStatus) > 0 {
		all = append(all, func(t, u set) { x.status.any(t, c.LegalStatus); x.status.said.addOthersTo(u) })
	}
	if len(c.NotLegalStatus) > 0 {
		all = append(all, func(t, u set) {
			listed := make(set, len(t))
			x.status.any(listed, c.NotLegalStatus)
			x.status.said.addTo(t)
			t.subtract(listed)
			x.status.said.addOthersTo(u)
		})
	}
	if len(c.Gender) > 0 {
		all = append(all, func(t, u set) { x.gender.any(t, c.Gender); x.gender.said.addOthersTo(u) })
	}
	all = append(all, x.ranges(c)...)
	all = append(all, x.spoken(c)...)
	if len(c.Occupation) > 0 {
		all = append(all, func(t, u set) { x.occupation.in(t, u, c.Occupation); x.occupation.said.addOthersTo(u) })
	}
	if len(c.Registrations) > 0 {
		all = append(all, func(t, u set) { x.registered(t, c.Registrations); x.registers.said.addOthersTo(u) })
	}
	return all
}

// registered adds to t who is in all of the registers.
func (x *Index) registered(t set, all []string) {
	in, one := make(set, len(t)), make(set, len(t))
	x.registers.said.addTo(in)
	for _, register := range all {
		one.clear()
		x.registers.at[register].addTo(one)
		in.intersect(one)
	}
	t.unite(in)
}

func (x *Index) ranges(c *eligibility.Clause) (all []constraint) {
	add := func(r *eligibility.Range, n *numbers) {
		if r != nil && (r.Min != nil || r.Max != nil) {
			all = append(all, func(t, u set) { n.within(t, r); n.said.addOthersTo(u) })
		}
	}
	add(c.Age, &x.age)
	add(c.HouseholdChildren, &x.children)
	add(c.MonthsInCountry, &x.months)
	add(c.Education, &x.education)
	return all
}

// speakingLevel is the lowest level that counts as speaking a language.
const speakingLevel = "B1"

func (x *Index) spoken(c *eligibility.Clause) (all []constraint) {
	highest := len(codes.Levels) - 1
	for language, bounds := range c.Languages {
		low, lowKnown := codes.Level(bounds.Min)
		high, highKnown := codes.Level(bounds.Max)
		if !lowKnown {
			low = 0
		}
		if !highKnown {
			high = highest
		}
		if lowKnown || highKnown {
			all = append(all, func(t, u set) {
				x.languages.within(t, u, eligibility.Primary(language), low, high)
				x.languages.said.addOthersTo(u)
			})
		}
	}
	if len(c.Speaks) > 0 {
		low, _ := codes.Level(speakingLevel)
		all = append(all, func(t, u set) {
			for _, language := range c.Speaks {
				x.languages.within(t, u, eligibility.Primary(language), low, highest)
			}
			x.languages.said.addOthersTo(u)
		})
	}
	return all
}
