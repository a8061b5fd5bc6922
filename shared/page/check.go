package page

import (
	"io"
	"maps"
	"slices"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/locale"
)

// Check writes the page that shows a person's answers before they are sent.
func Check(w io.Writer, view CheckView) error {
	printer := locale.For(view.Shell.Lang)
	view.Shell.Title = printer.T("check.title")
	view.Shell.NoIndex = true
	if view.Action == "" {
		view.Action = SubmitPath
	}
	made := check{P: printer, View: view}
	asking := FormView{Shell: view.Shell, Fields: view.Fields, Regions: view.Regions, Answers: view.Answers}
	asking.Kind = kindOf(asking)
	made.Groups = newGroups(printer, asking)
	for _, name := range slices.Sorted(maps.Keys(view.Answers)) {
		if name == application.FieldReview || name == application.FieldWebsite {
			continue
		}
		for _, value := range view.Answers[name] {
			made.Hidden = append(made.Hidden, hiddenField{name, value})
		}
	}
	return renderBody(w, view.Shell, "check.html", made)
}

// check is what the template is given.
type check struct {
	P      *locale.Printer
	View   CheckView
	Groups []group
	Hidden []hiddenField
}

// Answers are the answers to a question in words; none if it was left empty.
func (q question) Answers() []string {
	var said []string
	for _, group := range q.Choices {
		said = append(said, chosenOf(group.Options)...)
	}
	said = append(said, chosenOf(q.Options)...)
	for _, row := range q.Rows {
		code, level := chosenOf(row.Codes), chosenOf(row.Levels)
		if len(code)+len(level) > 0 {
			said = append(said, q.P.List(slices.Concat(code, level), "list.comma"))
		}
	}
	switch {
	case q.Show == "agreement" && q.Value != "":
		said = append(said, q.P.T("answer.yes"))
	case q.Show == "agreement":
		said = append(said, q.P.T("answer.no"))
	case q.Choices == nil && !q.Many && q.Value != "":
		said = append(said, q.Value)
	}
	return said
}

func chosenOf(options []option) []string {
	var said []string
	for _, one := range options {
		if one.Chosen {
			said = append(said, one.Words)
		}
	}
	return said
}
