package page

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/locale"
)

// scriptWords are the messages that scripts say.
var scriptWords = []string{
	"answer.no", "answer.yes", "check.edit", "check.empty", "check.lead", "check.title",
	"confirmation.keep", "confirmation.qr", "confirmation.reference", "confirmation.secret",
	"draft.erase", "draft.erased", "draft.found", "draft.kept", "draft.risk",
	"error.consent_required", "error.control_characters", "error.duplicate", "error.invalid_email",
	"error.invalid_occupation", "error.invalid_phone", "error.level_missing", "error.none_and_others",
	"error.out_of_range", "error.required", "error.too_long",
	"form.back", "form.error", "form.errors.some", "form.send", "form.send.hint", "list.comma",
	"refused.open", "refused.title", "sent.kept", "sent.receipt", "sent.title",
	"waiting.erase", "waiting.now", "waiting.show", "waiting.text", "waiting.title",
}

// ScriptWords are the messages that scripts say, as a JSON object.
func ScriptWords(lang string) []byte {
	printer := locale.For(lang)
	said := map[string]string{}
	for _, key := range scriptWords {
		said[key] = printer.T(key)
	}
	return mustJSON(said)
}

// rule is what a script has to know of a field to check it as the API does (rules.js).
type rule struct {
	Name     string             `json:"name"`
	Kind     application.Kind   `json:"kind"`
	Format   application.Format `json:"format,omitempty"`
	Required bool               `json:"required,omitempty"`
	None     bool               `json:"none,omitempty"` // "none of these" is among the answers
	Min      int                `json:"min"`
	Max      int                `json:"max"`
	Rows     int                `json:"rows,omitempty"` // of languages
}

// ScriptRules are the rules of the form's fields, as a JSON list.
func ScriptRules(fields []application.Field) []byte {
	var rules []rule
	for _, field := range fields {
		if field.Name == "language" || field.Name == application.FieldEvent || strings.HasSuffix(field.Name, ".version") { // facts about the page
			continue
		}
		one := rule{
			Name: field.Name, Kind: field.Kind, Format: field.Format, Required: field.Required,
			None: slices.Contains(field.Codes, codes.None), Min: field.Min, Max: field.Max,
		}
		if field.Kind == application.Languages {
			one.Rows = languageRowCount
		}
		rules = append(rules, one)
	}
	return mustJSON(rules)
}

func mustJSON(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // plain structs
	}
	return text
}
