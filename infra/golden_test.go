package main

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden templates anew")

// A change of a golden template is a change of what is deployed, and the laptop boots from them: look at it as at code.
// `go test ./infra -update` writes them.
func TestTemplatesAreAsReviewed(t *testing.T) {
	needsNode(t)
	for name, made := range templates {
		file := filepath.Join("testdata", name+".template.json")
		if *update {
			if err := os.WriteFile(file, made.text, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		golden, err := os.ReadFile(file)
		if err != nil {
			t.Errorf("%v: `go test ./infra -update` writes it", err)
			continue
		}
		if diff := cmp.Diff(strings.Split(string(golden), "\n"), strings.Split(string(made.text), "\n")); diff != "" {
			t.Errorf("%s (- golden, + now):\n%s", name, diff)
		}
	}
	files, err := filepath.Glob("testdata/*.template.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".template.json")
		if !slices.Contains(slices.Collect(maps.Keys(templates)), name) {
			t.Errorf("%s is no stack's any more", file)
		}
	}
}
