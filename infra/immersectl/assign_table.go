package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/miict/immerse/shared/batch"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/groups"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/locale"
)

// proposalTable is a proposal for people to read.
type proposalTable struct {
	*batch.Proposal
	services []hsds.Service
	pack     *country.Pack
	language string
}

func (t proposalTable) print(out io.Writer) error {
	s := t.Summary
	fmt.Fprintf(out, "PROPOSAL %s\nAn officer decides. Nobody is refused by this list.\n\n", t.Batch)
	for _, place := range t.Places {
		fmt.Fprintf(out, "%d places: %s\n", place.Places, t.name(place.Service))
	}
	fmt.Fprintf(out, "%d requests: %d proposed, of whom %d are to be checked first; %d waiting; %d whom nothing here fits\n",
		s.Requests, s.Proposed, s.ToCheck, s.Waiting, s.NoMatch)
	fmt.Fprintf(out, "Points, of those who surely qualify: %d, and %d if there were no floors\n\n", s.Points, s.FreePoints)
	if err := t.groups(out); err != nil {
		return err
	}
	for _, state := range []batch.State{batch.Proposed, batch.Waiting, batch.NoMatch} {
		if err := t.outcomes(out, state); err != nil {
			return err
		}
	}
	return nil
}

// notes say what a group's note means.
var notes = map[string]string{
	batch.NoteNobody:  "no floor: nobody surely qualifies for a place here",
	batch.NoteNoFloor: "no floor: its share is less than one place",
	batch.NoteFewOpen: "below its floor: too few of these places are open to it, whoever else asks",
	batch.NoteCompete: "below its floor: the floors of several groups need the same places",
}

// groups prints how groups fare. Small ones are not counted out: the few people in them could be recognised.
func (t proposalTable) groups(out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "GROUP\tASKED\tQUALIFY\tFLOOR\tPROPOSED\tWITHOUT FLOORS\t")
	for _, g := range t.Groups {
		note := notes[g.Note]
		for _, code := range sorted(g.Why) {
			note += "; " + code
		}
		if g.Asked < groups.Smallest {
			fmt.Fprintf(table, "%s\tfewer than %d\t\t\t\t\t%s\n", g.ID, groups.Smallest, note)
			continue
		}
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%d\t%s\n", g.ID, g.Asked, g.Could, g.Floor, g.Proposed, g.Without, note)
	}
	return written(table.Flush())
}

func sorted(counts map[string]int) (keys []string) {
	for key := range counts {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func (t proposalTable) outcomes(out io.Writer, state batch.State) error {
	fmt.Fprintf(out, "\n%s\n", strings.ToUpper(strings.ReplaceAll(string(state), "_", " ")))
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	printer := locale.For(t.language)
	for _, o := range t.ordered(state) {
		where := t.name(o.Service)
		for i, w := range o.Waiting {
			if i > 0 {
				where += ", "
			}
			where += fmt.Sprintf("%d. for %s", w.Position, t.name(w.Service))
		}
		said := make([]string, len(o.Reasons))
		for i, reason := range o.Reasons {
			said[i] = t.say(printer, reason)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", o.Reference, o.Need, where, strings.Join(said, " "))
	}
	return written(table.Flush())
}

// ordered are the outcomes of a state: by service, and those who wait by their position for the first of theirs.
func (t proposalTable) ordered(state batch.State) (all []batch.Outcome) {
	for _, o := range t.Outcomes {
		if o.State == state {
			all = append(all, o)
		}
	}
	slices.SortStableFunc(all, func(a, b batch.Outcome) int {
		if state == batch.Waiting {
			return cmp.Or(cmp.Compare(a.Waiting[0].Service, b.Waiting[0].Service), a.Waiting[0].Position-b.Waiting[0].Position)
		}
		return cmp.Compare(a.Service, b.Service)
	})
	return all
}

// say says a reason with the names of services and areas.
func (t proposalTable) say(printer *locale.Printer, reason eligibility.Reason) string {
	params := t.pack.NameAreas(reason.Params, printer.Lang())
	if id, ok := params["service"].(string); ok {
		params["service"] = t.name(id)
	}
	if slices.Contains(batch.Reasons, reason.Code) {
		return printer.ReasonAs("batch.reason."+reason.Code, reason.Code, params)
	}
	return printer.Reason(reason.Code, params)
}

func (t proposalTable) name(id string) string {
	for i := range t.services {
		if t.services[i].ID == id {
			return t.services[i].Name
		}
	}
	return id
}
