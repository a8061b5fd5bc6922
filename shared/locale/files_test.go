package locale_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/miict/immerse/shared/locale"
)

// forms are the plural forms that CLDR gives each language for whole numbers. A new locale adds its line here.
var forms = map[string][]string{
	"en": {"one", "other"},
	"el": {"one", "other"},
	"es": {"many", "one", "other"},
	"it": {"many", "one", "other"},
	"fr": {"many", "one", "other"},
	"uk": {"few", "many", "one", "other"},
	"ar": {"few", "many", "one", "other", "two", "zero"},
}

// inWords are the forms that stand for one number alone, which the noun itself says.
var inWords = map[string][]string{"ar": {"zero", "one", "two"}}

// read gives a locale file's messages, each as its plural forms; one without plurals has the form "".
func read(t *testing.T, lang string) map[string]map[string]string {
	t.Helper()
	text, err := os.ReadFile("messages/" + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(text, &raw); err != nil {
		t.Fatalf("%s: %v", lang, err)
	}
	messages := map[string]map[string]string{}
	for key, value := range raw {
		var plain string
		if json.Unmarshal(value, &plain) == nil {
			messages[key] = map[string]string{"": plain}
			continue
		}
		var plural map[string]string
		if err := json.Unmarshal(value, &plural); err != nil {
			t.Errorf("%s: %s is neither a text nor plural forms", lang, key)
		}
		messages[key] = plural
	}
	return messages
}

func TestEveryLocaleHasTheSameKeys(t *testing.T) {
	english := read(t, locale.Default)
	for _, lang := range locale.Languages() {
		messages := read(t, lang)
		for key := range english {
			if messages[key] == nil {
				t.Errorf("%s lacks %s", lang, key)
			}
		}
		for key := range messages {
			if english[key] == nil {
				t.Errorf("%s has %s, which English lacks", lang, key)
			}
		}
	}
}

// TestNoKeyTwice: the JSON reader would silently take the last one.
func TestNoKeyTwice(t *testing.T) {
	key := regexp.MustCompile(`(?m)^  "([^"]+)":`)
	for _, lang := range locale.Languages() {
		text, err := os.ReadFile("messages/" + lang + ".json")
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, match := range key.FindAllStringSubmatch(string(text), -1) {
			if seen[match[1]] {
				t.Errorf("%s has %s twice", lang, match[1])
			}
			seen[match[1]] = true
		}
	}
}

func TestPlaceholdersAgree(t *testing.T) {
	english := read(t, locale.Default)
	for _, lang := range locale.Languages() {
		for key, said := range read(t, lang) {
			for form, text := range said {
				got, want := marks(placeholder, text), marks(placeholder, english[key][first(english[key])])
				if slices.Contains(inWords[lang], form) { // "one service" has no need of "(1)"
					want = slices.DeleteFunc(want, func(mark string) bool { return mark == "{count}" })
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s: %s %s has placeholders %v, English has %v", lang, key, form, got, want)
				}
			}
		}
	}
}

func TestTagsAgree(t *testing.T) {
	english := read(t, locale.Default)
	for _, lang := range locale.Languages() {
		for key, said := range read(t, lang) {
			for _, text := range said {
				if got, want := marks(tag, text), marks(tag, english[key][first(english[key])]); !slices.Equal(got, want) {
					t.Errorf("%s: %s has tags %v, English has %v", lang, key, got, want)
				}
				if strings.ContainsAny(text, "<>") {
					t.Errorf("%s: %s has a sign of HTML; messages are plain text", lang, key)
				}
			}
		}
	}
}

func TestPluralFormsAreTheLanguagesOwn(t *testing.T) {
	english := read(t, locale.Default)
	for _, lang := range locale.Languages() {
		if forms[lang] == nil {
			t.Errorf("%s: this test does not know its plural forms", lang)
		}
		for key, said := range read(t, lang) {
			var got []string
			for form := range said {
				got = append(got, form)
			}
			slices.Sort(got)
			want := forms[lang]
			if len(english[key]) == 1 {
				want = []string{""}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %s has forms %v, want %v", lang, key, got, want)
			}
		}
	}
}

func TestNoMessageIsEmptyOrLeftInEnglish(t *testing.T) {
	english := read(t, locale.Default)
	for _, lang := range locale.Languages() {
		for key, said := range read(t, lang) {
			for _, text := range said {
				if strings.TrimSpace(text) == "" {
					t.Errorf("%s: %s is empty", lang, key)
				}
				// A sentence of several words is never the same in two languages by chance.
				if lang != locale.Default && len(strings.Fields(text)) > 3 && text == english[key][""] {
					t.Errorf("%s: %s is still English", lang, key)
				}
			}
		}
	}
}

func TestMachineDraftsAreMarked(t *testing.T) {
	for _, lang := range locale.Languages() {
		want := "machine draft, awaiting human review"
		if lang == locale.Default {
			want = "reviewed"
		}
		if got := read(t, lang)["meta.review"][""]; got != want && got != "reviewed" {
			t.Errorf("%s: meta.review is %q, want %q or, once a person has read it all, \"reviewed\"", lang, got, want)
		}
	}
}

var (
	placeholder = regexp.MustCompile(`\{[^}]*\}`)
	tag         = regexp.MustCompile(`</?[a-zA-Z][^>]*>`)
)

func marks(of *regexp.Regexp, text string) []string {
	found := of.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func first(said map[string]string) string {
	for form := range said {
		return form
	}
	return ""
}
