package page

import (
	"io"
	"slices"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/locale"
)

// Form writes the application form: empty, or with what the person wrote and what is wrong with it.
func Form(w io.Writer, view FormView) error {
	printer := locale.For(view.Shell.Lang)
	view.Kind = kindOf(view)
	view.Shell.Lean = true
	view.Shell.Title = Words(printer, "form.title", view.Kind)
	if len(view.Errors) > 0 {
		view.Shell.Title = printer.T("form.error") + " " + view.Shell.Title
		view.Shell.NoIndex = true
	}
	return renderBody(w, view.Shell, "form.html", newForm(printer, view))
}

// Forms are the kinds whose form is a page of the site. A registration's is not: it begins at one event, which a function shows.
var Forms = []string{codes.Support, codes.ExpertQuestion, codes.Volunteer}

// FormPath is where the form of one of Forms is, below a language's folder.
func FormPath(kind string) string {
	switch kind {
	case codes.ExpertQuestion:
		return "ask/"
	case codes.Volunteer:
		return "volunteer/"
	}
	return "apply/"
}

// Words says a message as it is said to those who send a kind of form: "<key>.for.<kind>" where there is one.
func Words(printer *locale.Printer, key, kind string) string {
	if own := key + ".for." + kind; printer.Has(own) {
		return printer.T(own)
	}
	return printer.T(key)
}

// kindOf is the kind whose form is shown: the one asked for, the one that was posted, or support.
func kindOf(view FormView) string {
	for _, kind := range []string{view.Kind, first(view.Answers["kind"])} {
		if slices.Contains(codes.Kinds, kind) {
			return kind
		}
	}
	return codes.Support
}

// form is what the form's template is given.
type form struct {
	P           *locale.Printer
	View        FormView
	Title, Lead string
	ErrorTitle  string
	Draft       string // what a device keeps the answers under: each event has its own
	Errors      []listedError
	Hidden      []hiddenField
	Groups      []group
}

type hiddenField struct{ Name, Value string }

// group is a page of the form, for those who see it in pages: the Number-th of Count.
type group struct {
	P              *locale.Printer
	Name, Title    string
	Previous, Next string // the names of the groups beside it; empty at the ends
	Number, Count  int
	Questions      []question
}

// listedError is a line of the error summary. ID is empty where there is no field to go to.
type listedError struct{ ID, Label, Message string }

func newForm(printer *locale.Printer, view FormView) form {
	if view.Action == "" {
		view.Action = SubmitPath
	}
	draft := view.Kind
	if event := first(view.Answers[application.FieldEvent]); event != "" {
		draft += "-" + event
	}
	made := form{
		P: printer, View: view, Draft: draft,
		Title:      Words(printer, "form.title", view.Kind),
		Lead:       Words(printer, "form.intro", view.Kind),
		ErrorTitle: printer.N("form.errors.title", len(view.Errors)),
		Hidden:     hiddenFields(printer, view),
		Groups:     newGroups(printer, view),
	}
	for _, err := range view.Errors {
		made.Errors = append(made.Errors, listError(printer, view, err))
	}
	return made
}

func newGroups(printer *locale.Printer, view FormView) []group {
	var groups []group
	for _, name := range application.Groups {
		if questions := newQuestions(printer, view, name); len(questions) > 0 {
			groups = append(groups, group{P: printer, Name: name, Title: Words(printer, "group."+name, view.Kind), Questions: questions})
		}
	}
	for i := range groups {
		groups[i].Number, groups[i].Count = i+1, len(groups)
		if i > 0 {
			groups[i].Previous, groups[i-1].Next = groups[i-1].Name, groups[i].Name
		}
	}
	return groups
}

// hiddenFields are facts about the page, not questions: its kind and language, the version of the text of consent, that
// without a script the answers are shown before they are sent, and, when the form comes back to be mended, the key and the
// time of the first attempt.
func hiddenFields(printer *locale.Printer, view FormView) []hiddenField {
	fields := []hiddenField{
		{"kind", view.Kind}, {"language", printer.Lang()}, {"consent.version", locale.ConsentVersion},
		{application.FieldReview, application.ReviewCheck},
	}
	for _, name := range []string{application.FieldEvent, application.FieldIdempotencyKey, application.FieldStartedAt} {
		if value := first(view.Answers[name]); value != "" {
			fields = append(fields, hiddenField{name, value})
		}
	}
	return fields
}

func newQuestions(printer *locale.Printer, view FormView, group string) []question {
	var questions []question
	for _, field := range view.Fields {
		if field.Group == group && asked(field, view) {
			questions = append(questions, newQuestion(printer, view, field))
		}
	}
	return questions
}

// asked tells whether the form has a question for a field. What was answered stays, even if this kind doesn't ask it.
func asked(field application.Field, view FormView) bool {
	switch field.Name {
	case "kind", "language", "consent.version", application.FieldEvent:
		return false
	case "needs":
		if first(view.Answers[application.FieldEvent]) != "" {
			return false // who has chosen an event has said what it is about
		}
	}
	return field.AskedFor(view.Kind) || first(view.Answers[field.Name]) != ""
}

func listError(printer *locale.Printer, view FormView, err FieldError) listedError {
	for _, field := range view.Fields {
		if concerns(err.Field, field.Name) && asked(field, view) {
			listed := listedError{ID: errorID(field, err.Field), Message: err.Message}
			if field.Kind != application.Agreement { // whose label is a whole sentence
				listed.Label = Words(printer, "field."+field.Name, view.Kind)
			}
			return listed
		}
	}
	return listedError{Message: err.Message}
}
