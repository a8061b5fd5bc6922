package page

import (
	"io"

	"github.com/miict/immerse/shared/locale"
)

// Form writes the application form.
func Form(w io.Writer, view FormView) error {
	if view.Action == "" {
		view.Action = SubmitPath
	}
	view.Shell.Title = locale.For(view.Shell.Lang).T("form.title")
	return renderWith(w, view.Shell, "form.html", view)
}
