package locale

import (
	"fmt"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n/template"
)

// braces fills "{name}" placeholders. It stands in for text/template: translators cannot break a page with it, and
// there is nothing to compile when a function starts.
type braces struct{}

// Cacheable implements template.Parser: there is nothing worth keeping.
func (braces) Cacheable() bool { return false }

// Parse implements template.Parser.
func (braces) Parse(text, _, _ string) (template.ParsedTemplate, error) { return sentence(text), nil }

type sentence string

// Execute implements template.ParsedTemplate.
func (s sentence) Execute(data any) (string, error) {
	params, _ := data.(map[string]any)
	return fill(string(s), params), nil
}

// fill puts params in place of "{name}". A placeholder that nobody filled stays as it is, to be seen and mended.
func fill(text string, params map[string]any) string {
	rest, filled := text, strings.Builder{}
	for {
		before, after, found := strings.Cut(rest, "{")
		name, tail, closed := strings.Cut(after, "}")
		if !found || !closed {
			filled.WriteString(rest)
			return filled.String()
		}
		filled.WriteString(before)
		if value, ok := params[name]; ok {
			fmt.Fprint(&filled, value)
		} else {
			filled.WriteString("{" + name + "}")
		}
		rest = tail
	}
}
