package site

import (
	"bytes"

	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/page"
)

// forms makes the form in a language.
func (b *builder) forms(lang string) ([]document, error) {
	return []document{{
		path: "apply/", title: locale.For(lang).T("form.title"), script: b.script,
		render: func(out *bytes.Buffer, shell page.Shell) error {
			return page.Form(out, page.FormView{Shell: shell, Fields: b.fields, Regions: b.regions(lang)})
		},
	}}, nil
}
