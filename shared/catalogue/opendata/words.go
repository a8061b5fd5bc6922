package opendata

import (
	"slices"

	"github.com/miict/immerse/shared/catalogue"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/locale"
)

// Words says our codes in all languages of the site, English first, and areas by their own names.
func Words(code string, areas *country.Areas) catalogue.Words {
	names := make(map[string][]string, len(codes.Needs))
	for _, lang := range locale.Languages() {
		for _, need := range codes.Needs {
			if name := locale.For(lang).Code("need", need); !slices.Contains(names[need], name) {
				names[need] = append(names[need], name)
			}
		}
	}
	return catalogue.Words{
		Need: func(need string) []string {
			if names[need] == nil {
				return []string{need}
			}
			return names[need]
		},
		Area: areas.Name, Country: code, Needs: codes.Needs,
	}
}
