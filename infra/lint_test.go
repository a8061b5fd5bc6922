package main

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// cfn-lint knows CloudFormation's own schemas, which neither the CDK nor our rules do.
func TestLinterFindsNothing(t *testing.T) {
	linter, err := exec.LookPath("cfn-lint")
	if err != nil {
		t.Skip("SKIPPED: there is no cfn-lint here (pip install cfn-lint; make foreign runs this again)")
	}
	files, err := filepath.Glob("testdata/*.template.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden templates: %v", err)
	}
	if out, err := exec.Command(linter, append([]string{"--"}, files...)...).CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
