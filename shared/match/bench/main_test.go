package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// All engines give the same matches with the same scores, and a short run writes its figures as design §6 says.
func TestAShortRun(t *testing.T) {
	file := filepath.Join(t.TempDir(), "build", "bench.json")
	var out strings.Builder
	if err := run([]string{"-sizes", "1500", "-heavy", "100000", "-people", "40", "-rounds", "1", "-grown", "11000", "-o", file}, &out); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var figures []Figure
	if err := json.Unmarshal(text, &figures); err != nil || len(figures) < 20 {
		t.Fatalf("%s, %v", text, err)
	}
	for _, f := range figures {
		if f.Ours <= 0 || f.Ratio != f.Ours/f.Baseline || f.Unit == "" {
			t.Errorf("figure %+v", f)
		}
	}
	if !strings.Contains(out.String(), "sqlite") || !strings.Contains(out.String(), "bleve") {
		t.Errorf("not all engines were measured:\n%s", out.String())
	}
}

func TestWrongUse(t *testing.T) {
	for _, args := range [][]string{{"-sizes", "many"}, {"-x"}} {
		if err := run(args, &strings.Builder{}); err == nil {
			t.Errorf("%v was taken", args)
		}
	}
}
