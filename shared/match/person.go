package match

import (
	"time"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match/internal/rank"
)

// person is a profile made ready for matching.
type person struct {
	facts         eligibility.Facts
	regions       []string      // the person's region and those around it, the nearest first; empty for an unknown one
	languages     []rank.Spoken // the best first
	languagesSaid bool          // false when only the form's own language is known
	today         time.Time
}

func (c *Catalogue) person(p eligibility.Profile, at time.Time) *person {
	return &person{
		facts:         eligibility.Prepare(p, at.In(c.location)),
		regions:       c.areas.Ancestors(p.Residence.Region),
		languages:     rank.AppendSpoken(nil, &p),
		languagesSaid: len(p.Languages) > 0,
		today:         rank.Day(at, c.location),
	}
}
