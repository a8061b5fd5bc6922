package eligibility

import (
	"slices"
	"strings"
	"time"

	"github.com/miict/immerse/shared/codes"
)

// Facts are a profile made ready for many questions: looked up once, so that asking a service costs no allocation.
// Facts hold no more than the profile does and are read-only after Prepare, so they can be used concurrently.
type Facts struct {
	legalStatus, gender string // "" when they decide nothing
	age                 optional
	children            optional
	months              optional
	education           optional
	levels              []level // one for each language given
	occupation          string
	registrations       []string
	registrationsSaid   bool
}

// level is how well a person speaks a language, which is named by its primary subtag.
type level struct {
	code string
	rank optional
}

// optional is a number that may not have been said.
type optional struct {
	value int
	said  bool
}

func optionalOf(value *int) optional {
	if value == nil {
		return optional{}
	}
	return optional{value: *value, said: true}
}

// Prepare reads a profile. at is the time of submission: the year in its own location gives the age.
func Prepare(p Profile, at time.Time) (facts Facts) {
	facts.Reset(&p, at)
	return facts
}

// Reset makes the facts those of another profile, as Prepare does, and uses again what the former ones had allocated.
func (f *Facts) Reset(p *Profile, at time.Time) {
	*f = Facts{
		legalStatus:       decisive(p.LegalStatus, codes.LegalStatuses),
		gender:            decisive(p.Gender, codes.Genders),
		months:            optionalOf(p.Residence.MonthsInCountry),
		education:         optionalOf(p.Education),
		levels:            appendLevels(f.levels[:0], p.Languages),
		registrations:     p.Registrations,
		registrationsSaid: p.Registrations != nil,
	}
	if p.BirthYear != nil {
		f.age = optional{value: at.Year() - *p.BirthYear, said: true}
	}
	if p.Household != nil {
		f.children = optionalOf(p.Household.Children)
	}
	if codes.Occupation(p.Occupation) {
		f.occupation = p.Occupation
	}
}

// decisive gives the answer if it is one that can decide a constraint, else "".
func decisive(answer string, known []string) string {
	if answer == codes.Undisclosed || answer == codes.Other || !slices.Contains(known, answer) {
		return ""
	}
	return answer
}

// appendLevels gives the best known level of each language; a language given only with unknown levels is unsaid.
func appendLevels(levels []level, skills []LanguageSkill) []level {
	for _, skill := range skills {
		code := Primary(skill.Code)
		at := slices.IndexFunc(levels, func(l level) bool { return l.code == code })
		if at < 0 {
			at = len(levels)
			levels = append(levels, level{code: code})
		}
		best := &levels[at].rank
		if rank, ok := codes.Level(skill.Level); ok && (!best.said || rank > best.value) {
			*best = optional{value: rank, said: true}
		}
	}
	return levels
}

// Primary gives the primary subtag of a BCP 47 code in lower case: "pt" for "pt-BR". Languages are compared by it.
func Primary(code string) string {
	if end := strings.IndexAny(code, "-_"); end >= 0 {
		code = code[:end]
	}
	return strings.ToLower(code)
}

// Level gives the rank (see codes.Level) of the person's level in a language named by its primary subtag. Once any
// language is given, one that is not listed is A0; said is false when it is not known.
func (f *Facts) Level(language string) (rank int, said bool) {
	for i := range f.levels {
		if l := &f.levels[i]; l.code == language {
			return l.rank.value, l.rank.said
		}
	}
	return 0, len(f.levels) > 0
}

// Education gives the ISCED level; said is false when it is not known.
func (f *Facts) Education() (level int, said bool) { return f.education.value, f.education.said }
