package index_test

import (
	"flag"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/match/index"
	"github.com/miict/immerse/shared/match/matchtest"
)

var (
	pairs = flag.Int("pairs", 30_000, "pairs of a person and a service on which the engine is held to the oracle")
	seed  = flag.Uint64("seed", 1, "of the first catalogue")
)

// The engine gives what the oracle gives, on catalogues of every temper: the same services in the same order with the same
// scores, reasons and missing fields, the same misses; of any number for each need; and the same without explanation.
func TestAgreesWithTheOracle(t *testing.T) {
	done := 0
	for round := *seed; done < *pairs; round++ {
		for _, temper := range matchtest.Tempers {
			random := rand.New(rand.NewPCG(round, 0))
			source := temper.Random(random)
			engine, err := construct(source)
			if err != nil {
				t.Fatalf("%s, seed %d: %v", temper.Name, round, err)
			}
			for range 5 {
				p := matchtest.Person(random, source.Areas)
				at := matchtest.Submitted.Add(time.Duration(random.IntN(365*24)-4000) * time.Hour)
				agrees(t, engine.(*index.Engine), source, p, at, random)
				if t.Failed() {
					t.Fatalf("%s, seed %d", temper.Name, round)
				}
				done += len(source.Services)
			}
		}
	}
	t.Logf("%d pairs", done)
}

func agrees(t *testing.T, e *index.Engine, source match.Source, p eligibility.Profile, at time.Time, random *rand.Rand) {
	t.Helper()
	want := matchtest.Oracle(source, p, at)
	if got := e.Match(p, at); !reflect.DeepEqual(want, got) {
		t.Errorf("-oracle +engine:\n%s", cmp.Diff(want, got))
	}
	most := 1 + random.IntN(8)
	if want, got := match.Limit(want, most), e.Top(p, at, most); !reflect.DeepEqual(want, got) {
		t.Errorf("top %d, -oracle +engine:\n%s", most, cmp.Diff(want, got))
	}
	type lean struct {
		service, need string
		verdict       eligibility.Verdict
		score         float64
	}
	found := map[lean]bool{}
	for _, f := range e.Append(nil, &p, at) {
		found[lean{e.ID(f.Service()), p.Needs[f.Need()], f.Verdict(), f.Score()}] = true
	}
	for _, m := range want.Matches {
		if !found[lean{m.Service, m.Need, m.Verdict, m.Score}] {
			t.Errorf("Append did not find %+v", m)
		}
	}
	if len(found) != len(want.Matches) {
		t.Errorf("Append found %d of %d", len(found), len(want.Matches))
	}
}
