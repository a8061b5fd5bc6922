package notification

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/locale"
)

var update = flag.Bool("update", false, "write the golden files in testdata anew")

// TestMailsReadAsTheyShould holds the mails to the files in testdata, to be read by whoever changes words or templates:
// go test ./functions/notification -update
func TestMailsReadAsTheyShould(t *testing.T) {
	for _, language := range []string{"es", "en", "ar", "it", "el"} {
		for _, m := range planned(t, language, language).mails {
			name := filepath.Join("testdata", language, m.ID)
			golden(t, name+".txt", "Subject: "+m.Subject+"\n\n"+m.Text)
			golden(t, name+".html", m.HTML)
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		check(t, os.MkdirAll(filepath.Dir(name), 0o755))
		check(t, os.WriteFile(name, []byte(got), 0o644))
		return
	}
	want, err := os.ReadFile(name)
	check(t, err)
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; -update writes it anew):\n%s", name, diff)
	}
}

// unsaidWords finds keys and placeholders that nobody said; web addresses are no words.
func unsaidWords(m Mail) []string {
	return unsaid.FindAllString(webAddresses.ReplaceAllString(m.Subject+"\n"+m.Text, ""), -1)
}

var webAddresses = regexp.MustCompile(`https?://\S+`)

var unsaid = regexp.MustCompile(`\b(?:mail|reason|field|need|help|level|language|urgency|list)\.[a-z_]+|\{[a-z_]+\}`)

// A message that no file has comes out as its key; a placeholder that nobody filled as it is.
func TestEveryWordIsSaidInEveryLanguage(t *testing.T) {
	for _, language := range locale.Languages() {
		for _, m := range planned(t, language, language).mails {
			if missing := unsaidWords(m); missing != nil {
				t.Errorf("%s in %s: not said: %v", m.ID, language, missing)
			}
		}
	}
}

func TestEachReaderIsWrittenToInTheirOwnLanguageAndDirection(t *testing.T) {
	for _, m := range planned(t, "ar", "it").mails {
		want := map[string]string{kindReceipt: `<html lang="ar" dir="rtl">`, kindAuthority: `<html lang="it" dir="ltr">`}[m.Kind]
		if !strings.Contains(m.HTML, want) {
			t.Errorf("%s doesn't begin with %s:\n%.200s", m.ID, want, m.HTML)
		}
	}
}

func TestALanguageWithoutWordsIsEnglishToThePersonAndTheCountrysFirstToAnAuthority(t *testing.T) {
	for asked, want := range map[string]string{"tr": "en", "xx": "en", "ar-MA": "ar", "": "es"} {
		for _, m := range planned(t, asked, "ca").mails {
			if want := map[string]string{kindReceipt: want, kindAuthority: "es"}[m.Kind]; m.Language != want {
				t.Errorf("asked for %q: %s is in %s, not %s", asked, m.ID, m.Language, want)
			}
		}
	}
}

// TestEachKindIsSaid: a volunteer isn't announced as somebody who needs help.
func TestEachKindIsSaid(t *testing.T) {
	for _, language := range locale.Languages() {
		subjects, texts := map[string]bool{}, map[string]bool{}
		for _, kind := range codes.Kinds {
			a := found()
			a.Kind = kind
			h := hearing{reference: reference, needs: []string{"language", "employment"}, submitted: start, matched: start, contact: amira(language), assessment: a}
			made, err := planner(testPack(language)).plan(h)
			check(t, err)
			for _, m := range made.mails {
				subjects[m.ID+m.Subject], texts[m.ID+m.Text] = true, true
				if missing := unsaidWords(m); missing != nil {
					t.Errorf("%s of %s in %s: not said: %v", m.ID, kind, language, missing)
				}
			}
		}
		if want := len(codes.Kinds) * 3; len(subjects) != want || len(texts) != want {
			t.Errorf("%s: %d subjects and %d texts, want %d", language, len(subjects), len(texts), want)
		}
	}
}

func TestTheSameApplicationIsPlannedTheSame(t *testing.T) {
	first := planned(t, "uk", "el")
	for range 5 {
		if diff := cmp.Diff(first.mails, planned(t, "uk", "el").mails); diff != "" {
			t.Fatal(diff)
		}
	}
}

func TestTheReceiptLeadsToTheStatusPageWithoutTheSecret(t *testing.T) {
	mails := planned(t, "ar", "es").mails
	receipt := mails[len(mails)-1]
	link := "https://es.immerse.example/status?reference=" + reference + "&lang=ar"
	if !strings.Contains(receipt.Text, link) || !strings.Contains(receipt.HTML, strings.ReplaceAll(link, "&", "&amp;")) {
		t.Errorf("no %s in\n%s", link, receipt.Text)
	}
	for _, phone := range []string{"112", "016"} {
		if !strings.Contains(receipt.Text, phone) || !strings.Contains(receipt.HTML, phone) {
			t.Errorf("no help line %s", phone)
		}
	}
}

// A screen reader says the names of the catalogue in their own language, and a long address doesn't leave a small screen.
func TestNamesHaveTheirLanguageAndAddressesAreBroken(t *testing.T) {
	mails := planned(t, "ar", "es").mails
	receipt := mails[len(mails)-1].HTML
	for _, want := range []string{`<bdi lang="es">Clases de español`, `<bdi lang="es">Ayuntamiento de Granada</bdi>`, "overflow-wrap:anywhere"} {
		if !strings.Contains(receipt, want) {
			t.Errorf("the receipt lacks %s", want)
		}
	}
}

// TestTheLegalStatusIsForThePersonAlone: as the form promises at the question for the e-mail, and at its beginning.
func TestTheLegalStatusIsForThePersonAlone(t *testing.T) {
	for _, language := range locale.Languages() {
		say := locale.For(language)
		for _, m := range planned(t, language, language).mails {
			if told := strings.Contains(m.Text, say.Code("legal_status", "asylum_seeker")); told != (m.Kind == kindReceipt) {
				t.Errorf("%s: %s tells the legal status: %v", language, m.ID, told)
			}
		}
	}
	if hint := locale.For("en").T("field.contact.email.hint"); !strings.Contains(hint, "legal status") {
		t.Errorf("the form doesn't say what the receipt shows: %s", hint)
	}
}
