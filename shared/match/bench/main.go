// Command bench measures the matching engine against what one would pick instead: scans, bitmaps, Roaring
// bitmaps, SQLite and Bleve, all in memory, in one run, in turns, on the same catalogues and for the same people. Every
// engine is exact: before anything is measured, all have to give the same matches with the same scores.
//
// It is a module of its own so that no function carries what it compares with. Times are of one processor, in turns for
// each person, the least of several rounds, and the mean of that over all people.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
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

// settings say what is measured.
type settings struct {
	sizes  []int
	heavy  int // the largest catalogue for which SQLite and Bleve are built
	people int
	rounds int
	grown  int
	out    io.Writer
}

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	s := settings{out: out}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	sizes := flags.String("sizes", "1000,10000,100000", "numbers of services")
	flags.IntVar(&s.heavy, "heavy", 100_000, "the most services with which SQLite and Bleve are measured; they take minutes to build more")
	flags.IntVar(&s.people, "people", 40, "people who are matched")
	flags.IntVar(&s.rounds, "rounds", 9, "rounds, of which the least counts")
	flags.IntVar(&s.grown, "grown", 1_000_000, "to how many services a catalogue of 10,000 is grown; 0 leaves it out")
	file := flags.String("o", "", "where the figures are written, as JSON")
	if err := flags.Parse(args); err != nil {
		return err
	}
	for _, size := range strings.Split(*sizes, ",") {
		n, err := strconv.Atoi(size)
		if err != nil || n < 1 {
			return fmt.Errorf("%q is not a number of services", size)
		}
		s.sizes = append(s.sizes, n)
	}
	var figures []Figure
	for _, part := range []func(settings) ([]Figure, error){engines, growth} {
		more, err := part(s)
		if err != nil {
			return err
		}
		figures = append(figures, more...)
	}
	if *file == "" {
		return nil
	}
	text, err := json.MarshalIndent(figures, "", " ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(*file), 0o755); err != nil { //nolint:gosec // figures are no secret
		return err
	}
	return os.WriteFile(*file, append(text, '\n'), 0o644) //nolint:gosec // likewise; it names the file
}
