package index_test

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/match/index"
	"github.com/miict/immerse/shared/match/matchtest"
)

func source(t *testing.T) match.Source {
	t.Helper()
	pack, err := country.Load("cy")
	if err != nil {
		t.Fatal(err)
	}
	location, err := pack.Location()
	if err != nil {
		t.Fatal(err)
	}
	return match.Source{
		Version: pack.Version, Services: pack.Services, Organizations: pack.Organizations, Areas: pack.Areas,
		Weights: pack.Weights, OfferUnassured: pack.OfferUnassured, Location: location,
	}
}

func compiled(t *testing.T) []byte {
	t.Helper()
	data, err := index.Compile(source(t))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func construct(source match.Source) (match.Engine, error) {
	data, err := index.Compile(source)
	if err != nil {
		return nil, err
	}
	return index.Open(data)
}

func TestEngine(t *testing.T) { matchtest.Run(t, construct) }

func TestCompileGivesTheSameBytesAgain(t *testing.T) {
	if !bytes.Equal(compiled(t), compiled(t)) {
		t.Error("two runs differ")
	}
}

func TestOpenRefusesWhatIsCutOrForeign(t *testing.T) {
	data := compiled(t)
	for _, bad := range [][]byte{nil, []byte("{}"), data[:10], data[:len(data)-1], append(bytes.Clone(data), 0)} {
		if _, err := index.Open(bad); !errors.Is(err, index.ErrCorrupt) {
			t.Errorf("%d bytes: %v", len(bad), err)
		}
	}
}

func TestTheEngineOfTheBytesGivesWhatLinearGives(t *testing.T) {
	engine, err := index.Open(compiled(t))
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := match.New(source(t))
	if err != nil {
		t.Fatal(err)
	}
	p := eligibility.Profile{
		Language: "ar", LegalStatus: "asylum_seeker", Needs: []string{"legal", "health", "language"},
		Residence: eligibility.Residence{Region: "CY-01"},
	}
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	want := match.NewLinear(catalogue).Match(p, at)
	if len(want.Matches) == 0 {
		t.Fatal("nothing to compare")
	}
	if diff := cmp.Diff(want, engine.Match(p, at)); diff != "" {
		t.Errorf("-linear +index:\n%s", diff)
	}
	if diff := cmp.Diff(match.Limit(want, 2), engine.Top(p, at, 2)); diff != "" {
		t.Errorf("top 2, -linear +index:\n%s", diff)
	}
}

// In the steady state a search allocates nothing for what it finds. (The race detector makes a pool forget now and then:
// working memory is then made anew for one person in four.)
func TestSearchingAllocatesNothing(t *testing.T) {
	source, err := matchtest.National("es", 5000)
	if err != nil {
		t.Fatal(err)
	}
	engine, err := construct(source)
	if err != nil {
		t.Fatal(err)
	}
	people := matchtest.People(source.Areas, 20)
	var found []index.Found
	search := func() {
		for i := range people {
			found = engine.(*index.Engine).Append(found[:0], &people[i], matchtest.Submitted)
		}
	}
	search()
	matches := 0
	for i := range people {
		matches += len(engine.(*index.Engine).Append(nil, &people[i], matchtest.Submitted))
	}
	if allocations := testing.AllocsPerRun(5, search); allocations > float64(matches)/20 {
		t.Errorf("%v allocations for %d matches", allocations, matches)
	}
}
