package main

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/fairness"
	"github.com/miict/immerse/shared/match"
)

// A short run has a cost and times for the country, and writes them as design §6 says.
func TestAShortRun(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: it is the whole system; make test runs it")
	}
	t.Parallel()
	file := filepath.Join(t.TempDir(), "build", "bench.json")
	if err := run(t.Context(), []string{"-n", "3", "-countries", "cy", "-parts", "cases", "-o", file}, io.Discard); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var figures []Figure
	if err := json.Unmarshal(text, &figures); err != nil || len(figures) < 5 {
		t.Fatalf("%s, %v", text, err)
	}
	for _, f := range figures {
		if !strings.HasSuffix(f.Name, ", cy") || f.Ours <= 0 || f.Baseline <= 0 || f.Ratio != f.Ours/f.Baseline || f.Unit == "" {
			t.Errorf("figure %+v", f)
		}
	}
}

func TestWrongUse(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-parts", "nothing"}, {"-parts", "cases", "-countries", "atlantis"}, {"-x"}} {
		if err := run(t.Context(), append(args, "-o", filepath.Join(t.TempDir(), "x")), io.Discard); err == nil {
			t.Errorf("%v was taken", args)
		}
	}
}

// The fairness report has a row of violations, which is 0, and rows for every attribute.
func TestFairnessIsMeasured(t *testing.T) {
	t.Parallel()
	pack, err := country.Load("cy")
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := match.FromPack(pack)
	if err != nil {
		t.Fatal(err)
	}
	r, err := fairness.Synthetic(match.NewLinear(catalogue), pack, 200, seed, year)
	if err != nil {
		t.Fatal(err)
	}
	figures := fairFigures("cy", r)
	if len(figures) != 1+2*5+4 || figures[0].Ours != 0 || figures[0].Baseline == 0 {
		t.Errorf("%+v", figures)
	}
	for _, f := range figures {
		if _, err := json.Marshal(f); err != nil {
			t.Errorf("%+v: %v", f, err)
		}
	}
}
