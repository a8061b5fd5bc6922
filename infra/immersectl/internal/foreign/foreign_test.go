package foreign_test

import (
	"strings"
	"testing"
	"time"

	"github.com/miict/immerse/infra/immersectl/internal/foreign"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
)

func anyArea(string) bool { return true }

func TestNothingOddGoesWithoutAWord(t *testing.T) {
	for data, want := range map[string]string{
		`{"id":"s","status":"closed"}`:                                                                     "status",
		`{"id":"s","status":"active","assured_date":"soon"}`:                                               "assured_date",
		`{"id":"s","status":"active","immerse":{"needs":["helth"],"online":true}}`:                         "immerse.needs",
		`{"id":"s","status":"active","immerse":{"needs":["health"]}}`:                                      "immerse.areas",
		`{"id":"s","status":"active","immerse":{"online":true,"priority":"high"}}`:                         "immerse.priority",
		`{"id":"s","status":"active","immerse":{"online":true,"priority":9}}`:                              "immerse.priority",
		`{"id":"s","status":"active","immerse":{"online":true,"why":1}}`:                                   "immerse.why",
		`{"id":"s","status":"active","immerse":{"online":true,"eligibility":[{}]}}`:                        "immerse.eligibility[0]",
		`{"id":"s","status":"active","immerse":{"online":true,"eligibility":[{"age":{"min":2,"max":1}}]}}`: "immerse.eligibility[0].age",
	} {
		line := foreign.Read([]byte(data), anyArea)
		if len(line.Problems) > 0 || len(line.Notes) != 1 || line.Notes[0].Path != want {
			t.Errorf("%s: problems %v, notes %v", data, line.Problems, line.Notes)
		}
	}
}

func TestFindingsAboutAPersonNeverQuoteThem(t *testing.T) {
	_, _, findings := foreign.Profile([]byte(`{"id":"p","legal_status":"SECRET","gender":"SECRET","occupation":"SECRET","birth_year":"SECRET",
		"needs":["SECRET"],"registrations":["SECRET"],"languages":[{"code":"SECRET","level":"SECRET"}],"education":"SECRET"}`))
	for _, note := range findings.Notes {
		if strings.Contains(note.Error(), "SECRET") {
			t.Error(note)
		}
	}
	if len(findings.Notes) != 8 || len(findings.Problems) != 0 {
		t.Errorf("%d notes: %v, problems %v", len(findings.Notes), findings.Notes, findings.Problems)
	}
}

// FuzzMatch: whatever stands in a line, reading and matching it ends without a panic, and no score leaves its bounds.
func FuzzMatch(f *testing.F) {
	f.Add(`{"id":"s","status":"active","immerse":{"needs":["health"],"areas":["ES"],"eligibility":[{"languages":{"es":{"max":"A2"}}}]}}`,
		`{"id":"p","needs":["health"],"residence":{"region":"ES-GR"},"languages":[{"code":"es","level":"A1"}]}`)
	f.Add(`{"id":"s","status":"active","immerse":{"needs":["health"],"online":true,"eligibility":[{"age":{"min":1e300}},{"occupation":["2"]}]}}`,
		`{"id":-7,"needs":["health","health"],"residence":{"region":"ES"},"birth_year":-9e18,"occupation":"2","registrations":[]}`)
	pack, err := country.Load("es")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, service, person string) {
		line := foreign.Read([]byte(service), anyArea)
		_, profile, _ := foreign.Profile([]byte(person))
		catalogue, err := match.New(match.Source{
			Services: []hsds.Service{line.Service}, Areas: pack.Areas, Weights: pack.Weights, OfferUnassured: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range match.NewLinear(catalogue).Match(profile, time.Unix(1.8e9, 0)).Matches {
			if m.Verdict == eligibility.False || m.Score < 0 || m.Score > 1 {
				t.Errorf("%+v", m)
			}
		}
	})
}
