package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/miict/immerse/shared/catalogue"
	"github.com/miict/immerse/shared/country"
)

const aboutValidate = `Validate names every problem of a catalogue, each with the object's id and the path in it, all
at once. It looks at the pack of --country, at the folder of a pack, or at sources. Areas are
those of --country, or of all countries. Services and organizations with an "immerse" object
are held to what matching needs; all else to what HSDS asks. The exit code is 2 when there is
a problem.

` + aboutSources

func newValidate(o *options) *cobra.Command {
	return &cobra.Command{
		Use: "validate [SOURCE…]", Short: "Name every problem of a catalogue", Long: aboutValidate,
		Example: "  immersectl catalogue validate --country es\n  immersectl catalogue validate services.ndjson organizations.json -c it\n" +
			"  immersectl catalogue validate shared/country/cy\n  immersectl catalogue validate package.zip",
		RunE: func(c *cobra.Command, sources []string) error {
			v := &validation{options: o}
			return v.run(c.Context(), sources)
		},
	}
}

// validation gathers the problems of a catalogue.
type validation struct {
	*options
	problems []located
	foreign  int // services without our extension: sound, and never matched
}

// located is one problem as --json prints it.
type located struct {
	Where   string `json:"where"`
	ID      string `json:"id,omitempty"`
	Path    string `json:"path,omitempty"`
	Text    string `json:"text"`
	Refused bool   `json:"refused"` // a catalogue can't take it
}

func (v *validation) run(ctx context.Context, sources []string) error {
	if len(sources) == 0 {
		if _, err := v.pack(); err != nil && v.country == "" {
			return badInput("what? Name sources, or a country with --country")
		}
		if err := v.embedded(); err != nil {
			return err
		}
		return v.tell()
	}
	around, err := v.around()
	if err != nil {
		return err
	}
	var others []string
	for _, source := range sources {
		if _, err := os.Stat(filepath.Join(source, "pack.json")); err == nil {
			folder := filepath.Clean(source)
			v.addPack(folder, country.CheckFS(os.DirFS(filepath.Dir(folder)), filepath.Base(folder)))
		} else {
			others = append(others, source)
		}
	}
	records, err := v.read(ctx, others)
	if err != nil {
		return err
	}
	for _, p := range catalogue.Check(records, around) {
		v.problems = append(v.problems, located{p.Place, p.ID, p.Path, p.Text, p.Refused})
	}
	for _, r := range records {
		if r.Err == nil && r.Kind == catalogue.Service && r.Object.Get("immerse") == nil {
			v.foreign++
		}
	}
	return v.tell()
}

// embedded looks at the pack that is in the program.
func (v *validation) embedded() error {
	pack, err := country.Load(v.country)
	if errors.Is(err, country.ErrUnknown) {
		_, err = v.pack() // which says what there is
		return err
	}
	if err == nil {
		err = pack.Validate()
	}
	v.addPack(v.country, err)
	return nil
}

// addPack adds the problems of a whole pack.
func (v *validation) addPack(name string, err error) {
	var problems country.Problems
	if err != nil && !errors.As(err, &problems) {
		v.problems = append(v.problems, located{Where: name, Text: err.Error(), Refused: true})
	}
	for _, p := range problems {
		v.problems = append(v.problems, located{filepath.Join(name, p.File), p.ID, p.Path, p.Text, true})
	}
}

func (v *validation) tell() error {
	if v.json {
		if v.problems == nil {
			v.problems = []located{}
		}
		if err := printJSON(v.out, v.problems); err != nil {
			return err
		}
	} else {
		for _, p := range v.problems {
			fmt.Fprintln(v.out, catalogue.Problem{Place: p.Where, ID: p.ID, Path: p.Path, Text: p.Text}.Error())
		}
	}
	if v.foreign > 0 {
		fmt.Fprintf(v.err, "%d services have no \"immerse\" object: they are never matched\n", v.foreign)
	}
	if len(v.problems) > 0 {
		return badInput("%s", counted(len(v.problems)))
	}
	if !v.json {
		fmt.Fprintln(v.out, "No problems.")
	}
	return nil
}
