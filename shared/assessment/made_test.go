package assessment_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/eligibility"
)

func TestEachRoundSaysWhatItWasMadeWith(t *testing.T) {
	first := sample()
	first.Rules, first.Snapshot = "1-0", "a"
	extended := first
	extended.Record(assessment.Made{Round: 1, Catalogue: "later", Rules: "2-0", Snapshot: "b"})
	extended.Record(assessment.Made{Round: 2, Catalogue: "3f9a1c20", Rules: "1-0", Snapshot: "a"})
	packed, err := extended.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := assessment.Decode(packed)
	if err != nil {
		t.Fatal(err)
	}
	want := []assessment.Made{
		{Round: 0, Catalogue: "3f9a1c20", Rules: "1-0", Snapshot: "a"}, {Round: 1, Catalogue: "later", Rules: "2-0", Snapshot: "b"},
		{Round: 2, Catalogue: "3f9a1c20", Rules: "1-0", Snapshot: "a"},
	}
	if diff := cmp.Diff(want, []assessment.Made{got.MadeWith(0), got.MadeWith(1), got.MadeWith(2)}); diff != "" {
		t.Errorf("made with (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"a", "b"}, got.Snapshots()); diff != "" {
		t.Errorf("snapshots (-want +got):\n%s", diff)
	}
	if len(first.Rounds) != 0 || first.MadeWith(3).Snapshot != "a" { // as earlier releases wrote it
		t.Errorf("without rounds: %+v", first.MadeWith(3))
	}
}

func TestAMatchThatIsTakenUpAgainIsAsItIsNow(t *testing.T) {
	a := assessment.Assessment{Waiting: []string{"full"}}
	a.Result.Matches = append(a.Result.Matches, found("full", "legal", 0.9, eligibility.Unknown))
	if !a.Add(found("full", "legal", 0.4, eligibility.True), []string{"legal"}, 1) {
		t.Fatal("not taken up")
	}
	if diff := cmp.Diff(found("full", "legal", 0.4, eligibility.True), a.Round(1)[0]); diff != "" || len(a.Result.Matches) != 1 {
		t.Errorf("%+v (-want +got):\n%s", a.Result.Matches, diff)
	}
}
