package rank

import (
	"cmp"
	"slices"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
)

// enough is the level at which somebody can be helped in a language.
var enough, _ = codes.Level("B1")

// Spoken is a language that a person can be helped in.
type Spoken struct {
	Code string // primary subtag
	rank int
}

// AppendSpoken appends the languages that the person speaks at B1 or better, the best first and then by code, and last
// the language of the form, which they can evidently read; each of them once.
func AppendSpoken(list []Spoken, p *eligibility.Profile) []Spoken {
	start := len(list)
	for _, given := range p.Languages {
		if rank, ok := codes.Level(given.Level); ok && rank >= enough {
			list = append(list, Spoken{eligibility.Primary(given.Code), rank})
		}
	}
	slices.SortFunc(list[start:], func(a, b Spoken) int {
		return cmp.Or(cmp.Compare(b.rank, a.rank), cmp.Compare(a.Code, b.Code))
	})
	if p.Language != "" {
		list = append(list, Spoken{Code: eligibility.Primary(p.Language)})
	}
	kept := list[:start]
	for _, s := range list[start:] {
		if !slices.ContainsFunc(kept[start:], func(known Spoken) bool { return known.Code == s.Code }) {
			kept = append(kept, s)
		}
	}
	return kept
}

// Languages gives the primary subtags of the languages in which a service is given: its own, else its organization's;
// none when nobody says.
func Languages(s *hsds.Service, organization string) (codes []string) {
	for _, language := range s.Languages {
		if language.Code != "" {
			codes = append(codes, eligibility.Primary(language.Code))
		}
	}
	if len(codes) == 0 && organization != "" {
		codes = []string{eligibility.Primary(organization)}
	}
	return codes
}

// LanguageFit gives the component, and the place in spoken of the best language that the service is given in too, -1 if
// there is none. said is false when only the form's own language is known.
func LanguageFit(languages []string, spoken []Spoken, said bool) (component float64, best int) {
	for i := range spoken {
		if slices.Contains(languages, spoken[i].Code) {
			return 1, i
		}
	}
	if len(languages) == 0 || !said {
		return Neutral, -1
	}
	return 0, -1
}
