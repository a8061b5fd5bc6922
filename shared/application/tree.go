package application

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxDepth is how deep JSON may nest. An application needs three levels: the languages' entries.
const maxDepth = 8

// parseTree reads JSON into maps, slices, strings, json.Numbers, bools and nils. What encoding/json lets pass and we
// don't: a name given twice (the first stays), deep nesting, invalid UTF-8. ok is false when there is nothing to go on
// with.
func parseTree(body []byte, found *problems) (tree any, ok bool) {
	if !utf8.Valid(body) {
		found.add("", CodeInvalidUTF8)
		return nil, false
	}
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	if depth(body) > maxDepth || !json.Valid(body) {
		found.add("", CodeInvalidJSON)
		return nil, false
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	tree, err := parseValue(decoder, "", found)
	if err != nil {
		found.add("", CodeInvalidJSON)
		return nil, false
	}
	return tree, true
}

// depth is how deep brackets nest outside of strings. It is counted before anything recurses over the body.
func depth(body []byte) int {
	deepest, now, quoted := 0, 0, false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			now++
			deepest = max(deepest, now)
		case c == '}' || c == ']':
			now--
		}
	}
	return deepest
}

func parseValue(decoder *json.Decoder, path string, found *problems) (any, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		return parseObject(decoder, path, found)
	case json.Delim('['):
		return parseList(decoder, path, found)
	}
	return token, nil
}

func parseObject(decoder *json.Decoder, path string, found *problems) (any, error) {
	object := map[string]any{}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		name, _ := token.(string)
		value, err := parseValue(decoder, join(path, name), found)
		if err != nil {
			return nil, err
		}
		if _, twice := object[name]; twice {
			found.add(shown(join(path, name)), CodeDuplicate)
			continue
		}
		object[name] = value
	}
	_, err := decoder.Token()
	return object, err
}

func parseList(decoder *json.Decoder, path string, found *problems) (any, error) {
	list := []any{}
	for decoder.More() {
		value, err := parseValue(decoder, join(path, strconv.Itoa(len(list))), found)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	_, err := decoder.Token()
	return list, err
}

// take removes what is at a dotted path from the tree and gives it; nil when there is nothing.
func take(tree map[string]any, path string) any {
	group, rest, nested := strings.Cut(path, ".")
	if !nested {
		value := tree[group]
		delete(tree, group)
		return value
	}
	if inner, ok := tree[group].(map[string]any); ok {
		return take(inner, rest)
	}
	return nil
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// shown makes a field name that a stranger made up fit to be given back: short, printable.
func shown(name string) string {
	const most = 64
	var out strings.Builder
	for i, r := range []rune(name) {
		if i == most {
			return out.String() + "…"
		}
		if hidden(r) {
			r = '�'
		}
		out.WriteRune(r)
	}
	return out.String()
}
