package main

import (
	"encoding/json"
	"math"
	"slices"
	"sort"
	"strings"
	"time"
)

// The oracle is design §8 transcribed sentence by sentence over plain JSON values. It knows no package of Immerse, and is
// slow and wordy on purpose: what the command prints is compared with it.
type oracle struct {
	parents map[string]string // of areas
	day     time.Time         // of submission
}

type value = map[string]any

// verdictOf is one pair of service and need that is offered.
type verdictOf struct {
	service, need, verdict string
	missing                string // joined with commas
}

// matches gives all pairs for a person, by need in the person's order; within a need in no order.
func (o oracle) matches(services []value, person value) (pairs []verdictOf) {
	done := map[string]bool{}
	for _, need := range texts(person["needs"]) {
		if done[need] {
			continue
		}
		done[need] = true
		for _, s := range services {
			immerse, _ := s["immerse"].(value)
			if immerse == nil || !slices.Contains(texts(immerse["needs"]), need) || !o.offered(s, immerse, person) {
				continue
			}
			clauses, _ := immerse["eligibility"].([]any)
			verdict, missing := o.judge(clauses, person)
			switch verdict {
			case "true":
				pairs = append(pairs, verdictOf{s["id"].(string), need, "eligible", ""})
			case "unknown":
				pairs = append(pairs, verdictOf{s["id"].(string), need, "check", strings.Join(missing, ",")})
			}
		}
	}
	return pairs
}

// offered: active; in the area or online in the country; not assured over 12 months ago.
func (o oracle) offered(s, immerse, person value) bool {
	if s["status"] != "active" {
		return false
	}
	residence, _ := person["residence"].(value)
	region, _ := residence["region"].(string)
	if _, inCountry := o.parents[region]; !inCountry {
		return false
	}
	online, _ := immerse["online"].(bool)
	within := false
	for at := region; at != ""; at = o.parents[at] {
		within = within || slices.Contains(texts(immerse["areas"]), at)
	}
	if !within && !online {
		return false
	}
	assured, _ := s["assured_date"].(string)
	day, err := time.Parse("2006-01-02", assured)
	if err != nil {
		return true // never assured: the packs offer it
	}
	return !o.day.After(day.AddDate(1, 0, 0))
}

// judge: an OR of clauses; the service takes its best.
func (o oracle) judge(clauses []any, person value) (verdict string, missing []string) {
	if len(clauses) == 0 {
		return "true", nil
	}
	verdict = "false"
	for _, c := range clauses {
		v, lacks := o.clause(c.(value), person)
		switch {
		case v == "true":
			return "true", nil
		case v == "unknown" && (verdict == "false" || len(lacks) < len(missing)):
			verdict, missing = "unknown", lacks
		}
	}
	return verdict, missing
}

// clause: false if any constraint is false, else unknown if any is unknown, else true.
func (o oracle) clause(c, person value) (verdict string, missing []string) {
	lacks := map[string]bool{}
	for name, asked := range c {
		if asked == nil {
			continue
		}
		switch field, answer := o.constraint(name, asked, person); answer {
		case "false":
			verdict = "false"
		case "unknown":
			lacks[field] = true
		}
	}
	if verdict == "false" {
		return "false", nil
	}
	if len(lacks) == 0 {
		return "true", nil
	}
	for field := range lacks {
		missing = append(missing, field)
	}
	sort.Strings(missing)
	return "unknown", missing
}

func (o oracle) constraint(name string, asked any, person value) (field, answer string) {
	household, _ := person["household"].(value)
	residence, _ := person["residence"].(value)
	switch name {
	case "legal_status", "not_legal_status":
		said := code(person["legal_status"], "asylum_seeker refugee subsidiary_protection temporary_protection resident family_member undocumented eu_citizen")
		return "legal_status", three(said != "", slices.Contains(texts(asked), said) == (name == "legal_status"))
	case "gender":
		said := code(person["gender"], "female male non_binary")
		return "gender", three(said != "", slices.Contains(texts(asked), said))
	case "age":
		born, said := number(person["birth_year"])
		return "birth_year", three(said, inside(asked, float64(o.day.Year())-born))
	case "household_children":
		n, said := number(household["children"])
		return "household.children", three(said, inside(asked, n))
	case "months_in_country":
		n, said := number(residence["months_in_country"])
		return "residence.months_in_country", three(said, inside(asked, n))
	case "education":
		n, said := number(person["education"])
		return "education", three(said, inside(asked, n))
	case "languages":
		return "languages", languages(asked.(value), person)
	case "speaks":
		return "languages", speaks(texts(asked), person)
	case "occupation":
		return "occupation", occupation(texts(asked), person)
	case "registrations":
		list, said := person["registrations"].([]any)
		all := true
		for _, register := range texts(asked) {
			all = all && slices.Contains(texts(list), register)
		}
		return "registrations", three(said, all)
	}
	panic("no constraint " + name)
}

