package hsds

import (
	"context"
	"slices"

	"github.com/miict/immerse/shared/catalogue"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/locale"
)

// Words says a country's codes in all languages of the site, English first.
func Words(pack *country.Pack) catalogue.Words {
	names := make(map[string][]string, len(codes.Needs))
	for _, lang := range locale.Languages() {
		for _, need := range codes.Needs {
			if name := locale.For(lang).Code("need", need); !slices.Contains(names[need], name) {
				names[need] = append(names[need], name)
			}
		}
	}
	return catalogue.Words{
		Need: func(code string) []string {
			if names[code] == nil {
				return []string{code}
			}
			return names[code]
		},
		Area: pack.Areas.Name, Country: pack.Code, Needs: codes.Needs,
	}
}

// Embedded is the catalogue of the pack that is in the program.
type Embedded struct{ directory *catalogue.Directory }

// NewEmbedded makes it ready.
func NewEmbedded(pack *country.Pack) Embedded {
	return Embedded{catalogue.NewDirectory(pack.Version, pack.Records(), Words(pack))}
}

// Directory gives the catalogue, always the same.
func (e Embedded) Directory(context.Context) (*catalogue.Directory, error) { return e.directory, nil }
