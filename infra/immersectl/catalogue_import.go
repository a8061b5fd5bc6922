package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/miict/immerse/shared/catalogue/feed"
	"github.com/miict/immerse/infra/immersectl/internal/foreign"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
)

// importing brings HSDS objects from files into ndjson.
type importing struct {
	*options
	out    *bufio.Writer
	report report
	seen   map[string]string // kind and id → where
	counts importCounts
}

// importCounts is the report of an import.
type importCounts struct {
	Services      int `json:"services"`
	Matched       int `json:"services_with_rules"` // those that matching can offer
	Organizations int `json:"organizations"`
	Others        int `json:"others"` // locations, taxonomies and the like: kept, not looked into
	Problems      int `json:"problems"`
}

func (i *importing) run(files []string) error {
	going := i.progress("objects read")
	var errs []error
	for _, file := range files {
		errs = append(errs, i.each(file, func(r feed.Record) error {
			going.step()
			return i.object(file+": "+r.Place, r.Data)
		}))
	}
	going.end()
	i.report.close()
	if err := errors.Join(append(errs, written(i.out.Flush()))...); err != nil {
		return err
	}
	i.counts.Problems = i.report.problems
	if err := i.tell(); err != nil {
		return err
	}
	if i.counts.Problems > 0 {
		return badInput("%s: what they are about was left out", counted(i.counts.Problems))
	}
	return nil
}

func (i *importing) tell() error {
	if i.json {
		return printJSON(i.err, i.counts)
	}
	fmt.Fprintf(i.err, "%d services (%d with needs, areas and rules of ours), %d organizations, %d other objects\n",
		i.counts.Services, i.counts.Matched, i.counts.Organizations, i.counts.Others)
	return nil
}

// object writes one object, or says why not.
func (i *importing) object(place string, data []byte) error {
	read := readStrictly(data)
	if read.id != "" {
		place += " (" + read.id + ")"
	}
	key := string(read.kind) + read.id
	if other, twice := i.seen[key]; twice && read.id != "" {
		read.problems = append(read.problems, eligibility.Problem{Path: "id", Text: "is that of " + other + " too"})
	}
	for _, problem := range read.problems {
		i.report.problem(place, problem)
	}
	if len(read.problems) > 0 {
		return nil
	}
	i.seen[key] = place
	switch {
	case read.kind == foreign.Other:
		i.counts.Others++
	case read.service == nil:
		i.counts.Organizations++
	case read.service.Immerse != nil:
		i.counts.Matched++
		fallthrough
	default:
		i.counts.Services++
	}
	return written(writeLine(i.out, data))
}

// strictly read is an object as the functions would read it.
type strictlyRead struct {
	kind         foreign.Kind
	id           string
	service      *hsds.Service
	organization *hsds.Organization
	problems     []eligibility.Problem
}

// readStrictly reads a service or an organization with the reader of the functions, which keeps every field.
func readStrictly(data []byte) (read strictlyRead) {
	if !json.Valid(data) {
		return strictlyRead{problems: []eligibility.Problem{{Text: "is not JSON"}}}
	}
	var err error
	switch read.kind = foreign.KindOf(data); read.kind {
	case foreign.AnOrganization:
		read.organization = &hsds.Organization{}
		err = json.Unmarshal(data, read.organization)
		read.id = read.organization.ID
	case foreign.AService:
		read.service = &hsds.Service{}
		err = json.Unmarshal(data, read.service)
		read.id = read.service.ID
	case foreign.Other:
		var object struct{ ID string }
		err = json.Unmarshal(data, &object)
		read.id = object.ID
	}
	read.problems = problemsOf(err)
	if read.id == "" && err == nil {
		read.problems = append(read.problems, eligibility.Problem{Path: "id", Text: "is missing"})
	}
	return read
}

// problemsOf takes the strict reader's error apart.
func problemsOf(err error) []eligibility.Problem {
	problems := eligibility.Problems(err)
	for i, problem := range problems {
		if strings.HasPrefix(problem.Path, "eligibility") {
			problems[i].Path = "immerse." + problem.Path
		}
	}
	return problems
}
