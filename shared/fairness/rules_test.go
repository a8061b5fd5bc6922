package fairness_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/fairness"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/match/matchtest"
)

// TestTheRulesAreTheDesigns: what violations are counted by agrees with the oracle of design §8, over any catalogue and
// person.
func TestTheRulesAreTheDesigns(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		source, profile, at := matchtest.Source().Draw(t, "source"), matchtest.Profile().Draw(t, "profile"), matchtest.Time().Draw(t, "at")
		pack := &country.Pack{Services: source.Services, Areas: source.Areas}
		pack.Code, pack.TimeZone, pack.OfferUnassured = "XX", "UTC", source.OfferUnassured
		source.Location = time.UTC // drawn zones have no names that a pack could give
		r, err := fairness.Measure(design{source}, pack, []eligibility.Profile{profile}, at)
		if err != nil {
			t.Fatal(err)
		}
		if r.Violations != 0 || r.Missed != 0 {
			t.Fatalf("%d violations, %d missed", r.Violations, r.Missed)
		}
	})
}

// design is the oracle as an engine.
type design struct{ source match.Source }

func (d design) Match(p eligibility.Profile, at time.Time) match.Result {
	return matchtest.Oracle(d.source, p, at)
}
