package fairness_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/fairness"
	"github.com/miict/immerse/shared/groups"
	"github.com/miict/immerse/shared/match"
)

var at = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func load(t *testing.T, code string) (*country.Pack, match.Engine) {
	t.Helper()
	pack, err := country.Load(code)
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := match.FromPack(pack)
	if err != nil {
		t.Fatal(err)
	}
	return pack, match.NewLinear(catalogue)
}

// TestTheEngineKeepsTheRules: over every pack, nobody is offered what the rules don't allow, and nobody is denied what they do.
func TestTheEngineKeepsTheRules(t *testing.T) {
	t.Parallel()
	for _, code := range country.Codes() {
		pack, engine := load(t, code)
		r, err := fairness.Synthetic(engine, pack, 300, 7, at)
		if err != nil {
			t.Fatal(err)
		}
		if r.Violations != 0 || r.Missed != 0 || r.Pairs < 10_000 {
			t.Errorf("%s: %d violations and %d missed in %d pairs", code, r.Violations, r.Missed, r.Pairs)
		}
		for _, b := range r.Batches {
			if b.Violations != 0 || b.Proposed == 0 || b.Points > b.PointsWithout || b.Worst.Ratio < 0 || b.PointsFirst > b.PointsWithout {
				t.Errorf("%s: %+v", code, b)
			}
		}
		again, err := fairness.Synthetic(engine, pack, 300, 7, at)
		if err != nil || !reflect.DeepEqual(r, again) {
			t.Errorf("%s: the same seed gives another report, %v", code, err)
		}
	}
}

// wrong is an engine that errs in one way.
type wrong struct {
	match.Engine
	change func(eligibility.Profile, []match.Match) []match.Match
}

func (w wrong) Match(p eligibility.Profile, at time.Time) match.Result {
	result := w.Engine.Match(p, at)
	result.Matches = w.change(p, result.Matches)
	return result
}

// TestAWrongEngineIsFound: each way to err is counted as what it is.
func TestAWrongEngineIsFound(t *testing.T) {
	t.Parallel()
	pack, engine := load(t, "cy")
	for name, c := range map[string]struct {
		change             func(eligibility.Profile, []match.Match) []match.Match
		violations, missed bool
	}{
		"leaves one out": {func(_ eligibility.Profile, m []match.Match) []match.Match { return m[min(1, len(m)):] }, false, true},
		"says eligible on a guess": {func(_ eligibility.Profile, m []match.Match) []match.Match {
			for i := range m {
				m[i].Verdict = eligibility.True
			}
			return m
		}, true, false},
		"offers everything": {func(p eligibility.Profile, _ []match.Match) (all []match.Match) {
			for _, s := range pack.Services {
				all = append(all, match.Match{Service: s.ID, Need: p.Needs[0], Verdict: eligibility.True})
			}
			return all
		}, true, true},
		"invents a service": {func(p eligibility.Profile, m []match.Match) []match.Match {
			return append(m, match.Match{Service: "invented", Need: p.Needs[0], Verdict: eligibility.True})
		}, true, false},
		"offers one twice": {func(_ eligibility.Profile, m []match.Match) []match.Match { return append(m, m...) }, true, false},
	} {
		r, err := fairness.Synthetic(wrong{engine, c.change}, pack, 60, 1, at)
		if err != nil {
			t.Fatal(err)
		}
		if (r.Violations > 0) != c.violations || (r.Missed > 0) != c.missed {
			t.Errorf("%s: %d violations, %d missed", name, r.Violations, r.Missed)
		}
	}
}

// TestPlacesOfAWrongEngineAreFound: a proposal is held to the rules, too.
func TestPlacesOfAWrongEngineAreFound(t *testing.T) {
	t.Parallel()
	pack, engine := load(t, "cy")
	everywhere := wrong{engine, func(p eligibility.Profile, _ []match.Match) (all []match.Match) {
		for _, s := range pack.Services {
			all = append(all, match.Match{Service: s.ID, Need: p.Needs[0], Verdict: eligibility.True})
		}
		return all
	}}
	r, err := fairness.Synthetic(everywhere, pack, 200, 1, at)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range r.Batches {
		if b.Violations == 0 {
			t.Errorf("places for %s are given to anybody, and no violation is found", b.Need)
		}
	}
}

// TestSmallGroupsAreNotShown: nothing is said of fewer than ten people, and nothing that lets them be worked out.
func TestSmallGroupsAreNotShown(t *testing.T) {
	t.Parallel()
	pack, engine := load(t, "es")
	suppressed := 0
	for _, people := range []int{1, 30, 120, 400} {
		r, err := fairness.Synthetic(engine, pack, people, 3, at)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range r.By {
			shown, few := 0, 0
			for _, row := range a.Rows {
				shown += row.People
				switch {
				case row.Suppressed && !reflect.DeepEqual(row, fairness.Row{Group: row.Group, Suppressed: true}):
					t.Errorf("%+v says something", row)
				case row.Suppressed:
					few++
				case row.People < groups.Smallest:
					t.Errorf("%s of %d: %+v", a.By, people, row)
				}
			}
			if few == 1 && len(a.Rows) > 1 {
				t.Errorf("%s of %d: one group alone is hidden, of %d people", a.By, people, people-shown)
			}
			suppressed += few
		}
		var text strings.Builder
		if err := r.Print(&text); err != nil || !strings.Contains(text.String(), "SYNTHETIC people, who do not exist") {
			t.Errorf("%v: %s", err, text.String())
		}
	}
	if suppressed == 0 {
		t.Error("no group was small")
	}
}
