// Package problem writes RFC 9457 problem documents: what a program is told when its request was not accepted. They are
// made only at the HTTP edge; further in, errors are plain Go errors.
//
// What a problem is called and what it means is in the locale files: "problem.<code>" is its title, "error.<code>" its
// detail, for whole requests and for single fields alike.
package problem

import (
	"encoding/json"
	"net/http"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/locale"
)

// ContentType is the media type of problem documents.
const ContentType = "application/problem+json"

// TypeBase is what every type starts with; the problem's code follows. A URN, as there is nothing to fetch: the code is
// the stable name that programs compare.
const TypeBase = "urn:immerse:problem:"

// A Document says why a request was not accepted. It never repeats what a person wrote, nor how the system is built.
type Document struct {
	Type     string       `json:"type"`
	Title    string       `json:"title"`
	Status   int          `json:"status"`
	Detail   string       `json:"detail,omitempty"`
	Instance string       `json:"instance,omitempty"` // urn:trace:<trace id>: what an operator finds the log line by
	Errors   []FieldError `json:"errors,omitempty"`

	lang string
}

// A FieldError says what is wrong with one field, by its dotted name (design §7); an empty name means the whole body.
type FieldError struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// New makes a document in the printer's language. Params fill the detail's placeholders.
func New(say *locale.Printer, status int, code, traceID string, params map[string]any) Document {
	document := Document{
		Type: TypeBase + code, Title: say.T("problem." + code), Status: status, Detail: say.T("error."+code, params),
		lang: say.Lang(),
	}
	if traceID != "" {
		document.Instance = "urn:trace:" + traceID
	}
	return document
}

// Invalid makes the document for an application with problems: all of them at once.
func Invalid(say *locale.Printer, traceID string, problems []application.Problem) Document {
	document := New(say, http.StatusUnprocessableEntity, "invalid", traceID, nil)
	document.Errors = FieldErrors(say, problems)
	document.Detail = ""
	return document
}

// FieldErrors says each problem in the printer's language.
func FieldErrors(say *locale.Printer, problems []application.Problem) []FieldError {
	errors := make([]FieldError, len(problems))
	for i, problem := range problems {
		errors[i] = FieldError{Field: problem.Field, Code: problem.Code, Message: say.T("error."+problem.Code, problem.Params)}
	}
	return errors
}

// JSON gives the document's bytes.
func (d Document) JSON() []byte {
	body, err := json.Marshal(d)
	if err != nil {
		return []byte("{}") // strings and numbers always marshal
	}
	return body
}

// Headers are the headers that go with the document.
func (d Document) Headers() map[string]string {
	return map[string]string{"Content-Type": ContentType, "Content-Language": d.lang}
}
