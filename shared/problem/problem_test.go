package problem

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/locale"
)

func TestEveryProblemIsInTheDocument(t *testing.T) {
	document := Invalid(locale.For("en"), "4bf92f3577b34da6a3ce929d0e0e4736", []application.Problem{
		{Field: "birth_year", Code: application.CodeOutOfRange, Params: map[string]any{"min": 1906, "max": 2026}},
		{Field: "<script>", Code: application.CodeUnknownField},
	})
	var got Document
	if err := json.Unmarshal(document.JSON(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Type != "urn:immerse:problem:invalid" || got.Status != 422 || got.Title == "" || len(got.Errors) != 2 {
		t.Errorf("got %+v", got)
	}
	if message := got.Errors[0].Message; !strings.Contains(message, "1906") || !strings.Contains(message, "2026") {
		t.Errorf("the message does not name the bounds: %s", message)
	}
	if strings.Contains(string(document.JSON()), "<script>") {
		t.Error("JSON holds markup as it is")
	}
	headers := document.Headers()
	if headers["Content-Type"] != ContentType || headers["Content-Language"] != "en" {
		t.Errorf("headers %v", headers)
	}
}

func TestDocumentsSpeakTheLanguageAsked(t *testing.T) {
	en, ar := New(locale.For("en"), 404, "not_found", "", nil), New(locale.For("ar"), 404, "not_found", "", nil)
	if ar.Headers()["Content-Language"] != "ar" || en.Type != ar.Type {
		t.Errorf("en %+v, ar %+v", en, ar)
	}
}

// Every code that a reading of an application can give has words; a code without any would be shown as its key.
func TestEveryCodeHasWords(t *testing.T) {
	for _, code := range application.Codes {
		if !locale.For("en").Has("error." + code) {
			t.Errorf("error.%s has no words", code)
		}
	}
}
