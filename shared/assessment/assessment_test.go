package assessment_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match"
)

// sample is what matching finds for three needs: fifteen services with their reasons.
func sample() assessment.Assessment {
	a := assessment.Assessment{
		Region: "ES-GR", Urgency: "soon", Languages: []eligibility.LanguageSkill{{Code: "ar", Level: "native"}},
		Result: match.Result{Catalogue: "3f9a1c20", Matches: []match.Match{}, Misses: []match.Miss{}},
	}
	for i := range 15 {
		a.Result.Matches = append(a.Result.Matches, match.Match{
			Service: fmt.Sprintf("f766e11e-3513-53a6-a69a-44e19da4ff%02x", i), Need: "language", Verdict: eligibility.True, Missing: []string{}, Score: 0.5,
			Reasons: []eligibility.Reason{
				{Code: eligibility.ReasonInArea, Params: eligibility.Params{"area": "ES-GR"}},
				{Code: eligibility.ReasonUnchecked},
			},
		})
	}
	return a
}

func TestWhatIsEncodedIsDecoded(t *testing.T) {
	want := sample()
	packed, err := want.Encode()
	if err != nil {
		t.Fatal(err)
	}
	got, err := assessment.Decode(packed)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("assessment (-encoded +decoded):\n%s", diff)
	}
	plain, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if len(packed)*5 > len(plain) {
		t.Errorf("%d bytes packed of %d: it was made small because writes are paid by size", len(packed), len(plain))
	}
}

// TestTheDictionaryIsPartOfTheFormat: what was encoded before can be decoded, whatever words are to be added some day.
func TestTheDictionaryIsPartOfTheFormat(t *testing.T) {
	packed, err := base64.StdEncoding.DecodeString("AdzXMQ7CUAjG8d27kDwKj8oBjLvODtjCJUzv7uCgg5o2LuY7wu/Ln4Hb8w4OZzqeNh3D+uKlPHga2sfyazRL5iTpLNQljMI8SDXZ59Cq1n7N6f3+X8Z9LLK9lhUYRsIMSBhBwigSpiNhDAkzImH2SBhHwgQS5oqEmZAwMxIm/xnz+ttflmV3DwAA//8=")
	if err != nil {
		t.Fatal(err)
	}
	got, err := assessment.Decode(packed)
	if diff := cmp.Diff(sample(), got); err != nil || diff != "" {
		t.Errorf("assessment (-encoded +decoded), %v:\n%s", err, diff)
	}
}

func TestRubbishIsRefusedWithoutQuotingIt(t *testing.T) {
	for _, rubbish := range []string{"", "rubbish", `{"region":7}`} {
		if _, err := assessment.Decode([]byte(rubbish)); err == nil || err.Error() != "the assessment has another shape" {
			t.Errorf("%q: error %v", rubbish, err)
		}
	}
}
