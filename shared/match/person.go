package match

import (
	"cmp"
	"slices"
	"time"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/eligibility"
)

// person is a profile made ready for matching.
type person struct {
	facts         eligibility.Facts
	regions       []string // the person's region and those around it, the nearest first; empty for an unknown one
	languages     []spoken // the best first
	languagesSaid bool     // false when only the form's own language is known
	today         time.Time
}

// spoken is a language that the person can be helped in, with the reason that says so.
type spoken struct {
	code   string
	reason eligibility.Reason
}

func (c *Catalogue) person(p eligibility.Profile, at time.Time) *person {
	at = at.In(c.location)
	year, month, day := at.Date()
	return &person{
		facts:         eligibility.Prepare(p, at),
		regions:       c.areas.Ancestors(p.Residence.Region),
		languages:     spokenLanguages(p),
		languagesSaid: len(p.Languages) > 0,
		today:         time.Date(year, month, day, 0, 0, 0, 0, time.UTC),
	}
}

// spokenLanguages gives the languages that the person speaks at B1 or better, the best first and then by code, and
// last the language of the form, which they can evidently read.
func spokenLanguages(p eligibility.Profile) []spoken {
	enough, _ := codes.Level("B1")
	type skill struct {
		code string
		rank int
	}
	var skills []skill
	for _, given := range p.Languages {
		if rank, ok := codes.Level(given.Level); ok && rank >= enough {
			skills = append(skills, skill{eligibility.Primary(given.Code), rank})
		}
	}
	slices.SortFunc(skills, func(a, b skill) int {
		return cmp.Or(cmp.Compare(b.rank, a.rank), cmp.Compare(a.code, b.code))
	})
	if p.Language != "" {
		skills = append(skills, skill{code: eligibility.Primary(p.Language)})
	}
	languages := make([]spoken, 0, len(skills))
	for _, s := range skills {
		if !slices.ContainsFunc(languages, func(known spoken) bool { return known.code == s.code }) {
			languages = append(languages, spoken{s.code, eligibility.Reason{
				Code: eligibility.ReasonSharedLanguage, Params: eligibility.Params{"language": s.code},
			}})
		}
	}
	return languages
}
