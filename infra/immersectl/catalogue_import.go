package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/miict/immerse/shared/catalogue"
	"github.com/miict/immerse/shared/eligibility"
)

const aboutImport = `Import reads HSDS objects that somebody else publishes and writes them as ndjson: one object a
line, every field as it came, digit by digit. What a catalogue can't take is left out and
named, and the exit code is then 2; what is against HSDS and can be kept is noted. The report
goes to standard error.

` + aboutSources + `

Importing offers nothing to anybody yet: a foreign service is matched only once somebody
has written its needs, areas and rules under "immerse".`

func newImport(o *options) *cobra.Command {
	var quiet bool
	command := &cobra.Command{
		Use: "import [SOURCE…]", Short: "Bring foreign HSDS data into one form", Long: aboutImport,
		Example: "  immersectl catalogue import feed.json > services.ndjson\n  immersectl catalogue import package.zip > services.ndjson\n" +
			"  immersectl catalogue import https://example.org/hsds > services.ndjson",
		RunE: func(c *cobra.Command, sources []string) error {
			if len(sources) == 0 {
				sources = []string{stdin}
			}
			i := importing{options: o, report: report{out: o.err, quiet: quiet}}
			return i.run(c.Context(), sources)
		},
	}
	command.Flags().BoolVarP(&quiet, "quiet", "q", false, "don't print what is against HSDS and was kept")
	return command
}

// importing brings HSDS objects into ndjson.
type importing struct {
	*options
	report report
	counts importCounts
}

// importCounts is the report of an import.
type importCounts struct {
	Services      int `json:"services"`
	Matched       int `json:"services_with_rules"` // those that matching can offer
	Organizations int `json:"organizations"`
	Others        int `json:"others"` // locations, taxonomies and the like
	Problems      int `json:"problems"`
	Notes         int `json:"notes"` // of what is against HSDS and was kept
}

func (i *importing) run(ctx context.Context, sources []string) error {
	around, err := i.around()
	if err != nil {
		return err
	}
	records, err := i.read(ctx, sources)
	if err != nil {
		return err
	}
	problems := catalogue.Check(records, around)
	for _, p := range problems {
		where, said := placeOf(p), eligibility.Problem{Path: p.Path, Text: p.Text}
		if p.Refused {
			i.report.problem(where, said)
		} else {
			i.report.note(where, said)
		}
	}
	i.report.close()
	if err := i.write(catalogue.Sound(records, problems)); err != nil {
		return err
	}
	i.counts.Problems, i.counts.Notes = i.report.problems, i.report.notes
	if err := i.tell(); err != nil {
		return err
	}
	if i.counts.Problems > 0 {
		return badInput("%s: what they are about was left out", counted(i.counts.Problems))
	}
	return nil
}

func placeOf(p catalogue.Problem) string {
	if p.ID == "" {
		return p.Place
	}
	return p.Place + " (" + p.ID + ")"
}

func (i *importing) write(records []catalogue.Record) error {
	out := bufio.NewWriter(i.out)
	var errs []error
	for _, r := range records {
		switch r.Kind {
		case catalogue.Service:
			i.counts.Services++
			if r.Object.Get("immerse") != nil {
				i.counts.Matched++
			}
		case catalogue.Organization:
			i.counts.Organizations++
		default:
			i.counts.Others++
		}
		errs = append(errs, writeLine(out, r.Object.Bytes()))
	}
	return written(errors.Join(append(errs, out.Flush())...))
}

func (i *importing) tell() error {
	if i.json {
		return printJSON(i.err, i.counts)
	}
	fmt.Fprintf(i.err, "%d services (%d with needs, areas and rules of ours), %d organizations, %d other objects\n",
		i.counts.Services, i.counts.Matched, i.counts.Organizations, i.counts.Others)
	return nil
}
