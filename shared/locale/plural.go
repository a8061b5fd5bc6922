package locale

import (
	"encoding/json"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// plurals knows which of a message's plural forms a number takes in a language (CLDR's rules, from go-i18n).
type plurals struct{ localizer *i18n.Localizer }

func newPlurals(lang string) plurals {
	tag := language.MustParse(lang)
	return plurals{localizer: i18n.NewLocalizer(i18n.NewBundle(tag), lang)}
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
