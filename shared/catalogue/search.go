package catalogue

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// alike are letters that people write for each other and that Unicode does not take apart.
var alike = map[rune]string{
	'ø': "o", 'ł': "l", 'đ': "d", 'ı': "i", 'æ': "ae", 'œ': "oe", 'ى': "ي", 'ة': "ه", 'ـ': "",
}

// searchable writes a text as words without accents, vowel signs and capitals, a space before each.
func searchable(text string) string {
	var out strings.Builder
	inside := false
	for _, letter := range norm.NFKD.String(cases.Fold().String(norm.NFKD.String(text))) {
		switch {
		case unicode.Is(unicode.Mn, letter):
			continue
		case !unicode.IsLetter(letter) && !unicode.IsDigit(letter) && !unicode.Is(unicode.Mc, letter):
			inside = false
			continue
		case !inside:
			out.WriteByte(' ')
			inside = true
		}
		if written, ok := alike[letter]; ok {
			out.WriteString(written)
		} else {
			out.WriteRune(letter)
		}
	}
	return out.String()
}
