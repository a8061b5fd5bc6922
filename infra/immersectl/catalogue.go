package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"

	"github.com/spf13/cobra"

	"github.com/miict/immerse/shared/country"
)

const aboutValidate = `Validate names every problem of a catalogue, each with the object's id and the path in it, all
at once. It looks at the pack of --country, or at files: HSDS services and organizations
as JSON or ndjson ("-" is standard input), or the folder of a pack. Areas are those of
--country, or of all countries. The exit code is 2 when there is a problem.`

const aboutImport = `Import reads HSDS services and organizations, as JSON, as pages of an HSDS API or as ndjson,
and writes them as ndjson: one object a line, with every field as it came. What can't be
read is left out and named, and the exit code is then 2. The report goes to standard error.

Importing offers nothing to anybody yet: a foreign service is matched only once somebody
has written its needs, areas and rules under "immerse".`

func newCatalogue(o *options) *cobra.Command {
	group := &cobra.Command{Use: "catalogue", Short: "Check, read and write catalogues"}
	v := &validation{options: o}
	group.AddCommand(
		&cobra.Command{
			Use: "validate [FILE…]", Short: "Name every problem of a catalogue", Long: aboutValidate,
			Example: "  immersectl catalogue validate --country es\n  immersectl catalogue validate services.ndjson organizations.json -c it\n" +
				"  immersectl catalogue validate shared/country/cy",
			RunE: func(_ *cobra.Command, files []string) error { return v.run(files) },
		},
		newImport(o),
		newExport(o),
	)
	return group
}

func newImport(o *options) *cobra.Command {
	return &cobra.Command{
		Use: "import [FILE…]", Short: "Bring foreign HSDS data into one form", Long: aboutImport,
		Example: "  immersectl catalogue import feed.json > services.ndjson\n  curl -s https://example.org/hsds/services | immersectl catalogue import",
		RunE: func(_ *cobra.Command, files []string) error {
			if len(files) == 0 {
				files = []string{stdin}
			}
			i := importing{options: o, out: bufio.NewWriter(o.out), seen: map[string]string{}}
			i.report.out = o.err
			return i.run(files)
		},
	}
}

func newExport(o *options) *cobra.Command {
	var organizations bool
	command := &cobra.Command{
		Use: "export", Short: "Write a country's catalogue as ndjson", Args: noArguments,
		Long:    "Export writes the services of a country's pack, one HSDS object a line, with their \"immerse\" objects.",
		Example: "  immersectl catalogue export --country es > services.ndjson\n  immersectl catalogue export --country es --organizations",
		RunE: func(*cobra.Command, []string) error {
			pack, err := o.pack()
			if err != nil {
				return err
			}
			return o.export(pack, organizations)
		},
	}
	command.Flags().BoolVar(&organizations, "organizations", false, "the organizations instead of the services")
	return command
}

func (o *options) export(pack *country.Pack, organizations bool) error {
	out := bufio.NewWriter(o.out)
	var errs []error
	line := func(object any) {
		data, err := json.Marshal(object)
		errs = append(errs, err, writeLine(out, data))
	}
	if organizations {
		for i := range pack.Organizations {
			line(&pack.Organizations[i])
		}
	} else {
		for i := range pack.Services {
			line(&pack.Services[i])
		}
	}
	return written(errors.Join(append(errs, out.Flush())...))
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
