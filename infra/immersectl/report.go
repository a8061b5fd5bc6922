package main

import (
	"fmt"
	"io"

	"github.com/miict/immerse/shared/eligibility"
)

// mostLines is how many problems, and how many notes, are printed; the rest are counted. A file of 100,000 broken lines
// would bury the one that says why.
const mostLines = 200

// report prints problems and notes as they are found, and counts them.
type report struct {
	out             io.Writer
	quiet           bool // no notes
	problems, notes int
}

func (r *report) problem(place string, problem eligibility.Problem) {
	if r.problems++; r.problems <= mostLines {
		fmt.Fprintf(r.out, "%s: %s\n", place, problem.Error())
	}
}

func (r *report) note(place string, note eligibility.Problem) {
	if r.notes++; r.notes <= mostLines && !r.quiet {
		fmt.Fprintf(r.out, "%s: note: %s\n", place, note.Error())
	}
}

// close says how many were not printed.
func (r *report) close() {
	if more := r.problems - mostLines; more > 0 {
		fmt.Fprintf(r.out, "… and %d more problems\n", more)
	}
	if more := r.notes - mostLines; more > 0 && !r.quiet {
		fmt.Fprintf(r.out, "… and %d more notes\n", more)
	}
}

// counted writes a number of problems.
func counted(problems int) string {
	if problems == 1 {
		return "1 problem"
	}
	return fmt.Sprintf("%d problems", problems)
}
