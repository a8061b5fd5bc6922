package eligibility

import (
	"slices"
	"strings"

	"github.com/miict/immerse/shared/codes"
)

// Rule makes a constraint ready to be asked about many people. The constraint must be Known.
func (c Constraint) Rule() Rule {
	switch c.Kind {
	case LegalStatus:
		return c.listRule(FieldLegalStatus, "status", oneOf(statusOf, c.Codes), ReasonLegalStatusIs, ReasonLegalStatusNotListed)
	case NotLegalStatus:
		listed := oneOf(statusOf, c.Codes)
		unlisted := func(f *Facts) Verdict { return not(listed(f)) }
		return c.listRule(FieldLegalStatus, "status", unlisted, ReasonLegalStatusNot, ReasonLegalStatusExcluded)
	case Gender:
		return c.listRule(FieldGender, "gender", oneOf(genderOf, c.Codes), ReasonGenderIs, ReasonGenderNotListed)
	case LanguageAtLeast, LanguageAtMost:
		return c.levelRule()
	case Speaks:
		return c.listRule(FieldLanguages, "language", speaks(c.Codes), ReasonSpeaks, ReasonSpeaksNone)
	case Occupation:
		return c.listRule(FieldOccupation, "occupation", occupationUnder(c.Codes), ReasonOccupationIs, ReasonOccupationNotListed)
	case Registrations:
		return c.listRule(FieldRegistrations, "registration", registeredIn(c.Codes), ReasonRegistered, ReasonNotRegistered)
	default:
		return c.rangeRule()
	}
}

func statusOf(f *Facts) string { return f.legalStatus }
func genderOf(f *Facts) string { return f.gender }

// listRule is the rule of a list of codes; param is the name that the reasons have for it.
func (c Constraint) listRule(field, param string, ask func(*Facts) Verdict, met, missed string) Rule {
	params := Params{param: slices.Clone(c.Codes)}
	return Rule{field, ask, Reason{met, params}, Reason{missed, params}}
}

func (c Constraint) rangeRule() Rule {
	params := Params{}
	if c.Range.Min != nil {
		params["min"] = *c.Range.Min
	}
	if c.Range.Max != nil {
		params["max"] = *c.Range.Max
	}
	rule := func(field string, answer func(*Facts) optional, met, missed string) Rule {
		return Rule{field, within(answer, c.Range), Reason{met, params}, Reason{missed, params}}
	}
	switch c.Kind {
	case Age:
		return rule(FieldBirthYear, func(f *Facts) optional { return f.age }, ReasonAgeInRange, ReasonAgeOutOfRange)
	case HouseholdChildren:
		met := ReasonChildrenInRange
		if r := c.Range; r.Min != nil && *r.Min >= 1 && r.Max == nil {
			met = ReasonHasChildren
		}
		return rule(FieldChildren, func(f *Facts) optional { return f.children }, met, ReasonChildrenOutOfRange)
	case MonthsInCountry:
		return rule(FieldMonthsInCountry, func(f *Facts) optional { return f.months }, ReasonMonthsInCountryInRange,
			ReasonMonthsInCountryOutOfRange)
	default:
		return rule(FieldEducation, func(f *Facts) optional { return f.education }, ReasonEducationInRange,
			ReasonEducationOutOfRange)
	}
}

func (c Constraint) levelRule() Rule {
	language, level := c.Codes[0], c.Codes[1]
	params := Params{"language": language, "level": level}
	rank, _ := codes.Level(level)
	if c.Kind == LanguageAtLeast {
		return Rule{FieldLanguages, levelWithin(Primary(language), rank, len(codes.Levels)),
			Reason{ReasonLanguageAtLeast, params}, Reason{ReasonLanguageBelow, params}}
	}
	return Rule{FieldLanguages, levelWithin(Primary(language), 0, rank),
		Reason{ReasonLanguageAtMost, params}, Reason{ReasonLanguageAbove, params}}
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
