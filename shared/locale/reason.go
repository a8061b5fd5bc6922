package locale

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Reason says one reason for a match or against one, given as a code with parameters: the message "reason.<code>".
//
// Parameters that are codes (a language, a level, a legal status, a field) or lists of codes are said in words; min and
// max, of which one may be missing, are said together as {range}. An area is said as given: the names of areas are in
// the country pack, so callers pass the name. Values are as they come out of JSON or of package eligibility.
func (p *Printer) Reason(code string, params map[string]any) string {
	return p.ReasonAs("reason."+code, code, params)
}

// ReasonAs says a reason with another message than its own: one for a reader that it is not about, for example.
func (p *Printer) ReasonAs(key, code string, params map[string]any) string {
	words := make(map[string]any, len(params)+1)
	for name, value := range params {
		words[name] = p.words(code, name, value)
	}
	if span := p.span(words["min"], words["max"]); span != "" {
		words["range"] = span
	}
	return p.T(key, words)
}

// Field names a field of the form in words, as in a list of what is still to be checked.
func (p *Printer) Field(name string) string { return p.T("field." + name) }

// Fields names several fields, with "and" before the last.
func (p *Printer) Fields(names []string) string {
	words := make([]string, len(names))
	for i, name := range names {
		words[i] = p.Field(name)
	}
	return p.List(words, "list.and")
}

// List joins words with commas, and with the message last ("list.and", "list.or") before the last of them.
func (p *Printer) List(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	end := len(words) - 1
	return strings.Join(words[:end], p.T("list.comma")) + p.before(last, words[end]) + words[end]
}

// euphony are words that change before a like sound: Spanish "y" and "o", Italian "e".
var euphony = map[string][]struct {
	last, instead string
	before        *regexp.Regexp
}{
	"es": {
		{"list.and", " e ", regexp.MustCompile(`^(?i:h?[ií]([^aeoáéó]|$))`)}, // but "y hielo"
		{"list.or", " u ", regexp.MustCompile(`^(?i:h?[oó])`)},
	},
	"it": {{"list.and", " ed ", regexp.MustCompile(`^(?i:[eèé])`)}},
}

// before is the message last as it is said before a word.
func (p *Printer) before(last, word string) string {
	for _, rule := range euphony[p.lang] {
		if rule.last == last && rule.before.MatchString(word) {
			return rule.instead
		}
	}
	return p.T(last)
}

// Date writes a day the way the language does, in numbers.
func (p *Printer) Date(day time.Time) string {
	return p.T("date.pattern", "day", day.Day(), "month", fmt.Sprintf("%02d", day.Month()), "year", day.Year())
}

// Language names a language in this one, or says its code when there is no name for it.
func (p *Printer) Language(code string) string {
	if key := "language." + code; p.Has(key) {
		return p.T(key)
	}
	return code
}

// Level says a language level so briefly that it fits inside a sentence: its CEFR code, but words for A0 and native.
func (p *Printer) Level(code string) string {
	if key := "level.short." + code; p.Has(key) {
		return p.T(key)
	}
	return code
}

// Occupation says an ISCO-08 code: its major group, and the code itself when it is narrower.
func (p *Printer) Occupation(code string) string {
	if code == "" || !p.Has("occupation."+code[:1]) {
		return code
	}
	group := p.Code("occupation", code[:1])
	if len(code) == 1 {
		return group
	}
	return p.T("occupation.coded", "group", group, "code", code)
}

func (p *Printer) words(code, name string, value any) string {
	said := list(value)
	for i, one := range said {
		said[i] = p.word(code, name, one)
	}
	last := "list.or"
	if name == "registration" { // asked for all together, where every other list asks for any one
		last = "list.and"
	}
	return p.List(said, last)
}

func (p *Printer) word(code, name, value string) string {
	switch name {
	case "status":
		return p.Code("legal_status", value)
	case "gender", "registration":
		return p.Code(name, value)
	case "language":
		return p.Language(value)
	case "level":
		return p.Level(value)
	case "occupation":
		return p.Occupation(value)
	case "field":
		return p.Field(value)
	case "min", "max":
		if strings.HasPrefix(code, "education_") {
			return p.Code("education", value)
		}
	case "date":
		if day, err := time.Parse(time.DateOnly, value); err == nil {
			return p.Date(day)
		}
	}
	return value
}

func (p *Printer) span(low, high any) string {
	switch {
	case low != nil && low == high:
		return p.T("range.exactly", "min", low)
	case low != nil && high != nil:
		return p.T("range.between", "min", low, "max", high)
	case low != nil:
		return p.T("range.min", "min", low)
	case high != nil:
		return p.T("range.max", "max", high)
	}
	return ""
}

// list gives a parameter's values as text: one, or each of a list, in a slice of its own.
func list(value any) []string {
	switch values := value.(type) {
	case []string:
		return slices.Clone(values)
	case []any:
		said := make([]string, len(values))
		for i, one := range values {
			said[i] = fmt.Sprint(one)
		}
		return said
	}
	return []string{fmt.Sprint(value)}
}
