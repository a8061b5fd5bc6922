package locale

import (
	"encoding/json"
	"testing"
)

// TestPluralsOfALanguageThatCLDRHasNone: a locale file for it must not stop the program.
func TestPluralsOfALanguageThatCLDRHasNone(t *testing.T) {
	message := json.RawMessage(`{"one":"{count} place","other":"{count} places"}`)
	for lang, want := range map[string][2]string{
		"en": {"1 place", "2 places"}, "tlh": {"1 place", "2 places"}, "prs": {"1 place", "2 places"}, "kmr": {"1 place", "2 places"}, "tr": {"1 place", "2 places"},
	} {
		for i, got := range []string{
			newPlurals(lang).choose(message, 1, map[string]any{"count": 1}), newPlurals(lang).choose(message, 2, map[string]any{"count": 2}),
		} {
			if got != want[i] {
				t.Errorf("%s: %d is %q", lang, i+1, got)
			}
		}
	}
}