// languages: for each code, min and/or max.
func languages(asked value, person value) string {
	answer := "true"
	for code, bounds := range asked {
		level, known := levelOf(person, code)
		bounds := bounds.(value)
		least, _ := bounds["min"].(string)
		most, _ := bounds["max"].(string)
		switch {
		case !known:
			answer = worst(answer, "unknown")
		case least != "" && level < rank(least), most != "" && level > rank(most):
			answer = "false"
		}
	}
	return answer
}

// speaks: any of, at B1 or better.
func speaks(asked []string, person value) string {
	answer := "false"
	for _, code := range asked {
		level, known := levelOf(person, code)
		switch {
		case known && level >= rank("B1"):
			return "true"
		case !known:
			answer = "unknown"
		}
	}
	return answer
}

// levelOf: a language not listed is A0 once any language is given.
func levelOf(person value, code string) (level int, known bool) {
	given, _ := person["languages"].([]any)
	listed, any := false, false
	for _, one := range given {
		skill, _ := one.(value)
		if len(skill) == 0 {
			continue
		}
		any = true
		if skill["code"] == code {
			listed = true
			if name, _ := skill["level"].(string); rank(name) >= 0 {
				level, known = max(level, rank(name)), true
			}
		}
	}
	if any && !listed {
		return 0, true
	}
	return level, known
}

func rank(level string) int {
	return slices.Index(strings.Fields("A0 A1 A2 B1 B2 C1 C2 native"), level)
}

// occupation: any of, by prefix; an answer that is less specific than the rule could be meant (decision 0102).
func occupation(asked []string, person value) string {
	said, _ := person["occupation"].(string)
	if said == "" || len(said) > 4 || strings.Trim(said, "0123456789") != "" {
		return "unknown"
	}
	answer := "false"
	for _, group := range asked {
		if strings.HasPrefix(said, group) {
			return "true"
		}
		if strings.HasPrefix(group, said) {
			answer = "unknown"
		}
	}
	return answer
}

func three(said, holds bool) string {
	switch {
	case !said:
		return "unknown"
	case holds:
		return "true"
	}
	return "false"
}

func worst(a, b string) string {
	if a == "false" || b == "false" {
		return "false"
	}
	if a == "unknown" || b == "unknown" {
		return "unknown"
	}
	return "true"
}

// inside: min and max, inclusive.
func inside(asked any, n float64) bool {
	bounds := asked.(value)
	least, hasLeast := number(bounds["min"])
	most, hasMost := number(bounds["max"])
	return (!hasLeast || n >= least) && (!hasMost || n <= most)
}

// number: what is no whole number was not said.
func number(v any) (n float64, ok bool) {
	n, ok = v.(float64)
	return n, ok && n == math.Trunc(n)
}

// code: what is not of the list was not said.
func code(v any, list string) string {
	said, _ := v.(string)
	if slices.Contains(strings.Fields(list), said) {
		return said
	}
	return ""
}

func texts(v any) (list []string) {
	all, _ := v.([]any)
	for _, one := range all {
		text, ok := one.(string)
		if !ok {
			return nil
		}
		list = append(list, text)
	}
	return list
}

// plain turns whatever a generator made into the values that JSON has.
func plain(made value) (read value) {
	data, err := json.Marshal(made)
	if err != nil {
		panic(err)
	}
	if err := json.Unmarshal(data, &read); err != nil {
		panic(err)
	}
	return read
}
