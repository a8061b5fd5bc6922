package locale

import (
	"encoding/json"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// plurals knows which of a message's plural forms a number takes in a language (CLDR's rules, from go-i18n).
type plurals struct{ localizer *i18n.Localizer }

// newPlurals takes the rules of the language that CLDR holds it to be a form of (Dari is Persian's, Kurmancî Kurdish's), and where there
// are none, those of English: a language without rules of its own would stop the program at its first number.
func newPlurals(lang string) plurals {
	tag := language.All.Make(lang)
	bundle := i18n.NewBundle(tag)
	if bundle.AddMessages(tag) != nil {
		tag = language.MustParse(Default)
		bundle = i18n.NewBundle(tag)
	}
	return plurals{localizer: i18n.NewLocalizer(bundle, tag.String())}
}

// choose gives the text of the form that n takes, its placeholders filled.
func (p plurals) choose(message json.RawMessage, n int, data map[string]any) string {
	var forms i18n.Message
	if json.Unmarshal(message, &forms) != nil {
		return ""
	}
	forms.ID = "message"
	text, err := p.localizer.Localize(&i18n.LocalizeConfig{
		DefaultMessage: &forms, PluralCount: n, TemplateData: data, TemplateParser: braces{},
	})
	if err != nil {
		return ""
	}
	return text
}
