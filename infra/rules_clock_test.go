package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/miict/immerse/shared/start"
)

// TestNoTemplateMovesTheClock: the variable that moves the clock of a laptop's programs is in no template, and one that had it would
// break a rule.
func TestNoTemplateMovesTheClock(t *testing.T) {
	files, err := filepath.Glob("testdata/*.template.json")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		if strings.Contains(readFile(file), start.Offset) {
			t.Errorf("%s has %s", file, start.Offset)
		}
	}
	made := readTemplate("testdata/Immerse-ES.template.json")
	for _, f := range made.of("AWS::Lambda::Function") {
		f.at("Environment.Variables").(map[string]any)[start.Offset] = "72h"
	}
	if found := strings.Join(broken("Immerse-ES", made), "\n"); !strings.Contains(found, start.Offset) {
		t.Errorf("nothing says that a template has it: %s", found)
	}
}
