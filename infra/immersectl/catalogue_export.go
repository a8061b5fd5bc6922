package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/miict/immerse/shared/catalogue"
	"github.com/miict/immerse/shared/catalogue/linked"
	"github.com/miict/immerse/shared/catalogue/tabular"
	"github.com/miict/immerse/shared/codes"
)

const aboutExport = `Export writes the catalogue of a country's pack, or what it reads from sources, to standard
output:

  ndjson      HSDS objects, one a line, as they came; without --organizations the services only
  tabular     HSDS's tabular form: a zip of datapackage.json and CSV files
  cpsv-ap     CPSV-AP 3.2, as JSON-LD: for the catalogues of public administrations
  schema.org  schema.org's GovernmentService, as JSON-LD: for search engines

The last two need --country, in whose words areas are said; --base is the address of the API
that the services are named by. No organization's inbox is in them.

` + aboutSources

// exporting writes a catalogue in one of the formats.
type exporting struct {
	*options
	format        string
	organizations bool
	base          string
}

// formats are the values of --format.
var formats = []string{"ndjson", "tabular", "cpsv-ap", "schema.org"}

func newExport(o *options) *cobra.Command {
	e := exporting{options: o}
	command := &cobra.Command{
		Use: "export [SOURCE…]", Short: "Write a catalogue in another form", Long: aboutExport,
		Example: "  immersectl catalogue export --country es > services.ndjson\n  immersectl catalogue export --country es --organizations\n" +
			"  immersectl catalogue export feed.json --format tabular > package.zip\n" +
			"  immersectl catalogue export --country es --format cpsv-ap > services.jsonld",
		RunE: func(c *cobra.Command, sources []string) error { return e.run(c.Context(), sources) },
	}
	command.Flags().BoolVar(&e.organizations, "organizations", false, "with ndjson of a country: the organizations instead of the services")
	command.Flags().StringVar(&e.base, "base", "", "address of the API, for cpsv-ap and schema.org (default https://<the pack's domain>/hsds)")
	command.Flags().StringVarP(&e.format, "format", "f", formats[0], "one of "+strings.Join(formats, ", "))
	return command
}

func (e *exporting) run(ctx context.Context, sources []string) error {
	if !slices.Contains(formats, e.format) {
		return badInput("there is no format %q; there are: %s", e.format, strings.Join(formats, ", "))
	}
	records, err := e.records(ctx, sources)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(e.out)
	switch e.format {
	case "tabular":
		err = e.tables(out, records)
	case "cpsv-ap", "schema.org":
		if err := e.linked(out, records); err != nil {
			return err
		}
	default:
		for _, r := range records {
			err = errors.Join(err, writeLine(out, r.Object.Bytes()))
		}
	}
	return written(errors.Join(err, out.Flush()))
}

// records gives what is to be written. Nothing is written of sources in which something can't be read.
func (e *exporting) records(ctx context.Context, sources []string) ([]catalogue.Record, error) {
	if len(sources) > 0 {
		records, err := e.read(ctx, sources)
		if err != nil {
			return nil, err
		}
		broken := 0
		for _, r := range records {
			if r.Err != nil {
				broken++
				fmt.Fprintf(e.err, "%s: %v\n", r.Place, r.Err)
			}
		}
		if broken > 0 {
			return nil, badInput("%s", counted(broken))
		}
		return records, nil
	}
	pack, err := e.pack()
	if err != nil {
		return nil, err
	}
	records := pack.Records()
	if e.format == "ndjson" {
		wanted := catalogue.Service
		if e.organizations {
			wanted = catalogue.Organization
		}
		records = slices.DeleteFunc(records, func(r catalogue.Record) bool { return r.Kind != wanted })
	}
	return records, nil
}

// linked writes linked data of the services.
func (e *exporting) linked(out io.Writer, records []catalogue.Record) error {
	pack, err := e.pack()
	if err != nil {
		return err
	}
	if e.base == "" && pack.Domain == "" {
		return badInput("the pack of %s has no domain; say what the services are named by: --base https://…/hsds", pack.Code)
	}
	words := catalogue.Words{
		Need: func(code string) []string { return []string{code} }, Area: pack.Areas.Name, Country: pack.Code, Needs: codes.Needs,
	}
	p := linked.Publisher{
		Directory: catalogue.NewDirectory(pack.Version, records, words), Base: cmp.Or(strings.TrimSuffix(e.base, "/"), "https://"+pack.Domain+"/hsds"),
		Country: pack.Code, Lang: pack.Languages[0], Area: pack.Areas.NameIn,
	}
	write := p.CPSV
	if e.format == "schema.org" {
		write = p.SchemaOrg
	}
	_, err = out.Write(append(write(p.Directory.Find(catalogue.Service, catalogue.Question{}).All()), '\n'))
	return err
}

func (e *exporting) tables(out io.Writer, records []catalogue.Record) error {
	archive := zip.NewWriter(out)
	leftOut, err := tabular.Write(records, archive.Create)
	if leftOut > 0 {
		fmt.Fprintf(e.err, "%d objects are of no kind that HSDS has a table for; they were left out\n", leftOut)
	}
	return errors.Join(err, archive.Close())
}

// writeLine writes one object on one line, its fields in their order and its numbers digit by digit.
func writeLine(out *bufio.Writer, object []byte) error {
	var line bytes.Buffer
	if err := json.Compact(&line, object); err != nil {
		return err
	}
	line.WriteByte('\n')
	_, err := line.WriteTo(out)
	return err
}
