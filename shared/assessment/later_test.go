package assessment_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match"
)

func found(service, need string, score float64, verdict eligibility.Verdict) match.Match {
	return match.Match{Service: service, Need: need, Score: score, Verdict: verdict}
}

func pairs(matches []match.Match) (list []string) {
	for _, m := range matches {
		list = append(list, m.Service+" "+m.Need)
	}
	return list
}

func TestALaterMatchTakesItsPlaceAndItsRound(t *testing.T) {
	needs := []string{"legal", "language"}
	a := assessment.Assessment{Result: match.Result{
		Matches: []match.Match{found("b", "legal", 0.5, eligibility.True), found("c", "language", 0.4, eligibility.Unknown)},
		Misses:  []match.Miss{{Service: "a", Need: "legal"}, {Service: "x", Need: "legal"}},
	}}
	before := a
	for _, m := range []match.Match{
		found("a", "legal", 0.5, eligibility.True), found("d", "legal", 0.9, eligibility.Unknown), found("e", "language", 0.1, eligibility.True),
	} {
		if !a.Add(m, needs, 1) {
			t.Errorf("%s is not added", m.Service)
		}
	}
	if a.Add(found("b", "legal", 0.9, eligibility.True), needs, 2) {
		t.Error("what was told before is told again")
	}
	want := []string{"a legal", "b legal", "d legal", "e language", "c language"}
	if diff := cmp.Diff(want, pairs(a.Result.Matches)); diff != "" {
		t.Errorf("matches (-want +got):\n%s", diff)
	}
	for round, want := range [][]string{{"b legal", "c language"}, {"a legal", "d legal", "e language"}, nil} {
		if diff := cmp.Diff(want, pairs(a.Round(round))); diff != "" {
			t.Errorf("round %d (-want +got):\n%s", round, diff)
		}
	}
	if len(a.Result.Misses) != 1 || a.Result.Misses[0].Service != "x" {
		t.Errorf("misses: %+v", a.Result.Misses)
	}
	if diff := cmp.Diff([]string{"b legal", "c language"}, pairs(before.Result.Matches)); diff != "" || len(before.Result.Misses) != 2 {
		t.Errorf("the assessment that it was made of was changed: %+v", before)
	}
}

func TestWhatIsWaitedForComesInALaterRound(t *testing.T) {
	needs := []string{"legal"}
	a := assessment.Assessment{
		Waiting: []string{"full"},
		Result:  match.Result{Matches: []match.Match{found("full", "legal", 0.9, eligibility.True), found("b", "legal", 0.5, eligibility.True)}},
	}
	if !a.Open(needs, 2) || !a.Add(found("full", "legal", 0.9, eligibility.True), needs, 1) {
		t.Error("a service that has a place again is not told")
	}
	a.Arrived([]string{"full"})
	if a.Open(needs, 2) || !a.Open(needs, 3) || a.Room("legal", 2) != 0 || a.Room("language", 2) != 2 {
		t.Errorf("open: %+v", a)
	}
	if diff := cmp.Diff([]string{"full legal"}, pairs(a.Round(1))); diff != "" {
		t.Errorf("round 1 (-want +got):\n%s", diff)
	}
}

func TestWhatWaitsForAPlaceIsNotSaidToHaveOne(t *testing.T) {
	free := []eligibility.Reason{{Code: eligibility.ReasonOnline}, {Code: eligibility.ReasonPlacesAvailable}, {Code: eligibility.ReasonUnchecked}}
	a := assessment.Assessment{Waiting: []string{"full"}}
	full := match.Match{Service: "full", Need: "legal", Reasons: free}
	if diff := cmp.Diff([]eligibility.Reason{free[0], free[2]}, a.Reasons(full)); diff != "" {
		t.Errorf("while it waits (-want +got):\n%s", diff)
	}
	if len(free) != 3 || free[1].Code != eligibility.ReasonPlacesAvailable {
		t.Errorf("the match was changed: %v", free)
	}
	a.Arrived([]string{"full"})
	if diff := cmp.Diff(free, a.Reasons(full)); diff != "" {
		t.Errorf("with a place (-want +got):\n%s", diff)
	}
}
