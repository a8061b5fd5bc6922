// Command site writes the static site of a country into a folder.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/site"
)

func main() {
	code := flag.String("country", "es", "the country whose site to make, by its ISO 3166-1 code")
	out := flag.String("out", "dist", "the folder to write to; files that are there already are kept or replaced")
	report := flag.Bool("report", false, "only tell which pages about rights are to be written or checked")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "Usage: site [-country es] [-out dist]\n\nWrites the static site of a country into a folder.")
		flag.PrintDefaults()
	}
	flag.Parse()
	do := run
	if *report {
		do = func(code, _ string, out io.Writer) error { return due(code, out, true) }
	}
	if err := do(*code, *out, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "site:", err)
		os.Exit(1)
	}
}

func run(code, out string, report io.Writer) error {
	pack, err := country.Load(code)
	if err != nil {
		return err
	}
	files, err := site.Build(pack, time.Now())
	if err != nil {
		return err
	}
	for _, path := range files.Paths() {
		target := filepath.Join(out, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil { // #nosec G301 -- a site is for everyone to read
			return err
		}
		if err := os.WriteFile(target, files[path], 0o644); err != nil { // #nosec G306 -- as above
			return err
		}
	}
	if _, err := fmt.Fprintf(report, "%d files for %s in %s\n", len(files), pack.Name, out); err != nil {
		return err
	}
	return due(code, report, false)
}

// due says how many pages about rights are to be written or checked, and with all, which.
func due(code string, report io.Writer, all bool) error {
	pack, err := country.Load(code)
	if err != nil {
		return err
	}
	lines, err := site.Due(pack, time.Now())
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%d pages about rights in %s are to be written or checked (site -report names them)\n", len(lines), pack.Name)
	if all {
		text = pack.Name + "\n\t" + strings.Join(lines, "\n\t") + "\n"
	}
	_, err = io.WriteString(report, text)
	return err
}
