package locale_test

import (
	"strings"
	"testing"

	"github.com/miict/immerse/shared/locale"
)

func TestNegotiate(t *testing.T) {
	tests := []struct{ name, explicit, accept, fallback, want string }{
		{"explicit wins", "it", "es", "el", "it"},
		{"explicit in capitals with a region", "AR-ma", "es", "el", "ar"},
		{"explicit unknown is passed over", "tlh", "es", "el", "es"},
		{"header in order", "", "fr, es", "el", "fr"},
		{"header by weight", "", "fr;q=0.3, es;q=0.8", "el", "es"},
		{"regional variant", "", "ar-MA", "el", "ar"},
		{"script and region", "", "uk-Cyrl-UA;q=0.9", "el", "uk"},
		{"underscore as some phones send", "", "ar_MA", "el", "ar"},
		{"zero weight is a refusal", "", "es;q=0", "el", "el"},
		{"unknown ones are passed over", "", "de, tlh;q=0.9, it;q=0.1", "el", "it"},
		{"spaces", "", "  fr ; q = 0.5 , es ; q=0.6", "el", "es"},
		{"any language means the country's", "", "*", "el", "el"},
		{"nothing said", "", "", "el", "el"},
		{"fallback with a region", "", "", "es-ES", "es"},
		{"fallback that the site lacks", "", "", "tr", "en"},
		{"nothing at all", "", "", "", "en"},
		{"broken weight", "", "es;q=zero, fr;q=0.1", "el", "fr"},
		{"weight out of range", "", "es;q=7, fr;q=0.1", "el", "fr"},
		{"not a tag", "../../etc/passwd", "\x00<script>", "el", "el"},
		{"too many to read", "", strings.Repeat("de,", 5000) + "fr", "el", "el"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := locale.Negotiate(test.explicit, test.accept, test.fallback); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func FuzzNegotiate(f *testing.F) {
	f.Add("ar", "es;q=0.5", "it")
	f.Add("", ",,;;q=,--", "-")
	f.Fuzz(func(t *testing.T, explicit, accept, fallback string) {
		if got := locale.Negotiate(explicit, accept, fallback); !locale.Known(got) {
			t.Errorf("%q is no language of the site", got)
		}
	})
}
