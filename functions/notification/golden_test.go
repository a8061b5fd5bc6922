package notification

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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

func TestALanguageWithoutWordsIsTheCountrysFirst(t *testing.T) {
	for _, m := range planned(t, "xx", "ca").mails {
		if m.Language != "es" {
			t.Errorf("%s is in %s", m.ID, m.Language)
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
