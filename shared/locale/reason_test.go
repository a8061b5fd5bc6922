package locale_test

import (
	"strings"
	"testing"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/locale"
)

func TestReasonsSayCodesInWords(t *testing.T) {
	tests := []struct {
		lang, code string
		params     map[string]any
		want       string
	}{
		{"en", "age_in_range", map[string]any{"min": 18, "max": 65}, "For people of this age: from 18 to 65."},
		{"en", "age_in_range", map[string]any{"min": 18}, "For people of this age: 18 or more."},
		{"en", "age_in_range", map[string]any{"max": 65}, "For people of this age: 65 or less."},
		{"en", "age_in_range", map[string]any{"min": 3, "max": 3}, "For people of this age: 3."},
		{
			"en", "legal_status_is", map[string]any{"status": []string{"asylum_seeker", "refugee", "resident"}},
			"For people with this status: Asylum seeker, Refugee or Residence permit.",
		},
		{
			"en", "registered", map[string]any{"registration": []any{"health_card", "tax_number"}},
			"For people who have: Health card and Tax number or number for foreigners.",
		},
		{"en", "language_at_most", map[string]any{"language": "es", "level": "A2"}, "For people with this level or less in a language: Spanish, A2."},
		{"es", "language_at_most", map[string]any{"language": "es", "level": "A0"}, "Para personas con este nivel o menos en un idioma: español, A0 (todavía nada)."},
		{"en", "shared_language", map[string]any{"language": "xx"}, "They speak: xx."},
		{"en", "occupation_is", map[string]any{"occupation": []string{"4"}}, "For people with this kind of work: Office work."},
		{"en", "occupation_is", map[string]any{"occupation": []string{"4110"}}, "For people with this kind of work: Office work (ISCO 4110)."},
		{"en", "education_in_range", map[string]any{"min": 1, "max": 8}, "For people with this education: from Primary school to Doctorate."},
		{"en", "to_check", map[string]any{"field": "birth_year"}, "Still to be checked: Year of birth."},
		{"uk", "last_checked", map[string]any{"date": "2026-05-09"}, "Ми перевірили це з організацією 9.05.2026."},
		{"en", "in_area", map[string]any{"area": "Andalucía"}, "Area of the service: Andalucía."},
	}
	for _, test := range tests {
		if got := locale.For(test.lang).Reason(test.code, test.params); got != test.want {
			t.Errorf("%s %s %v:\n got %q\nwant %q", test.lang, test.code, test.params, got, test.want)
		}
	}
}

// TestEveryReasonIsSaidWhole: with the parameters that package eligibility documents, no placeholder is left over.
func TestEveryReasonIsSaidWhole(t *testing.T) {
	params := map[string]any{
		"status": []string{"refugee"}, "gender": []string{"female"}, "min": 1, "max": 2, "language": "ar", "level": "B1",
		"occupation": []string{"2221"}, "registration": []string{"tax_number"}, "field": "gender", "area": "Granada",
		"date": "2026-01-31",
	}
	for _, lang := range locale.Languages() {
		for _, code := range eligibility.ReasonCodes {
			said := locale.For(lang).Reason(code, params)
			if strings.ContainsAny(said, "{}") || strings.HasPrefix(said, "reason.") {
				t.Errorf("%s: %s is said as %q", lang, code, said)
			}
		}
	}
}

func TestFieldsAreListed(t *testing.T) {
	got := locale.For("en").Fields([]string{"birth_year", "gender", "legal_status"})
	if want := "Year of birth, Gender and Legal status"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := locale.For("en").Fields(nil); got != "" {
		t.Errorf("no fields are said as %q", got)
	}
}

func TestListsAreJoinedAsTheyAreSpoken(t *testing.T) {
	tests := []struct{ lang, last, before, word, want string }{
		{"es", "list.and", "Año", "Idiomas", "Año e Idiomas"},
		{"es", "list.and", "padres", "hijos", "padres e hijos"},
		{"es", "list.and", "agua", "hielo", "agua y hielo"},
		{"es", "list.and", "Año", "Género", "Año y Género"},
		{"es", "list.or", "mujer", "hombre", "mujer u hombre"},
		{"it", "list.and", "genere", "età", "genere ed età"},
		{"en", "list.and", "year", "idiom", "year and idiom"},
	}
	for _, test := range tests {
		if got := locale.For(test.lang).List([]string{test.before, test.word}, test.last); got != test.want {
			t.Errorf("%s: got %q, want %q", test.lang, got, test.want)
		}
	}
}
