// Command bench measures what a case costs and how long it takes, on this machine, with the deployed programs and
// templates. It prints a table and writes build/bench.json. Its parts stop by themselves and reach nothing but
// loopback. A further benchmark is a further function in parts.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"

	"github.com/miict/immerse/shared/country"
)

// A Figure is one line of build/bench.json (design §6). Ratio is ours to baseline: below 1 is better.
type Figure struct {
	Name     string  `json:"name"`
	Ours     float64 `json:"ours"`
	Baseline float64 `json:"baseline"`
	Ratio    float64 `json:"ratio"`
	Unit     string  `json:"unit"`
}

func figure(name string, ours, baseline float64, unit string) Figure {
	return Figure{name, ours, baseline, ours / baseline, unit}
}

// settings are what all parts are given.
type settings struct {
	countries    []string
	applications int
	matching     string // arguments of the matching engine's benchmark
	out          io.Writer
}

// parts are the benchmarks by name. Each prints its table and gives its figures.
var parts = map[string]func(context.Context, settings) ([]Figure, error){
	"cases":    cases,
	"fairness": fair,
	"matching": matching,
	"zips":     zips,
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	applications := flags.Int("n", 200, "applications a country, 2000 at most")
	only := flags.String("parts", "", "parts to run, of "+strings.Join(slices.Sorted(maps.Keys(parts)), ",")+"; all when empty")
	codes := flags.String("countries", "", "countries, such as es,it; all when empty")
	engine := flags.String("matching", "", "arguments of the matching engine's benchmark, such as '-sizes 1000000 -heavy 0'")
	file := flags.String("o", "build/bench.json", "where the figures are written")
	if err := flags.Parse(args); err != nil {
		return err
	}
	s := settings{countries: country.Codes(), applications: min(max(*applications, 1), 2000), matching: *engine, out: out}
	if *codes != "" {
		s.countries = strings.Split(*codes, ",")
	}
	names := strings.Split(cmp.Or(*only, strings.Join(slices.Sorted(maps.Keys(parts)), ",")), ",")
	var all []Figure
	for _, name := range names {
		part, ok := parts[name]
		if !ok {
			return fmt.Errorf("there is no part %q", name)
		}
		figures, err := part(ctx, s)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, figures...)
	}
	table(out, all)
	return write(*file, all)
}

func table(out io.Writer, figures []Figure) {
	fmt.Fprintf(out, "\n%-52s %12s %12s %8s  %s\n", "figure", "ours", "baseline", "ratio", "unit")
	for _, f := range figures {
		fmt.Fprintf(out, "%-52s %12.4f %12.4f %8.3f  %s\n", f.Name, f.Ours, f.Baseline, f.Ratio, f.Unit)
	}
}

func write(file string, figures []Figure) error {
	text, err := json.MarshalIndent(figures, "", " ")
	if err != nil {
		return fmt.Errorf("writing the figures: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil { //nolint:gosec // figures are no secret
		return fmt.Errorf("writing the figures: %w", err)
	}
	return os.WriteFile(file, append(text, '\n'), 0o644) //nolint:gosec // likewise; it names the file
}
