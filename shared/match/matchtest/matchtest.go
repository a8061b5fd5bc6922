// Package matchtest holds the tests that every match.Engine passes: properties that must hold for any catalogue and
// any person, and a comparison with an oracle that is written straight from design §8 and shares no code with the
// engines. An engine joins in with a few lines:
//
//	func TestLinear(t *testing.T) {
//		matchtest.Run(t, func(s match.Source) (match.Engine, error) {
//			c, err := match.New(s)
//			return match.NewLinear(c), err
//		})
//	}
package matchtest

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
)

// Constructor makes the engine under test from a source.
type Constructor func(match.Source) (match.Engine, error)

// Run runs the whole suite.
func Run(t *testing.T, construct Constructor) {
	t.Helper()
	tests := []struct {
		name  string
		check func(*rapid.T, Constructor)
	}{
		{"AgreesWithTheDesign", agreesWithOracle},
		{"AgreesWithLinear", agreesWithLinear},
		{"OrderIsTotalAndStable", orderIsStable},
		{"SameInputSameOutput", sameInputSameOutput},
		{"ResultSurvivesJSON", survivesJSON},
		{"RemovingAConstraintRemovesNoMatch", removingConstraint},
		{"NeverChecksWhatEveryAnswerSettles", answeringEverything},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) { test.check(t, construct) })
		})
	}
	t.Run("EdgeCases", func(t *testing.T) { edgeCases(t, construct) })
}

func engineOf(t *rapid.T, construct Constructor, source match.Source) match.Engine {
	engine, err := construct(source)
	if err != nil {
		t.Fatalf("constructing: %v", err)
	}
	return engine
}

// agreesWithOracle: the whole result, scores, reasons and order included, is what design §8 gives.
func agreesWithOracle(t *rapid.T, construct Constructor) {
	source, profile, at := Source().Draw(t, "source"), Profile().Draw(t, "profile"), Time().Draw(t, "at")
	result := engineOf(t, construct, source).Match(profile, at)
	checkShape(t, result)
	if diff := cmp.Diff(Oracle(source, profile, at), result); diff != "" {
		t.Fatalf("result (-design +engine):\n%s", diff)
	}
	unassured := map[string]bool{}
	for i := range source.Services {
		unassured[source.Services[i].ID] = source.Services[i].AssuredDate == ""
	}
	checkOrder(t, profile, result, unassured)
}

// agreesWithLinear: the whole result, scores and reasons included, is that of the plain engine.
func agreesWithLinear(t *rapid.T, construct Constructor) {
	source, profile, at := Source().Draw(t, "source"), Profile().Draw(t, "profile"), Time().Draw(t, "at")
	catalogue, err := match.New(source)
	if err != nil {
		t.Fatalf("constructing: %v", err)
	}
	want := match.NewLinear(catalogue).Match(profile, at)
	if diff := cmp.Diff(want, engineOf(t, construct, source).Match(profile, at)); diff != "" {
		t.Fatalf("result (-linear +engine):\n%s", diff)
	}
}

// orderIsStable: shuffling the catalogue and its lists changes nothing.
func orderIsStable(t *rapid.T, construct Constructor) {
	source, profile, at := Source().Draw(t, "source"), Profile().Draw(t, "profile"), Time().Draw(t, "at")
	shuffled := source
	shuffled.Services = rapid.Permutation(source.Services).Draw(t, "services")
	shuffled.Organizations = rapid.Permutation(source.Organizations).Draw(t, "organizations")
	shuffled.Areas = country.NewAreas(rapid.Permutation(source.Areas.All()).Draw(t, "areas"))
	want := engineOf(t, construct, source).Match(profile, at)
	if diff := cmp.Diff(want, engineOf(t, construct, shuffled).Match(profile, at)); diff != "" {
		t.Fatalf("shuffling the catalogue changed the result:\n%s", diff)
	}
}

