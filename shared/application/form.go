package application

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	maxPairs = 300 // of name and value in a form post; the form has about 60
	maxRows  = 50  // of languages
)

// formTree reads a form post into the tree that the same application in JSON would be, so that both are checked by the
// same code. ok is false when there is nothing to go on with.
func (r *Reader) formTree(body string, found *problems) (tree map[string]any, ok bool) {
	if strings.Count(body, "&") >= maxPairs {
		found.add("", CodeTooMany, "max", maxPairs)
		return nil, false
	}
	values, err := url.ParseQuery(body)
	if err != nil {
		found.add("", CodeInvalidForm)
		return nil, false
	}
	if !allUTF8(values) {
		found.add("", CodeInvalidUTF8)
		return nil, false
	}
	tree = map[string]any{}
	for _, field := range r.Fields {
		put(tree, field.Name, r.formAnswer(field, values, found))
	}
	for _, name := range []string{FieldIdempotencyKey, FieldStartedAt, FieldWebsite, FieldReview} {
		put(tree, name, one(name, values, found))
	}
	for name := range values {
		tree[name] = values // left over: read calls it unknown
	}
	return tree, true
}

func allUTF8(values url.Values) bool {
	for name, list := range values {
		if !utf8.ValidString(name) || slices.ContainsFunc(list, func(s string) bool { return !utf8.ValidString(s) }) {
			return false
		}
	}
	return true
}

// formAnswer takes a field's pairs out of values and gives what JSON would hold; nil when nothing was given.
func (r *Reader) formAnswer(field Field, values url.Values, found *problems) any {
	if field.Kind == Choices {
		return many(field.Name, values)
	}
	if field.Kind == Languages {
		return rows(field.Name, values, found)
	}
	text := one(field.Name, values, found)
	given, ok := text.(string)
	if !ok {
		return nil
	}
	if field.Kind == Agreement {
		return ticked(given)
	}
	if field.Kind != Whole {
		return given
	}
	if digits := latinDigits(strings.TrimSpace(given)); digits != "" {
		return json.Number(digits) // or whatever it is: reading it as a number will tell
	}
	return nil
}

// ticked reads a checkbox. Anything else stays text, which is then of the wrong type.
func ticked(text string) any {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "true", "on", "yes", "1":
		return true
	case "false", "off", "no", "0":
		return false
	}
	return text
}

// one takes a field that may be there once.
func one(name string, values url.Values, found *problems) any {
	list := values[name]
	delete(values, name)
	if len(list) == 0 {
		return nil
	}
	if len(list) > 1 {
		found.add(name, CodeDuplicate)
	}
	return list[0]
}

// many takes a field that is there once for each answer.
func many(name string, values url.Values) any {
	var list []any
	for _, text := range values[name] {
		if text != "" {
			list = append(list, text)
		}
	}
	delete(values, name)
	if list == nil {
		return nil
	}
	return list
}

// rows takes name.0.code, name.0.level, name.1.code and so on. A row with nothing in it is nil, so that the others keep
// their numbers and problems name the row that the person sees.
func rows(name string, values url.Values, found *problems) any {
	var list []any
	for i := range maxRows {
		row := map[string]any{}
		for _, column := range []string{"code", "level"} {
			path := name + "." + strconv.Itoa(i) + "." + column
			if text, _ := one(path, values, found).(string); text != "" {
				row[column] = text
			}
		}
		if len(row) > 0 {
			list = append(list, make([]any, i-len(list))...)
			list = append(list, row)
		}
	}
	if list == nil {
		return nil
	}
	return list
}

// put sets what is at a dotted path.
func put(tree map[string]any, path string, value any) {
	if value == nil {
		return
	}
	group, rest, nested := strings.Cut(path, ".")
	if !nested {
		tree[group] = value
		return
	}
	inner, ok := tree[group].(map[string]any)
	if !ok {
		inner = map[string]any{}
		tree[group] = inner
	}
	put(inner, rest, value)
}
