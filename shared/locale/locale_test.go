package locale_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miict/immerse/shared/locale"
)

func TestLanguagesAreOfferedInOrder(t *testing.T) {
	got := strings.Join(locale.Languages(), " ")
	if want := "en es it el fr ar uk"; !strings.HasPrefix(got, want) {
		t.Errorf("languages are %q, want them to begin %q", got, want)
	}
}

func TestUnknownLanguageIsSaidInEnglish(t *testing.T) {
	if got := locale.For("tlh").Lang(); got != "en" {
		t.Errorf("For(tlh) speaks %q", got)
	}
}

func TestDirection(t *testing.T) {
	for _, lang := range locale.Languages() {
		want := "ltr"
		if lang == "ar" {
			want = "rtl"
		}
		if got := locale.For(lang).Dir(); got != want {
			t.Errorf("%s is written %s, want %s", lang, got, want)
		}
	}
}

func TestMessageIsFilledIn(t *testing.T) {
	printer := locale.For("en")
	want := "Please write a whole number from 1 to 30."
	if got := printer.T("error.out_of_range", "min", 1, "max", 30); got != want {
		t.Errorf("from names and values: %q", got)
	}
	if got := printer.T("error.out_of_range", map[string]any{"min": 1, "max": 30}); got != want {
		t.Errorf("from a map: %q", got)
	}
	if got := printer.T("error.out_of_range", "min", 1); !strings.Contains(got, "{max}") {
		t.Errorf("a placeholder that nobody filled should stay: %q", got)
	}
}

// TestValuesAreNotTakenForMessages: what a person or a catalogue wrote is never read as a placeholder.
func TestValuesAreNotTakenForMessages(t *testing.T) {
	got := locale.For("en").T("mail.authority.service", "service", "{need}{{.}}<b>%s", "need", "Health")
	if want := "{need}{{.}}<b>%s (Health)"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestUnknownMessageIsItsKey(t *testing.T) {
	for _, lang := range locale.Languages() {
		if got := locale.For(lang).T("no.such.message"); got != "no.such.message" {
			t.Errorf("%s says %q", lang, got)
		}
		if got := locale.For(lang).N("no.such.message", 2); got != "no.such.message" {
			t.Errorf("%s counts %q", lang, got)
		}
	}
}

func TestPlurals(t *testing.T) {
	tests := []struct {
		lang string
		n    int
		want string
	}{
		{"en", 0, "0 services"}, {"en", 1, "1 service"}, {"en", 2, "2 services"},
		{"es", 1, "1 servicio"}, {"es", 1_000_000, "1000000 servicios"},
		{"fr", 0, "0 service"}, {"fr", 2, "2 services"},
		{"uk", 1, "1 послуга"}, {"uk", 3, "3 послуги"}, {"uk", 5, "5 послуг"}, {"uk", 11, "11 послуг"},
		{"uk", 21, "21 послуга"}, {"uk", 24, "24 послуги"},
		{"ar", 0, "لا خدمات"}, {"ar", 1, "خدمة واحدة"}, {"ar", 2, "خدمتان"}, {"ar", 3, "3 خدمات"},
		{"ar", 11, "11 خدمة"}, {"ar", 100, "100 خدمة"}, {"ar", 103, "103 خدمات"},
	}
	for _, test := range tests {
		if got := locale.For(test.lang).N("status.matches", test.n); got != test.want {
			t.Errorf("%s, %d: %q, want %q", test.lang, test.n, got, test.want)
		}
	}
}

func TestCountDoesNotTouchTheCallersMap(t *testing.T) {
	params := map[string]any{"a": 1}
	locale.For("en").N("status.matches", 3, params)
	if len(params) != 1 {
		t.Errorf("the caller's params became %v", params)
	}
}

func TestDate(t *testing.T) {
	day := time.Date(2026, time.March, 7, 0, 0, 0, 0, time.UTC)
	if got := locale.For("en").Date(day); got != "7/03/2026" {
		t.Errorf("en: %q", got)
	}
	if got := locale.For("uk").Date(day); got != "7.03.2026" {
		t.Errorf("uk: %q", got)
	}
}

func TestPrintersAreSharedSafely(t *testing.T) {
	var group sync.WaitGroup
	for range 20 {
		for _, lang := range locale.Languages() {
			group.Go(func() {
				if locale.For(lang).N("status.matches", 2) == "" {
					t.Error("nothing said")
				}
			})
		}
	}
	group.Wait()
}

// TestWhoFoundNothingIsToldThatTheSearchGoesOn: functions/percolation looks again when services are added, so nobody is
// sent to fill in the form again.
func TestWhoFoundNothingIsToldThatTheSearchGoesOn(t *testing.T) {
	for _, lang := range locale.Languages() {
		if said := locale.For(lang).T("status.no_match"); said != locale.For(lang).T("mail.receipt.no_match") {
			t.Errorf("%s: page and mail differ: %s", lang, said)
		}
	}
	if said := locale.For("en").T("status.no_match"); !strings.Contains(said, "keep looking") || strings.Contains(said, "new form") {
		t.Error(said)
	}
}

// TestTheStateIsTrueWithNothingFoundToo: an application without a match passes through the same states.
func TestTheStateIsTrueWithNothingFoundToo(t *testing.T) {
	for _, state := range []string{"matched", "notified"} {
		if said := locale.For("en").T("status.state." + state); !strings.HasPrefix(said, "We have looked for services.") {
			t.Errorf("%s says %q", state, said)
		}
	}
}
