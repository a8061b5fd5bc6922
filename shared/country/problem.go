package country

import (
	"errors"
	"fmt"
	"strings"

	"github.com/miict/immerse/shared/eligibility"
)

// Problem is one thing that is wrong with a pack, and where to mend it.
type Problem struct {
	// File is the path of the file in the pack's folder: "services/legal.json".
	File string
	// ID is the id of the object in a list, or its code or name, or its index as "[3]"; empty when the file is meant.
	ID string
	// Path is the path in the object: "immerse.eligibility[0].age".
	Path string
	// Text says what is wrong.
	Text string
}

// Error gives everything on one line.
func (p Problem) Error() string {
	parts := make([]string, 0, 4)
	for _, part := range []string{p.File, p.ID, p.Path, p.Text} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ": ")
}

// Problems is everything that is wrong with a pack, in the order of its files.
type Problems []Problem

// Error gives one line for each problem.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.Error()
	}
	return strings.Join(lines, "\n")
}

// err gives nil for no problems, so that a caller can compare with nil.
func (p Problems) err() error {
	if len(p) == 0 {
		return nil
	}
	return p
}

func (p *Problems) add(file, id, path, format string, arguments ...any) {
	*p = append(*p, Problem{File: file, ID: id, Path: path, Text: fmt.Sprintf(format, arguments...)})
}

// addDecoding adds what decoding an object found, each problem of its clauses by itself.
func (p *Problems) addDecoding(file, id string, err error) {
	var problem eligibility.Problem
	if !errors.As(err, &problem) {
		p.add(file, id, "", "%v", err)
		return
	}
	for _, problem := range eligibility.Problems(err) {
		path := problem.Path
		if path != "" {
			path = "immerse." + path
		}
		p.add(file, id, path, "%s", problem.Text)
	}
}
