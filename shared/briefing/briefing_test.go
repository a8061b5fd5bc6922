package briefing_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/briefing"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/match"
)

func pack(t *testing.T) *country.Pack {
	t.Helper()
	loaded, err := country.Load("es")
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

// matched is an assessment with a match for every service of the pack's first few.
func matched(p *country.Pack) assessment.Assessment {
	a := assessment.Assessment{
		Kind: "support", Region: "ES-GR", Urgency: "urgent",
		Languages: []eligibility.LanguageSkill{{Code: "ar", Level: "native"}, {Code: "es", Level: "A1"}},
	}
	for _, service := range p.Services[:12] {
		for _, need := range service.Immerse.Needs {
			a.Result.Matches = append(a.Result.Matches, match.Match{
				Service: service.ID, Need: need, Verdict: eligibility.Unknown, Missing: []string{"birth_year", "languages"},
				Reasons: []eligibility.Reason{{Code: "legal_status_listed"}, {Code: eligibility.ReasonUnchecked}, {Code: eligibility.ReasonToCheck}},
			})
		}
	}
	return a
}

func TestEveryMatchIsToldToTheAuthorityResponsibleAndNobodyElse(t *testing.T) {
	p := pack(t)
	a := matched(p)
	a.Result.Matches = append(a.Result.Matches, match.Match{Service: "gone", Need: "health"})
	shares, unplaced := briefing.Shares(p, a.Result.Matches)
	if diff := cmp.Diff([]string{"gone"}, unplaced); diff != "" {
		t.Errorf("unplaced (-want +got):\n%s", diff)
	}
	told := 0
	for i, share := range shares {
		if i > 0 && shares[i-1].Organization.ID >= share.Organization.ID {
			t.Error("not in order")
		}
		for _, m := range share.Matches {
			told++
			if service, _ := p.Service(m.Service); service.Immerse.Authority != share.Organization.ID {
				t.Errorf("%s is told about %s", share.Organization.ID, m.Service)
			}
		}
		for _, need := range share.Needs() {
			if !slices.ContainsFunc(share.Matches, func(m match.Match) bool { return m.Need == need }) {
				t.Errorf("%s is told the need %s, which is none of its business", share.Organization.ID, need)
			}
		}
	}
	if told != len(a.Result.Matches)-1 {
		t.Errorf("%d of %d matches are told", told, len(a.Result.Matches)-1)
	}
}

func TestWhatAnAuthorityIsTold(t *testing.T) {
	p := pack(t)
	a := matched(p)
	shares, _ := briefing.Shares(p, a.Result.Matches)
	for _, lang := range locale.Languages() {
		say := briefing.Speak(lang, nil)
		for _, share := range shares {
			told := briefing.New(say, p, a, share)
			if len(told.Services) != len(share.Offers()) || len(told.Facts) != 4 || !told.Urgent || told.Kind != "support" {
				t.Fatalf("%s: %+v", lang, told)
			}
			all := strings.Join(told.Facts, "\n")
			for _, service := range told.Services {
				all += strings.Join(append(append([]string{service.Name, service.Verdict}, service.Reasons...), service.Notes...), "\n")
				if len(service.Reasons) != 0 || len(service.Notes) != 1 {
					t.Errorf("%s: reasons %q, notes %q", lang, service.Reasons, service.Notes) // legal status is not told
				}
			}
			for _, key := range []string{"mail.authority.", "reason.", "{", "legal_status"} {
				if strings.Contains(all, key) {
					t.Errorf("%s: %q in\n%s", lang, key, all)
				}
			}
		}
	}
}

// TestAnAuthorityIsNotAddressedAsThePerson: what is missing is named in the third person, joined as it is spoken.
func TestAnAuthorityIsNotAddressedAsThePerson(t *testing.T) {
	p := pack(t)
	a := matched(p)
	shares, _ := briefing.Shares(p, a.Result.Matches)
	want := "Falta por comprobar: año de nacimiento e idiomas que habla."
	if got := briefing.New(briefing.Speak("es", nil), p, a, shares[0]).Services[0].Verdict; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTheLanguageOfAnAuthority(t *testing.T) {
	for _, c := range []struct {
		language string
		official []string
		want     string
	}{
		{"el", []string{"es"}, "el"}, {"", []string{"ca", "es"}, "es"}, {"tr", []string{"el"}, "el"}, {"tr", []string{"tr"}, "en"}, {"", nil, "en"},
	} {
		if got := briefing.Speak(c.language, c.official).Lang(); got != c.want {
			t.Errorf("%q of %v speaks %s, want %s", c.language, c.official, got, c.want)
		}
	}
}

// TestResultsOfEarlierReleases don't say their kind.
func TestResultsOfEarlierReleases(t *testing.T) {
	if got := briefing.KindOf(assessment.Assessment{}); got != "support" {
		t.Errorf("kind %q", got)
	}
}
