package application

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/miict/immerse/shared/codes"
)

// A Reader reads applications as a country's form defines them. Whatever arrives, it names every problem at once, in the
// order of the form, and never panics. An application with problems is as much of it as could be read.
type Reader struct {
	Fields         []Field
	ConsentVersion string // the version of the text of consent that is shown now, for applications that name none
}

// Controls are what a form post carries beside the application. They are no part of it, so sending the same application
// again from a page loaded anew is still the same application.
type Controls struct {
	IdempotencyKey string
	StartedAt      string // when the page was opened: RFC 3339, or milliseconds since 1970 as a page's script has them
	Website        string // the honeypot: people don't see it, simple robots fill it in
	Review         string // of a form without a script: ReviewCheck or ReviewChange; empty: take the application
}

// JSON reads the body of a program.
func (r *Reader) JSON(body []byte) (Application, Controls, []Problem) {
	var found problems
	tree, ok := parseTree(body, &found)
	if !ok {
		return Application{}, Controls{}, found
	}
	object, ok := tree.(map[string]any)
	if !ok {
		found.add("", CodeWrongType)
		return Application{}, Controls{}, found
	}
	return r.read(object, found)
}

// Form reads the body of a form post (application/x-www-form-urlencoded).
func (r *Reader) Form(body []byte) (Application, Controls, []Problem) {
	var found problems
	tree, ok := r.formTree(string(body), &found)
	if !ok {
		return Application{}, Controls{}, found
	}
	return r.read(tree, found)
}

func (r *Reader) read(tree map[string]any, found problems) (Application, Controls, []Problem) {
	controls := takeControls(tree, &found)
	r.requireGroups(tree, &found)
	var a Application
	answers := a.answers()
	for _, field := range r.Fields {
		value := take(tree, field.Name)
		if text, ok := value.(string); ok && strings.TrimSpace(text) == "" {
			value = nil // an empty box is no answer
		}
		if value == nil {
			if field.Required && (field.Name != "needs" || a.Event == "") {
				found.add(field.Name, missing(field))
			}
			continue
		}
		read(field, value, answers[field.Name], &found)
	}
	if a.Consent.Version == "" {
		a.Consent.Version = r.ConsentVersion
	}
	a.register(&found)
	r.leftOvers(tree, &found)
	return a, controls, found
}

// register makes the choice of an event a need: who registers wants to take part, whatever else the form says.
func (a *Application) register(found *problems) {
	switch {
	case a.Event == "":
	case a.Kind != codes.EventRegistration && a.Kind != "":
		found.add(FieldEvent, CodeUnknownField)
	case !slices.Contains(a.Needs, codes.Participation):
		a.Needs = append([]string{codes.Participation}, a.Needs...)
	}
}

// missing is the problem with a required field that has no answer.
func missing(field Field) string {
	if field.Kind == Agreement {
		return CodeConsentRequired
	}
	return CodeRequired
}

// groups are the objects that hold fields: "contact" of "contact.name".
func (r *Reader) groups() []string {
	var names []string
	for _, field := range r.Fields {
		group, _, nested := strings.Cut(field.Name, ".")
		if nested && !slices.Contains(names, group) {
			names = append(names, group)
		}
	}
	return names
}

// requireGroups names each group that is there and no object, and takes it away.
func (r *Reader) requireGroups(tree map[string]any, found *problems) {
	for _, group := range r.groups() {
		value := tree[group]
		if _, ok := value.(map[string]any); ok {
			continue
		}
		if value != nil {
			found.add(group, CodeWrongType)
		}
		delete(tree, group)
	}
}

// leftOvers names what is still in the tree after all defined fields were taken: fields nobody knows.
func (r *Reader) leftOvers(tree map[string]any, found *problems) {
	for _, group := range r.groups() {
		inner, _ := tree[group].(map[string]any)
		unknown(inner, group, found)
		delete(tree, group)
	}
	unknown(tree, "", found)
}

func unknown(tree map[string]any, path string, found *problems) {
	for _, name := range slices.Sorted(maps.Keys(tree)) {
		found.add(shown(join(path, name)), CodeUnknownField)
	}
}

// The names of the controls. They are the same in JSON and in a form.
const (
	FieldIdempotencyKey = "idempotency_key"
	FieldStartedAt      = "started_at"
	FieldWebsite        = "website"
	FieldReview         = "review"
)

// What a browser's form can ask for before it is sent.
const (
	ReviewCheck  = "check"  // show me my answers
	ReviewChange = "change" // let me change them
)

func takeControls(tree map[string]any, found *problems) Controls {
	return Controls{
		IdempotencyKey: takeControl(tree, FieldIdempotencyKey, found),
		StartedAt:      takeControl(tree, FieldStartedAt, found),
		Website:        takeControl(tree, FieldWebsite, found),
		Review:         takeControl(tree, FieldReview, found),
	}
}

// takeControl takes a control as text; a number is as good.
func takeControl(tree map[string]any, name string, found *problems) string {
	switch value := take(tree, name).(type) {
	case nil:
		return ""
	case string:
		return value
	case json.Number:
		return value.String()
	}
	found.add(name, CodeWrongType)
	return ""
}
