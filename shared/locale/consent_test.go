package locale_test

import (
	"strings"
	"testing"

	"github.com/miict/immerse/shared/locale"
)

// TestConsentSaysWhatIsSent: people agree to what the mails to authorities really hold. Each language's stems are for
// code, region, languages, urgency and age, as the form's first note names them.
func TestConsentSaysWhatIsSent(t *testing.T) {
	stems := map[string][]string{
		"en": {"code", "region", "languages", "how soon", "age"},
		"es": {"código", "región", "idiomas", "cuándo", "edad"},
		"it": {"codice", "regione", "lingue", "quando", "età"},
		"el": {"κωδικό", "περιοχή", "γλώσσες", "πότε", "ηλικία"},
		"fr": {"code", "région", "langues", "quand", "âge"},
		"ar": {"رمز", "منطقتك", "اللغات", "متى", "العمر"},
		"uk": {"номер", "регіон", "мови", "як скоро", "вік"},
	}
	for _, lang := range locale.Languages() {
		if stems[lang] == nil {
			t.Errorf("%s: this test does not know its words", lang)
			continue
		}
		say := locale.For(lang)
		for _, stem := range stems[lang] {
			if said := say.T("form.data.mail"); !strings.Contains(said, stem) {
				t.Errorf("%s: form.data.mail doesn't say %q: %s", lang, stem, said)
			}
		}
		for _, stem := range []string{stems[lang][0], stems[lang][1][:len(stems[lang][1])/2]} { // whoever doesn't agree
			if said := say.T("field.consent.sharing.hint"); !strings.Contains(said, stem) {
				t.Errorf("%s: field.consent.sharing.hint doesn't say %q: %s", lang, stem, said)
			}
		}
	}
}