// sameInputSameOutput: asking again, and about another person at the same time, changes nothing; nor does the engine
// change what it was given.
func sameInputSameOutput(t *rapid.T, construct Constructor) {
	source, profile, at := Source().Draw(t, "source"), Profile().Draw(t, "profile"), Time().Draw(t, "at")
	before := text(t, profile)
	engine := engineOf(t, construct, source)
	first := engine.Match(profile, at)
	other := Profile().Draw(t, "other")
	done := make(chan struct{})
	go func() {
		defer close(done)
		engine.Match(other, at)
	}()
	again := engine.Match(profile, at)
	<-done
	if diff := cmp.Diff(first, again); diff != "" {
		t.Fatalf("asking again changed the result:\n%s", diff)
	}
	if after := text(t, profile); after != before {
		t.Fatalf("the engine changed the profile from %s to %s", before, after)
	}
}

func survivesJSON(t *rapid.T, construct Constructor) {
	source, profile, at := Source().Draw(t, "source"), Profile().Draw(t, "profile"), Time().Draw(t, "at")
	result := engineOf(t, construct, source).Match(profile, at)
	var back match.Result
	if err := json.Unmarshal([]byte(text(t, result)), &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(result, back); diff != "" {
		t.Fatalf("a round trip through JSON changed the result:\n%s", diff)
	}
}

func text(t *rapid.T, value any) string {
	data, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// removingConstraint: asking for less never takes a match away, nor makes its verdict worse.
func removingConstraint(t *rapid.T, construct Constructor) {
	source, profile, at := Source().Draw(t, "source"), Profile().Draw(t, "profile"), Time().Draw(t, "at")
	before := verdicts(engineOf(t, construct, source).Match(profile, at))
	relaxed := source
	relaxed.Services = append([]hsds.Service(nil), source.Services...)
	for i := range relaxed.Services {
		if x := relaxed.Services[i].Immerse; x != nil && len(x.Eligibility) > 0 {
			copied := *x
			copied.Eligibility = append([]eligibility.Clause(nil), x.Eligibility...)
			which := rapid.IntRange(0, len(copied.Eligibility)-1).Draw(t, "clause")
			copied.Eligibility[which] = without(t, copied.Eligibility[which])
			relaxed.Services[i].Immerse = &copied
		}
	}
	after := verdicts(engineOf(t, construct, relaxed).Match(profile, at))
	for matched, verdict := range before {
		if after[matched] < verdict {
			t.Fatalf("%v went from %s to %s when a constraint was removed", matched, verdict, after[matched])
		}
	}
}

type pair struct{ service, need string }

func verdicts(result match.Result) map[pair]eligibility.Verdict {
	all := make(map[pair]eligibility.Verdict, len(result.Matches))
	for _, m := range result.Matches {
		all[pair{m.Service, m.Need}] = m.Verdict
	}
	return all
}

// answeringEverything: once every field is answered, nothing is left to check, and whatever was eligible on the
// answers given before still is.
func answeringEverything(t *rapid.T, construct Constructor) {
	source, profile, at := Source().Draw(t, "source"), Profile().Draw(t, "profile"), Time().Draw(t, "at")
	engine := engineOf(t, construct, source)
	before := verdicts(engine.Match(profile, at))
	after := verdicts(engine.Match(Answered(t, profile), at))
	for matched, verdict := range after {
		if verdict != eligibility.True {
			t.Fatalf("%v is %s though everything was answered", matched, verdict)
		}
		if _, possible := before[matched]; !possible {
			t.Fatalf("%v was ruled out, and further answers made it %s", matched, verdict)
		}
	}
	for matched, verdict := range before {
		if verdict == eligibility.True && after[matched] != eligibility.True {
			t.Fatalf("%v was eligible, and further answers made it %s", matched, after[matched])
		}
	}
}

func edgeCases(t *testing.T, construct Constructor) {
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	if _, err := construct(match.Source{}); !errors.Is(err, match.ErrNoAreas) {
		t.Errorf("a source without areas: %v", err)
	}
	source := match.Source{Version: "v", Areas: areas()}
	engine, err := construct(source)
	if err != nil {
		t.Fatal(err)
	}
	result := engine.Match(eligibility.Profile{Needs: []string{"legal", "nothing"}}, at)
	if data, err := json.Marshal(result); err != nil || string(data) != `{"catalogue":"v","matches":[],"misses":[]}` {
		t.Errorf("an empty catalogue gives %s, %v", data, err)
	}
	source.Services = []hsds.Service{{ID: "twice"}, {ID: "twice"}}
	if _, err := construct(source); err == nil {
		t.Error("two services with one id are accepted")
	}
}
