package page

import (
	"bytes"
	"html/template"
	"io"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/locale"
)

// Form writes the application form: empty, or with what the person wrote and what is wrong with it.
func Form(w io.Writer, view FormView) error {
	printer := locale.For(view.Shell.Lang)
	view.Shell.Title = printer.T("form.title")
	if len(view.Errors) > 0 {
		view.Shell.Title = printer.T("form.error") + " " + view.Shell.Title
		view.Shell.NoIndex = true
	}
	var body bytes.Buffer
	if err := write(&body, "form.html", newForm(printer, view)); err != nil {
		return err
	}
	return Render(w, view.Shell, template.HTML(body.String())) // #nosec G203 -- html/template has just made and escaped it
}

// form is what the form's template is given.
type form struct {
	P          *locale.Printer
	Action     string
	ErrorTitle string
	Errors     []listedError
	Hidden     []hiddenField
	Groups     []group
}

type hiddenField struct{ Name, Value string }

type group struct {
	Title     string
	Questions []question
}

// listedError is a line of the error summary. ID is empty where there is no field to go to.
type listedError struct{ ID, Label, Message string }

func newForm(printer *locale.Printer, view FormView) form {
	made := form{
		P: printer, Action: view.Action,
		ErrorTitle: printer.N("form.errors.title", len(view.Errors)),
		Hidden:     hiddenFields(printer, view),
	}
	if made.Action == "" {
		made.Action = SubmitPath
	}
	for _, name := range application.Groups {
		if questions := newQuestions(printer, view, name); len(questions) > 0 {
			made.Groups = append(made.Groups, group{Title: printer.T("group." + name), Questions: questions})
		}
	}
	for _, err := range view.Errors {
		made.Errors = append(made.Errors, listError(printer, view.Fields, err))
	}
	return made
}

// hiddenFields are facts about the page, not questions: its language, the version of the text of consent, and, when the
// form comes back to be mended, the key and the time of the first attempt.
func hiddenFields(printer *locale.Printer, view FormView) []hiddenField {
	fields := []hiddenField{{"language", printer.Lang()}, {"consent.version", locale.ConsentVersion}}
	for _, name := range []string{application.FieldIdempotencyKey, application.FieldStartedAt} {
		if value := first(view.Answers[name]); value != "" {
			fields = append(fields, hiddenField{name, value})
		}
	}
	return fields
}

func newQuestions(printer *locale.Printer, view FormView, group string) []question {
	var questions []question
	for _, field := range view.Fields {
		if field.Group == group && !hidden(field) {
			questions = append(questions, newQuestion(printer, view, field))
		}
	}
	return questions
}

func hidden(field application.Field) bool {
	return field.Name == "language" || field.Name == "consent.version"
}

func listError(printer *locale.Printer, fields []application.Field, err FieldError) listedError {
	for _, field := range fields {
		if concerns(err.Field, field.Name) && !hidden(field) {
			listed := listedError{ID: errorID(field, err.Field), Message: err.Message}
			if field.Kind != application.Agreement { // whose label is a whole sentence
				listed.Label = printer.Field(field.Name)
			}
			return listed
		}
	}
	return listedError{Message: err.Message}
}
