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
	levels              map[string]optional // by primary subtag; nil when no language was given
	occupation          string
	registrations       []string
	registrationsSaid   bool
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
func Prepare(p Profile, at time.Time) Facts {
	facts := Facts{
		legalStatus:       decisive(p.LegalStatus, codes.LegalStatuses),
		gender:            decisive(p.Gender, codes.Genders),
		months:            optionalOf(p.Residence.MonthsInCountry),
		education:         optionalOf(p.Education),
		levels:            levelsOf(p.Languages),
		registrations:     p.Registrations,
		registrationsSaid: p.Registrations != nil,
	}
	if p.BirthYear != nil {
		facts.age = optional{value: at.Year() - *p.BirthYear, said: true}
	}
	if p.Household != nil {
		facts.children = optionalOf(p.Household.Children)
	}
	if codes.Occupation(p.Occupation) {
		facts.occupation = p.Occupation
	}
	return facts
}

// decisive gives the answer if it is one that can decide a constraint, else "".
func decisive(answer string, known []string) string {
	if answer == codes.Undisclosed || answer == codes.Other || !slices.Contains(known, answer) {
		return ""
	}
	return answer
}

// levelsOf gives the best known level of each language; a language given only with unknown levels is unsaid.
func levelsOf(skills []LanguageSkill) map[string]optional {
	if len(skills) == 0 {
		return nil
	}
	levels := make(map[string]optional, len(skills))
	for _, skill := range skills {
		code := Primary(skill.Code)
		best := levels[code]
		if rank, ok := codes.Level(skill.Level); ok && (!best.said || rank > best.value) {
			best = optional{value: rank, said: true}
		}
		levels[code] = best
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
	if f.levels == nil {
		return 0, false
	}
	level, listed := f.levels[language]
	if !listed {
		return 0, true
	}
	return level.value, level.said
}

// Education gives the ISCED level; said is false when it is not known.
func (f *Facts) Education() (level int, said bool) { return f.education.value, f.education.said }
