package country_test

import (
	"encoding/json"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
)

// comparison of one fact of the catalogue with the text of a law or of an office (decision 3004). It doesn't go into the binary.
type comparison struct {
	Services []string `json:"services"` // that say it
	Says     string   `json:"says"`     // literally, or their clauses of eligibility
	Name     string   `json:"name"`     // of the text
	URL      string   `json:"url"`
	Of       string   `json:"of"`    // day or year of the text, "" if it bears none
	On       string   `json:"on"`    // day of reading
	Found    string   `json:"found"` // agrees, corrected, unclear, added
}

// TestFactsAreStillTheComparedOnes: who changes a fact that was held against a law holds the new one against it too, or takes
// it out of compared.json.
func TestFactsAreStillTheComparedOnes(t *testing.T) {
	found := map[string]int{}
	for _, code := range country.Codes() {
		pack, err := country.Load(code)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range comparisons(t, code) {
			found[c.Found]++
			c.check(t, code)
			if len(c.Services) == 0 {
				t.Errorf("%s: %q is of no service", code, c.Says)
			}
			for _, id := range c.Services {
				if s, ok := pack.Service(id); !ok {
					t.Errorf("%s: no service %s, of which was compared %q", code, id, c.Says)
				} else if !c.stands(s) {
					t.Errorf("%s: %s (%s) doesn't say any more what was compared: %q", code, s.Name, id, c.Says)
				}
			}
		}
	}
	t.Logf("compared: %v", found)
}

// comparisons of a country.
func comparisons(t *testing.T, code string) (all []comparison) {
	t.Helper()
	data, err := os.ReadFile(strings.ToLower(code) + "/compared.json")
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.DisallowUnknownFields()
	if err := d.Decode(&all); err != nil {
		t.Fatalf("%s: %v", code, err)
	}
	return all
}

// check that it says with what and when.
func (c comparison) check(t *testing.T, code string) {
	t.Helper()
	if u, err := url.Parse(c.URL); err != nil || !strings.HasPrefix(u.Scheme, "http") || u.Host == "" || c.Name == "" || c.Says == "" {
		t.Errorf("%s: %q was compared with %q at %q", code, c.Says, c.Name, c.URL)
	}
	if _, err := time.Parse(time.DateOnly, c.On); err != nil {
		t.Errorf("%s: %q was compared on %q", code, c.Says, c.On)
	}
	if !slices.Contains([]string{"agrees", "corrected", "unclear", "added"}, c.Found) {
		t.Errorf("%s: %q: found %q", code, c.Says, c.Found)
	}
}

// stands says whether the service still says it.
func (c comparison) stands(s *hsds.Service) bool {
	if strings.HasPrefix(c.Says, "[{") {
		clauses, err := eligibility.ParseClauses([]byte(c.Says))
		return err == nil && s.Immerse != nil && reflect.DeepEqual(clauses, s.Immerse.Eligibility)
	}
	texts := []string{s.Name, s.Description, s.EligibilityDescription, s.FeesDescription}
	for _, d := range s.RequiredDocuments {
		texts = append(texts, d.Document)
	}
	return slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, c.Says) })
}
