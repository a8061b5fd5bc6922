package foreign

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/eligibility"
)

// clauses reads the rules of a service. Each problem is one of the service, whichever clause it is in: a clause that is
// not understood may be the one that decides.
func clauses(data json.RawMessage, f *Findings) []eligibility.Clause {
	if data == nil {
		return nil
	}
	var list []json.RawMessage
	if json.Unmarshal(data, &list) != nil {
		f.problem("immerse.eligibility", "is not a list of clauses")
		return nil
	}
	all := make([]eligibility.Clause, len(list))
	for i := range list {
		all[i] = clause(list[i], fmt.Sprintf("immerse.eligibility[%d]", i), f)
	}
	return all
}

func clause(data json.RawMessage, path string, f *Findings) (c eligibility.Clause) {
	o, err := open(data, path, f.problem)
	if err != nil {
		f.problem(path, "%v", err)
		return c
	}
	before := len(f.Problems)
	for _, name := range o.names {
		constraint(o, name, &c)
	}
	if unknown := slices.IndexFunc(c.NotLegalStatus, func(code string) bool {
		return !slices.Contains(codes.LegalStatuses, code)
	}); unknown >= 0 {
		f.problem(o.at("not_legal_status"), "unknown code %q: it would keep nobody out", c.NotLegalStatus[unknown])
	}
	if len(f.Problems) > before {
		return c
	}
	// What is left has a meaning, even where it is odd: codes that nobody has, a least above a most, no constraint.
	for _, odd := range eligibility.Problems(c.Validate()) {
		if odd.Path == "" {
			f.note(path, "%s", odd.Text)
		} else {
			f.note(o.at(odd.Path), "%s", odd.Text)
		}
	}
	return c
}

// constraint reads one constraint of a clause.
func constraint(o *object, name string, c *eligibility.Clause) {
	lists := map[string]*[]string{
		"legal_status": &c.LegalStatus, "not_legal_status": &c.NotLegalStatus, "gender": &c.Gender, "speaks": &c.Speaks,
		"occupation": &c.Occupation, "registrations": &c.Registrations,
	}
	ranges := map[string]**eligibility.Range{
		"age": &c.Age, "household_children": &c.HouseholdChildren, "months_in_country": &c.MonthsInCountry,
		"education": &c.Education,
	}
	switch {
	case lists[name] != nil:
		list := o.texts(name)
		if list != nil && len(list) == 0 {
			o.wrong(o.at(name), "is an empty list: nobody knows what it asks for")
		}
		*lists[name] = list
	case ranges[name] != nil:
		*ranges[name] = bounds(o.object(name))
	case name == "languages":
		c.Languages = languages(o.object(name))
	default:
		o.wrong(o.at(name), "is not a constraint")
	}
}

// onlyBounds wants min, max or both, and nothing else.
func onlyBounds(o *object) {
	for _, name := range o.names {
		if name != "min" && name != "max" {
			o.wrong(o.at(name), "is neither min nor max")
		}
	}
	if len(o.names) == 0 {
		o.wrong(o.path, "has neither min nor max")
	}
}

func bounds(o *object) *eligibility.Range {
	if o == nil {
		return nil
	}
	onlyBounds(o)
	return &eligibility.Range{Min: o.whole("min"), Max: o.whole("max")}
}

func languages(o *object) map[string]eligibility.LevelRange {
	if o == nil {
		return nil
	}
	if len(o.names) == 0 {
		o.wrong(o.path, "names no language")
	}
	all := make(map[string]eligibility.LevelRange, len(o.names))
	for _, code := range o.names {
		levels := o.object(code)
		if levels == nil {
			continue // o has said why
		}
		onlyBounds(levels)
		all[code] = eligibility.LevelRange{Min: levels.level("min"), Max: levels.level("max")}
	}
	return all
}

// level reads a language level. One that nobody knows would drop the bound.
func (o *object) level(name string) string {
	if _, ok := o.members[name]; !ok {
		return ""
	}
	level := o.text(name)
	if _, known := codes.Level(level); !known {
		o.wrong(o.at(name), "unknown level %q", level)
	}
	return level
}
