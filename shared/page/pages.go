package page

import (
	"io"
	"strings"

	"github.com/miict/immerse/shared/locale"
)

// Confirmation writes the page that a person sees once their form was taken.
func Confirmation(w io.Writer, view ConfirmationView) error {
	if view.StatusURL == "" {
		view.StatusURL = StatusPath
	}
	printer := locale.For(view.Shell.Lang)
	view.Shell.Title = printer.T("confirmation.title")
	view.Shell.NoIndex = true
	var next []string
	for _, step := range []string{"confirmation.next.1", "confirmation.next.2", "confirmation.next.3"} {
		next = append(next, Words(printer, step, view.Kind))
	}
	view.Address = strings.TrimPrefix(view.Address, "https://") // what people type
	shown := receipt{view, next, CodePicture(view.Shell.Lang, view.Reference, view.Secret)}
	return renderWith(w, view.Shell, "confirmation.html", shown)
}

// receipt is what the confirmation's template is given.
type receipt struct {
	ConfirmationView
	Next    []string // what happens now, in turn
	Picture Picture
}

// Status writes the person's page: the question for reference and secret, or the case.
func Status(w io.Writer, view StatusView) error {
	if view.Action == "" {
		view.Action = StatusPath
	}
	view.Shell.Title = locale.For(view.Shell.Lang).T("status.title")
	view.Shell.NoIndex = view.Shell.NoIndex || view.State != ""
	if view.Secret != "" {
		view.Shell.Switch = []Held{{"action", "show"}, {"reference", view.Reference}, {"secret", view.Secret}}
	}
	return renderWith(w, view.Shell, "status.html", view)
}

// Thanks writes the page after somebody said whether a page helped.
func Thanks(w io.Writer, view ThanksView) error {
	view.Shell.Title = locale.For(view.Shell.Lang).T("feedback.thanks")
	view.Shell.NoIndex = true
	return renderWith(w, view.Shell, "thanks.html", view)
}

// Problem writes a page that says what went wrong.
func Problem(w io.Writer, view ProblemView) error {
	view.Shell.Title = locale.For(view.Shell.Lang).T("problem." + view.Code)
	view.Shell.NoIndex = true
	return renderWith(w, view.Shell, "problem.html", view)
}
