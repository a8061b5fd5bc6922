package country

import (
	"fmt"
	"strings"

	"github.com/miict/immerse/shared/eligibility"
)

// checkID wants a UUID that no other object of the list has.
func checkID(id string, seen map[string]bool, wrong func(string, string, ...any)) {
	if !uuid.MatchString(id) {
		wrong("id", "%q is not a UUID in small letters", id)
	}
	if seen[id] {
		wrong("id", "stands twice")
	}
	seen[id] = true
}

// required wants a text in each of the fields given by name and value.
func required(wrong func(string, string, ...any), namesAndValues ...string) {
	for name, value := range pairs(namesAndValues...) {
		if strings.TrimSpace(value) == "" {
			wrong(name, "is empty")
		}
	}
}

// clauseProblems looks at a clause again: one that was made in Go has not been through the strict reader.
func clauseProblems(clause *eligibility.Clause, index int) []eligibility.Problem {
	problems := eligibility.Problems(clause.Validate())
	for i := range problems {
		path := fmt.Sprintf("eligibility[%d]", index)
		if problems[i].Path != "" {
			path += "." + problems[i].Path
		}
		problems[i].Path = path
	}
	return problems
}
