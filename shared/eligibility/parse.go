package eligibility

import (
	"encoding/json"
	"fmt"
)

// ParseClauses reads a JSON list of clauses strictly: an unknown constraint, an unknown code, a name that stands twice,
// a null, an empty list and a min above its max are errors, because a constraint that is quietly dropped would tell
// people that they qualify. Every problem is reported; Problems takes the error apart. The clauses are nil when there
// is an error.
func ParseClauses(data []byte) ([]Clause, error) {
	var list []json.RawMessage
	if problems := into(data, &list, "a list of clauses"); problems != nil {
		return nil, joined(problems)
	}
	clauses := make([]Clause, len(list))
	var problems []Problem
	for i, raw := range list {
		clause, wrong := parseClause(raw)
		clauses[i] = clause
		problems = append(problems, under(fmt.Sprintf("[%d]", i), wrong)...)
	}
	if len(problems) > 0 {
		return nil, joined(problems)
	}
	return clauses, nil
}

// UnmarshalJSON reads one clause as strictly as ParseClauses.
func (c *Clause) UnmarshalJSON(data []byte) error {
	clause, problems := parseClause(data)
	if len(problems) > 0 {
		return joined(problems)
	}
	*c = clause
	return nil
}

func parseClause(data []byte) (clause Clause, problems []Problem) {
	members, problems := readObject(data)
	for _, m := range members {
		problems = append(problems, under(m.name, clause.set(m))...)
	}
	if len(members) == 0 && len(problems) > 0 {
		return clause, problems
	}
	// What could be read is looked through even when some could not, so that the author sees every problem at once.
	return clause, append(problems, clause.check(len(members) == 0)...)
}

// set reads one constraint.
func (c *Clause) set(m member) []Problem {
	const codes = "a list of codes"
	switch m.name {
	case "legal_status":
		return into(m.value, &c.LegalStatus, codes)
	case "not_legal_status":
		return into(m.value, &c.NotLegalStatus, codes)
	case "gender":
		return into(m.value, &c.Gender, codes)
	case "speaks":
		return into(m.value, &c.Speaks, codes)
	case "occupation":
		return into(m.value, &c.Occupation, codes)
	case "registrations":
		return into(m.value, &c.Registrations, codes)
	case "age":
		return parseRange(m.value, &c.Age)
	case "household_children":
		return parseRange(m.value, &c.HouseholdChildren)
	case "months_in_country":
		return parseRange(m.value, &c.MonthsInCountry)
	case "education":
		return parseRange(m.value, &c.Education)
	case "languages":
		return parseLanguages(m.value, &c.Languages)
	}
	return []Problem{{Text: "is not a constraint"}}
}

func parseRange(data []byte, target **Range) []Problem {
	members, problems := readObject(data)
	bounds := &Range{}
	for _, m := range members {
		var wrong []Problem
		switch m.name {
		case "min":
			wrong = into(m.value, &bounds.Min, "a whole number")
		case "max":
			wrong = into(m.value, &bounds.Max, "a whole number")
		default:
			wrong = []Problem{{Text: "is neither min nor max"}}
		}
		problems = append(problems, under(m.name, wrong)...)
	}
	if len(problems) == 0 {
		*target = bounds
	}
	return problems
}

func parseLanguages(data []byte, target *map[string]LevelRange) []Problem {
	members, problems := readObject(data)
	levels := make(map[string]LevelRange, len(members))
	for _, m := range members {
		bounds, wrong := parseLevels(m.value)
		if len(wrong) == 0 {
			levels[m.name] = bounds
		}
		problems = append(problems, under(m.name, wrong)...)
	}
	if len(problems) == 0 || len(levels) > 0 {
		*target = levels
	}
	return problems
}

func parseLevels(data []byte) (bounds LevelRange, problems []Problem) {
	members, problems := readObject(data)
	for _, m := range members {
		var wrong []Problem
		switch m.name {
		case "min":
			wrong = into(m.value, &bounds.Min, "a language level")
		case "max":
			wrong = into(m.value, &bounds.Max, "a language level")
		default:
			wrong = []Problem{{Text: "is neither min nor max"}}
		}
		problems = append(problems, under(m.name, wrong)...)
	}
	return bounds, problems
}
