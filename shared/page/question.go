package page

import (
	"slices"
	"strings"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/locale"
)

// question is one field made ready for the template.
type question struct {
	P     *locale.Printer
	Field application.Field
	ID    string
	Show  string // the template: line, long, select, boxes, agreement, languages
	Type  string // of an input
	Dir   string // of an input
	Many  bool   // several inputs, to be held together by a fieldset

	Label, Hint, Why, Error string
	Value, Empty            string
	Choices                 []choices // of a select
	Options                 []option  // of boxes
	Rows                    []row     // of languages
}

// choices are the options of a select under one heading, which may be empty.
type choices struct {
	Name    string
	Options []option
}

type option struct {
	Code, Words string
	Chosen      bool
}

// mostRadios is how many answers are shown at once; more of them are put in a select, or the page gets too long for a
// small screen.
const mostRadios = 5

func newQuestion(printer *locale.Printer, view FormView, field application.Field) question {
	q := question{
		P: printer, Field: field, ID: fieldID(field.Name),
		Label: Words(printer, "field."+field.Name, view.Kind),
		Hint:  optionalWords(printer, "field."+field.Name+".hint", view.Kind),
		Why:   optionalWords(printer, "field."+field.Name+".why", view.Kind),
		Empty: printer.T("form.choose.none"),
	}
	if field.Required || slices.Contains(field.Codes, codes.Undisclosed) {
		q.Empty = printer.T("form.choose")
	}
	answers := view.Answers[field.Name]
	if len(answers) > 0 {
		q.Value = answers[0]
	}
	q.Error = errorsOf(view.Errors, field.Name)
	q.ask(view, answers)
	return q
}

// ask decides how the question is put.
func (q *question) ask(view FormView, answers []string) {
	switch q.Field.Kind {
	case application.Choices:
		q.Show, q.Type, q.Many = "boxes", "checkbox", true
		q.Options = q.codes(q.Field.Codes, answers)
	case application.Choice:
		q.askChoice(view, answers)
	case application.Languages:
		q.Show, q.Many = "languages", true
		q.Empty = q.P.T("form.choose")
		q.Rows = languageRows(q.P, view.Answers, q.ID)
	case application.Agreement:
		q.Show = "agreement"
	case application.LongText:
		q.Show = "long"
	default:
		q.askLine()
	}
}

func (q *question) askChoice(view FormView, answers []string) {
	switch {
	case q.Field.Name == "residence.region":
		q.Show, q.Choices = "select", regionChoices(view.Regions, q.Value)
	case len(q.Field.Codes) <= mostRadios:
		q.Show, q.Type, q.Many = "boxes", "radio", true
		q.Options = q.codes(q.Field.Codes, answers)
	default:
		q.Show = "select"
		q.Choices = []choices{{Options: q.codes(q.Field.Codes, answers)}}
	}
}

// askLine puts a question with one line to write on, or a select where the numbers or codes have words.
func (q *question) askLine() {
	switch {
	case q.Field.Name == "occupation":
		q.Show, q.Choices = "select", occupationChoices(q.P, q.Value)
	case q.Field.Kind == application.Whole && q.Field.List != "":
		q.Show = "select"
		q.Choices = []choices{{Options: q.codes(numbers(q.Field.Min, q.Field.Max), []string{q.Value})}}
	default:
		q.Show, q.Type, q.Dir = "line", inputTypes[q.Field.Kind], inputDirs[q.Field.Kind]
	}
}

// A number is text: an input for numbers hides what is none, so that nobody could mend it, and takes no Arabic digits.
var inputTypes = map[application.Kind]string{
	application.Text: "text", application.Email: "email", application.Phone: "tel", application.Whole: "text",
}

// Text goes the way its own letters go; addresses and numbers always go left to right.
var inputDirs = map[application.Kind]string{
	application.Text: "auto", application.Email: "ltr", application.Phone: "ltr", application.Whole: "ltr",
}

// DescribedBy names the elements that help with the question, for aria-describedby.
func (q question) DescribedBy() string {
	var ids []string
	if q.Hint != "" {
		ids = append(ids, q.ID+"-hint")
	}
	if q.Error != "" {
		ids = append(ids, q.ID+"-error")
	}
	return strings.Join(ids, " ")
}

func optionalWords(printer *locale.Printer, key, kind string) string {
	if said := Words(printer, key, kind); said != key {
		return said
	}
	return ""
}
