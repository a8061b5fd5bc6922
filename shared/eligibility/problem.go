package eligibility

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// Problem is one thing wrong with a clause, and where: "[1].age.min".
type Problem struct {
	Path string
	Text string
}

// Error gives the path and the text.
func (p Problem) Error() string {
	if p.Path == "" {
		return p.Text
	}
	return p.Path + ": " + p.Text
}

// Problems takes apart an error of this package, however often its problems were joined. An error that is something
// else becomes a Problem without a path.
func Problems(err error) []Problem {
	if err == nil {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []Problem
		for _, part := range joined.Unwrap() {
			all = append(all, Problems(part)...)
		}
		return all
	}
	var problem Problem
	if errors.As(err, &problem) {
		return []Problem{problem}
	}
	return []Problem{{Text: err.Error()}}
}

// joined makes one error of problems: nil of none.
func joined(problems []Problem) error {
	errs := make([]error, len(problems))
	for i, problem := range problems {
		errs[i] = problem
	}
	return errors.Join(errs...)
}

// under puts a path before those of problems.
func under(path string, problems []Problem) []Problem {
	for i := range problems {
		switch below := problems[i].Path; {
		case below == "" || below[0] == '[':
			problems[i].Path = path + below
		default:
			problems[i].Path = path + "." + below
		}
	}
	return problems
}

type member struct {
	name  string
	value json.RawMessage
}

// readObject reads a JSON object member by member, so that a name that stands twice is noticed and one that differs in
// case is not taken for another, both of which encoding/json would let pass.
func readObject(data []byte) (members []member, problems []Problem) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	if opening, err := decoder.Token(); err != nil || opening != json.Delim('{') {
		return nil, []Problem{{Text: "is not a JSON object"}}
	}
	seen := map[string]bool{}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, []Problem{{Text: err.Error()}}
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, []Problem{{Text: err.Error()}}
		}
		key := fmt.Sprint(name)
		if seen[key] {
			problems = append(problems, Problem{Path: key, Text: "stands twice"})
			continue
		}
		seen[key] = true
		members = append(members, member{key, value})
	}
	if _, err := decoder.Token(); err != nil {
		problems = append(problems, Problem{Text: "is not a complete JSON object"})
	}
	return members, problems
}

// into reads a value of the kind that what names; null is none.
func into(value json.RawMessage, target any, what string) []Problem {
	if bytes.Equal(bytes.TrimSpace(value), []byte("null")) || json.Unmarshal(value, target) != nil {
		return []Problem{{Text: "is not " + what}}
	}
	return nil
}
