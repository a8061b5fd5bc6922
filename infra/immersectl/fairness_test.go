package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/fairness"
)

func TestFairness(t *testing.T) {
	t.Parallel()
	for _, code := range country.Codes() {
		arguments := []string{"fairness", "--country", code, "--population", "200", "--seed", "3", "--at", "2026-11-01"}
		table := command(t.Context(), nil, "", arguments...)
		if table.code != exitDone || !strings.Contains(table.out, "200 SYNTHETIC people") || !strings.Contains(table.out, ": 0 violations, 0 missed") {
			t.Errorf("%s: exit code %d: %s%s", code, table.code, table.out, table.err)
		}
		var r fairness.Report
		asJSON := command(t.Context(), nil, "", append(arguments, "--json")...)
		if err := json.Unmarshal([]byte(asJSON.out), &r); err != nil || !r.Synthetic || len(r.By) != 5 || len(r.Batches) != 4 {
			t.Errorf("%s: %v: %s", code, err, asJSON.out)
		}
	}
	// Another catalogue: one service for women in Granada, so that nobody else finds anything.
	catalogue := write(t, "services", `{"id":"s","name":"S","status":"active","immerse":{"needs":["health"],"areas":["ES"],"eligibility":[{"gender":["female"]}]}}`)
	got := command(t.Context(), nil, "", "fairness", "-c", "es", "--catalogue", catalogue, "--at", "2026-11-01", "--json")
	var r fairness.Report
	if err := json.Unmarshal([]byte(got.out), &r); err != nil || got.code != exitDone {
		t.Fatalf("%v: %d %s", err, got.code, got.err)
	}
	if gender := r.By[1]; gender.Eligible.Ratio != 0 || gender.Eligible.Group == "female" {
		t.Errorf("a catalogue for women only: %+v", gender)
	}
	for _, arguments := range [][]string{{"--population", "0"}, {"--population", "100001"}, {"--at", "soon"}} {
		if got := command(t.Context(), nil, "", append([]string{"fairness", "-c", "es"}, arguments...)...); got.code != exitBadInput {
			t.Errorf("%v: exit code %d", arguments, got.code)
		}
	}
}
