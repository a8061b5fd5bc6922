package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"
	"github.com/cdklabs/cdk-nag-go/cdknag/v2"

	"github.com/miict/immerse/shared/country"
)

// finding is a line of cdk-nag's report.
type finding struct {
	Rule       string `json:"ruleId"`
	Resource   string `json:"resourceId"`
	Info       string `json:"ruleInfo"`
	Compliance string `json:"compliance"`
	Reason     string `json:"exceptionReason"`
}

// inspect has cdk-nag look at a country's stacks.
func inspect(t *testing.T, pack *country.Pack) []finding {
	t.Helper()
	folder := t.TempDir()
	app := newApp(folder)
	newCountry(app, pack, notBuilt)
	awscdk.Aspects_Of(app).Add(cdknag.NewAwsSolutionsChecks(&cdknag.NagPackProps{
		Reports: jsii.Bool(true), ReportFormats: &[]cdknag.NagReportFormat{cdknag.NagReportFormat_JSON},
	}), nil)
	app.Synth(nil)
	reports, err := filepath.Glob(filepath.Join(folder, "*-NagReport.json"))
	if err != nil || len(reports) != 2 {
		t.Fatalf("%d reports, %v", len(reports), err)
	}
	var all []finding
	for _, report := range reports {
		data, err := os.ReadFile(report)
		if err != nil {
			t.Fatal(err)
		}
		var read struct{ Lines []finding }
		if err := json.Unmarshal(data, &read); err != nil {
			t.Fatal(err)
		}
		all = append(all, read.Lines...)
	}
	return all
}

func TestNoFindingIsUnexplained(t *testing.T) {
	needsNode(t)
	spain, err := country.Load("es")
	if err != nil {
		t.Fatal(err)
	}
	t.Run("with a domain", func(t *testing.T) { explained(t, spain) })
	t.Run("without one", func(t *testing.T) { explained(t, invented(t)) })
}

func explained(t *testing.T, pack *country.Pack) {
	t.Helper()
	var suppressed []string
	findings := inspect(t, pack)
	for _, f := range findings {
		switch f.Compliance {
		case "Compliant":
		case "Suppressed":
			suppressed = append(suppressed, f.Rule)
		default:
			t.Errorf("%s at %s: %s", f.Rule, f.Resource, f.Info)
		}
	}
	if len(findings) < 40 {
		t.Errorf("cdk-nag looked at %d things only", len(findings))
	}
	places := suppressions(pack)
	if len(places) > 3 {
		t.Errorf("%d places are explained instead of mended: three at most", len(places))
	}
	for _, place := range places {
		for _, rule := range place.rules {
			if !slices.Contains(suppressed, rule.id) {
				t.Errorf("nothing is found any more that %s would suppress", rule.id)
			}
			if len(strings.Fields(rule.reason)) < 8 {
				t.Errorf("%s needs a reason", rule.id)
			}
		}
	}
}
