package match_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/match/matchtest"
)

// Saying more settles what was open and nothing else: a constraint that was answered keeps its answer.
func TestSayingMoreNeverChangesAnAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		clauses := []eligibility.Clause{matchtest.Constraint().Draw(t, "constraint")}
		profile, at := matchtest.Profile().Draw(t, "profile"), matchtest.Time().Draw(t, "at")
		before := eligibility.Evaluate(clauses, profile, at).Verdict
		after := eligibility.Evaluate(clauses, matchtest.Answered(t, profile), at).Verdict
		if before != eligibility.Unknown && after != before {
			t.Fatalf("the constraint was %s, and further answers made it %s", before, after)
		}
		if after == eligibility.Unknown {
			t.Fatal("the constraint is unknown though everything is answered")
		}
	})
}

// What is generated is what the strict reader accepts: the suite tests the language that packs are written in.
func TestGeneratedClausesAreValid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		clause := matchtest.Clause().Draw(t, "clause")
		if err := clause.Validate(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestLimitKeepsSomeOfEachNeed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		source, profile := matchtest.Source().Draw(t, "source"), matchtest.Profile().Draw(t, "profile")
		at, limit := matchtest.Time().Draw(t, "at"), rapid.IntRange(1, 4).Draw(t, "limit")
		catalogue, err := match.New(source)
		if err != nil {
			t.Fatal(err)
		}
		all := match.NewLinear(catalogue).Match(profile, at)
		kept := map[string]int{}
		for _, m := range match.Limit(all, limit).Matches {
			kept[m.Need]++
		}
		offered := map[string]int{}
		for _, m := range all.Matches {
			offered[m.Need]++
		}
		for need, n := range offered {
			if kept[need] != min(n, limit) {
				t.Fatalf("%d of %d matches for %s kept with the limit %d", kept[need], n, need, limit)
			}
		}
	})
}
