// Package iam decides, as AWS IAM does, whether policies allow a call, for as much of the policy language as our
// templates use. A part of it that isn't understood never allows anything, and says so.
package iam

import (
	"encoding/json"
	"fmt"
	"slices"
)

// A Statement of a policy. NotAction, NotResource and NotPrincipal are not understood: Parse refuses them.
type Statement struct {
	Sid       string
	Effect    string // Allow or Deny
	Principal any    // of resource policies: "*", or who by kind; nil in identity policies
	Action    List
	Resource  List
	Condition map[string]map[string]List // by operator and key
}

// A List may stand as a single text in JSON.
type List []string

// UnmarshalJSON reads a text, or a list of texts, or truth values and numbers, which conditions write as such.
func (l *List) UnmarshalJSON(text []byte) error {
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		return err
	}
	items, many := value.([]any)
	if !many {
		items = []any{value}
	}
	for _, item := range items {
		switch item.(type) {
		case string, bool, float64:
			*l = append(*l, fmt.Sprint(item))
		default:
			return fmt.Errorf("%v is no text", item)
		}
	}
	return nil
}

// Parse reads the statements of a policy document whose intrinsics are resolved. Where tells a reader of an error the
// place.
func Parse(document any, where string) ([]Statement, error) {
	text, err := json.Marshal(document)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", where, err)
	}
	var read struct{ Statement json.RawMessage }
	if err := json.Unmarshal(text, &read); err != nil {
		return nil, fmt.Errorf("%s: %w", where, err)
	}
	if len(read.Statement) > 0 && read.Statement[0] == '{' {
		read.Statement = append(append([]byte("["), read.Statement...), ']')
	}
	var members []map[string]json.RawMessage
	var statements []Statement
	for _, into := range []any{&members, &statements} {
		if err := json.Unmarshal(read.Statement, into); err != nil {
			return nil, fmt.Errorf("%s: %w", where, err)
		}
	}
	for i, statement := range statements {
		for name := range members[i] {
			switch name {
			case "Sid", "Effect", "Principal", "Action", "Resource", "Condition":
			default:
				return nil, fmt.Errorf("%s: statement %s has %s, which the laptop doesn't understand", where, statement.name(i), name)
			}
		}
		if statement.Sid == "" {
			statements[i].Sid = statement.name(i)
		}
		if statement.Effect != "Allow" && statement.Effect != "Deny" {
			return nil, fmt.Errorf("%s: statement %s has the effect %q", where, statement.name(i), statement.Effect)
		}
	}
	return statements, nil
}

func (s Statement) name(place int) string {
	if s.Sid != "" {
		return s.Sid
	}
	return fmt.Sprintf("number %d", place+1)
}

// Names tells whether a statement of a resource's policy names somebody, of a kind such as AWS or Service.
func (s Statement) Names(kind, who string) bool {
	if s.Principal == "*" {
		return kind == "AWS" && who == "*"
	}
	kinds, _ := s.Principal.(map[string]any)
	many, isList := kinds[kind].([]any)
	if !isList {
		many = []any{kinds[kind]}
	}
	return slices.Contains(many, any(who))
}
