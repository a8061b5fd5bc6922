package match_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
)

var update = flag.Bool("update", false, "write the golden files anew")

const rulesGolden = "testdata/rules.golden"

// Results of a fixed catalogue and fixed people are those of this RulesVersion. Where they differ, replaying a former
// match would give another result: count RulesVersion up, and run this test with -update.
func TestRulesVersion(t *testing.T) {
	got := fmt.Sprintf("%d %s\n", match.RulesVersion, fingerprint(t))
	want, err := os.ReadFile(rulesGolden)
	if err == nil && string(want) == got {
		return
	}
	var before int
	_, _ = fmt.Sscan(string(want), &before)
	if err == nil && before == match.RulesVersion {
		t.Fatalf("results are no longer those of rules version %d: count match.RulesVersion up, then run with -update", before)
	}
	if !*update {
		t.Fatalf("%s says %q, the rules give %q: run with -update", rulesGolden, want, got)
	}
	if err := os.WriteFile(rulesGolden, []byte(got), 0o644); err != nil {
		t.Fatal(err)
	}
}

// fingerprint is a digest of what many people are told about many services, with every constraint, answer and component
// of the score in it.
func fingerprint(t *testing.T) string {
	t.Helper()
	random := rand.New(rand.NewPCG(4, 7))
	var services []hsds.Service
	for i := range 400 {
		services = append(services, drawnService(random, i))
	}
	s := source(services...)
	s.Organizations = []hsds.Organization{{ID: "o", Immerse: &hsds.OrganizationExtension{Language: "ar"}}}
	catalogue, err := match.New(s)
	if err != nil {
		t.Fatal(err)
	}
	engine := match.NewLinear(catalogue)
	all, verdicts := sha256.New(), map[eligibility.Verdict]int{}
	for range 300 {
		result := engine.Match(drawnPerson(random), submitted)
		for _, m := range result.Matches {
			verdicts[m.Verdict]++
		}
		if err := json.NewEncoder(all).Encode(result); err != nil {
			t.Fatal(err)
		}
	}
	if verdicts[eligibility.True] < 1000 || verdicts[eligibility.Unknown] < 1000 {
		t.Fatalf("the fixed people meet too few services: %v", verdicts)
	}
	return hex.EncodeToString(all.Sum(nil))
}

func drawn(random *rand.Rand, list []string) string { return list[random.IntN(len(list))] }

func drawnService(random *rand.Rand, i int) hsds.Service {
	s := service(fmt.Sprintf("%04d", i), in(drawn(random, []string{"XX", "XX-A", "XX-A1", "XX-B"})), priority(float64(random.IntN(5))/4))
	s.Immerse.Needs, s.Immerse.Online = codes.Needs[random.IntN(3):3], random.IntN(4) == 0
	switch random.IntN(4) {
	case 0:
		assured(submitted.AddDate(0, -random.IntN(14), 0).Format(time.DateOnly))(&s)
	case 1:
		places(float64(random.IntN(3)), 4)(&s)
		languages("es")(&s)
	case 2:
		s.OrganizationID = "o"
	}
	for range random.IntN(3) {
		s.Immerse.Eligibility = append(s.Immerse.Eligibility, drawnClause(random))
	}
	return s
}

func drawnClause(random *rand.Rand) (c eligibility.Clause) {
	low, high := random.IntN(4), 4+random.IntN(4)
	adult, old := 16+random.IntN(5), 40+random.IntN(40)
	for range 1 + random.IntN(3) {
		switch random.IntN(11) {
		case 0:
			c.LegalStatus = []string{drawn(random, codes.LegalStatuses), drawn(random, codes.LegalStatuses)}
		case 1:
			c.NotLegalStatus = []string{drawn(random, codes.LegalStatuses)}
		case 2:
			c.Gender = []string{drawn(random, codes.Genders)}
		case 3:
			c.Age = &eligibility.Range{Min: &adult, Max: &old}
		case 4:
			c.HouseholdChildren = &eligibility.Range{Min: &low}
		case 5:
			c.MonthsInCountry = &eligibility.Range{Max: &high}
		case 6:
			c.Education = &eligibility.Range{Min: &low, Max: &high}
		case 7:
			c.Languages = map[string]eligibility.LevelRange{"es": {Max: drawn(random, codes.Levels)}}
		case 8:
			c.Speaks = []string{"ar", "uk"}
		case 9:
			c.Occupation = []string{"22", "51"}
		case 10:
			c.Registrations = []string{drawn(random, codes.Registrations)}
		}
	}
	return c
}

func drawnPerson(random *rand.Rand) eligibility.Profile {
	maybe := func(low, most int) *int {
		value := low + random.IntN(most)
		if random.IntN(3) == 0 {
			return nil
		}
		return &value
	}
	return person(func(p *eligibility.Profile) {
		p.Residence = eligibility.Residence{Region: drawn(random, []string{"XX-A", "XX-A1", "XX-B"}), MonthsInCountry: maybe(0, 12)}
		p.LegalStatus = drawn(random, append([]string{""}, codes.LegalStatuses...))
		p.Gender, p.Education, p.BirthYear = drawn(random, append([]string{""}, codes.Genders...)), maybe(0, 8), maybe(1950, 70)
		p.Household = &eligibility.Household{Children: maybe(0, 4)}
		p.Occupation, p.Needs = drawn(random, []string{"", "2221", "5", "71"}), codes.Needs[:3]
		if random.IntN(2) == 0 {
			p.Languages = nil
		}
		if random.IntN(2) == 0 {
			p.Registrations = []string{drawn(random, codes.Registrations)}
		}
	})
}

func TestRulesNameWhatAResultDependsOn(t *testing.T) {
	s := source()
	named := match.RulesOf(s)
	weights, offer, zone := s, s, s
	weights.Weights.Level += 0.1
	offer.OfferUnassured = !offer.OfferUnassured
	zone.Location = time.FixedZone("other", 3600)
	for what, other := range map[string]match.Source{"weights": weights, "what is offered": offer, "the time zone": zone} {
		if match.RulesOf(other) == named {
			t.Errorf("other %s, the same rules: %s", what, named)
		}
	}
	s.Services, s.Version = []hsds.Service{service("a")}, "v2"
	if match.RulesOf(s) != named {
		t.Error("the catalogue has a version of its own")
	}
}
