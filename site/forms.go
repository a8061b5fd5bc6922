package site

import (
	"bytes"

	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/page"
)

// forms makes the forms in a language.
func (b *builder) forms(lang string) ([]document, error) {
	var made []document
	for _, kind := range page.Forms {
		made = append(made, document{
			path: page.FormPath(kind), title: page.Words(locale.For(lang), "form.title", kind), script: b.urls[page.FormScript],
			render: func(out *bytes.Buffer, shell page.Shell) error {
				return page.Form(out, page.FormView{Shell: shell, Kind: kind, Rules: b.urls["rules.json"], Fields: b.fields, Regions: b.regions(lang)})
			},
		})
	}
	return made, nil
}
