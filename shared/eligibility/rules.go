package eligibility

import (
	"maps"
	"slices"
	"strings"

	"github.com/miict/immerse/shared/codes"
)

// compileClause turns each constraint into rules, in the fixed order in which reasons are given. Rules on one field
// stand next to each other; judge relies on that.
func compileClause(c *Clause) rules {
	var list rules
	list = append(list, statusRules(c)...)
	if len(c.Gender) > 0 {
		params := Params{"gender": slices.Clone(c.Gender)}
		list = append(list, rule{FieldGender, oneOf(func(f *Facts) string { return f.gender }, c.Gender),
			Reason{ReasonGenderIs, params}, Reason{ReasonGenderNotListed, params}})
	}
	list = append(list, rangeRules(c)...)
	list = append(list, languageRules(c)...)
	if len(c.Occupation) > 0 {
		params := Params{"occupation": slices.Clone(c.Occupation)}
		list = append(list, rule{FieldOccupation, occupationUnder(c.Occupation),
			Reason{ReasonOccupationIs, params}, Reason{ReasonOccupationNotListed, params}})
	}
	if len(c.Registrations) > 0 {
		params := Params{"registration": slices.Clone(c.Registrations)}
		list = append(list, rule{FieldRegistrations, registeredIn(c.Registrations),
			Reason{ReasonRegistered, params}, Reason{ReasonNotRegistered, params}})
	}
	return list
}

func statusRules(c *Clause) (list rules) {
	status := func(f *Facts) string { return f.legalStatus }
	if len(c.LegalStatus) > 0 {
		params := Params{"status": slices.Clone(c.LegalStatus)}
		list = append(list, rule{FieldLegalStatus, oneOf(status, c.LegalStatus),
			Reason{ReasonLegalStatusIs, params}, Reason{ReasonLegalStatusNotListed, params}})
	}
	if len(c.NotLegalStatus) > 0 {
		params := Params{"status": slices.Clone(c.NotLegalStatus)}
		listed := oneOf(status, c.NotLegalStatus)
		list = append(list, rule{FieldLegalStatus, func(f *Facts) Verdict { return not(listed(f)) },
			Reason{ReasonLegalStatusNot, params}, Reason{ReasonLegalStatusExcluded, params}})
	}
	return list
}

func rangeRules(c *Clause) (list rules) {
	add := func(field string, r *Range, answer func(*Facts) optional, met, missed string) {
		if r == nil || r.Min == nil && r.Max == nil {
			return
		}
		params := rangeParams(r)
		list = append(list, rule{field, within(answer, r), Reason{met, params}, Reason{missed, params}})
	}
	children := ReasonChildrenInRange
	if r := c.HouseholdChildren; r != nil && r.Min != nil && *r.Min >= 1 && r.Max == nil {
		children = ReasonHasChildren
	}
	add(FieldBirthYear, c.Age, func(f *Facts) optional { return f.age }, ReasonAgeInRange, ReasonAgeOutOfRange)
	add(FieldChildren, c.HouseholdChildren, func(f *Facts) optional { return f.children }, children,
		ReasonChildrenOutOfRange)
	add(FieldMonthsInCountry, c.MonthsInCountry, func(f *Facts) optional { return f.months },
		ReasonMonthsInCountryInRange, ReasonMonthsInCountryOutOfRange)
	add(FieldEducation, c.Education, func(f *Facts) optional { return f.education }, ReasonEducationInRange,
		ReasonEducationOutOfRange)
	return list
}

func rangeParams(r *Range) Params {
	params := Params{}
	if r.Min != nil {
		params["min"] = *r.Min
	}
	if r.Max != nil {
		params["max"] = *r.Max
	}
	return params
}

// languageRules makes a rule of each bound: a person can only miss one of the two, and the reason says which.
func languageRules(c *Clause) (list rules) {
	for _, language := range slices.Sorted(maps.Keys(c.Languages)) {
		bounds := c.Languages[language]
		code := Primary(language)
		if rank, ok := codes.Level(bounds.Min); ok {
			params := Params{"language": language, "level": bounds.Min}
			list = append(list, rule{FieldLanguages, levelWithin(code, rank, len(codes.Levels)),
				Reason{ReasonLanguageAtLeast, params}, Reason{ReasonLanguageBelow, params}})
		}
		if rank, ok := codes.Level(bounds.Max); ok {
			params := Params{"language": language, "level": bounds.Max}
			list = append(list, rule{FieldLanguages, levelWithin(code, 0, rank),
				Reason{ReasonLanguageAtMost, params}, Reason{ReasonLanguageAbove, params}})
		}
	}
	if len(c.Speaks) > 0 {
		params := Params{"language": slices.Clone(c.Speaks)}
		list = append(list, rule{FieldLanguages, speaks(c.Speaks),
			Reason{ReasonSpeaks, params}, Reason{ReasonSpeaksNone, params}})
	}
	return list
}

// not turns a verdict round; what is unknown stays so.
func not(v Verdict) Verdict { return True - v }

func of(holds bool) Verdict {
	if holds {
		return True
	}
	return False
}

func oneOf(answer func(*Facts) string, listed []string) func(*Facts) Verdict {
	return func(f *Facts) Verdict {
		said := answer(f)
		if said == "" {
			return Unknown
		}
		return of(slices.Contains(listed, said))
	}
}

func within(answer func(*Facts) optional, r *Range) func(*Facts) Verdict {
	return func(f *Facts) Verdict {
		number := answer(f)
		if !number.said {
			return Unknown
		}
		return of((r.Min == nil || number.value >= *r.Min) && (r.Max == nil || number.value <= *r.Max))
	}
}

func levelWithin(language string, lowest, highest int) func(*Facts) Verdict {
	return func(f *Facts) Verdict {
		rank, said := f.Level(language)
		if !said {
			return Unknown
		}
		return of(rank >= lowest && rank <= highest)
	}
}

// speakingLevel is the lowest level that counts as speaking a language: B1.
const speakingLevel = 3

func speaks(languages []string) func(*Facts) Verdict {
	return func(f *Facts) Verdict {
		best := False
		for _, language := range languages {
			rank, said := f.Level(Primary(language))
			if !said {
				best = max(best, Unknown)
			} else {
				best = max(best, of(rank >= speakingLevel))
			}
		}
		return best
	}
}

// occupationUnder holds for an occupation at or under one of the listed groups. An answer that is less specific than
// a listed group that it contains could be meant: unknown (decision 0102).
func occupationUnder(listed []string) func(*Facts) Verdict {
	return func(f *Facts) Verdict {
		if f.occupation == "" {
			return Unknown
		}
		best := False
		for _, group := range listed {
			switch {
			case strings.HasPrefix(f.occupation, group):
				return True
			case strings.HasPrefix(group, f.occupation):
				best = Unknown
			}
		}
		return best
	}
}

func registeredIn(all []string) func(*Facts) Verdict {
	return func(f *Facts) Verdict {
		if !f.registrationsSaid {
			return Unknown
		}
		for _, register := range all {
			if !slices.Contains(f.registrations, register) {
				return False
			}
		}
		return True
	}
}
