package catalogue

import (
	"fmt"
	"strings"
)

// A Problem is one thing that is wrong with an object.
type Problem struct {
	Record int // its index in what was checked
	Kind   Kind
	Place  string // of the record
	ID     string // of the record; empty if it has none
	Path   string // in the object: "phones[0].languages[1].code"
	Text   string // what is wrong
	// Refused: a catalogue can't take the object, as matching would do something else than is meant, or because nobody
	// knows which object is meant. What is not refused is against HSDS and kept as it is.
	Refused bool
}

// Error gives everything on one line.
func (p Problem) Error() string {
	parts := make([]string, 0, 4)
	for _, part := range []string{p.Place, p.ID, p.Path, p.Text} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ": ")
}

// A Report hears of one problem by its path in the object.
type Report func(path, format string, arguments ...any)

// under gives a Report that puts a path in front of those it hears.
func (r Report) under(parent string) Report {
	if parent == "" {
		return r
	}
	return func(path, format string, arguments ...any) {
		switch {
		case path == "":
			path = parent
		case path[0] == '[':
			path = parent + path
		default:
			path = parent + "." + path
		}
		r(path, format, arguments...)
	}
}

func indexed(name string, index int) string { return fmt.Sprintf("%s[%d]", name, index) }
