package application

import (
	"strings"
	"unicode"
)

// hidden tells characters that a line of text has no honest use for: controls (NUL, CR, LF among them), overrides and
// isolates of the writing direction, invisible spaces, and the sign that stands for text broken on its way here.
// Joiners and direction marks are not among them: Persian, Urdu and Arabic need those.
func hidden(r rune) bool {
	switch r {
	case zwnj, zwj, '\u200e', '\u200f', '\u061c':
		return false
	case unicode.ReplacementChar, '\u2028', '\u2029':
		return true
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Noncharacter_Code_Point)
}

const (
	zwnj = '\u200c'
	zwj  = '\u200d'
)

// line reads one line of text: trimmed, direction marks taken out as they change nothing there, joiners kept where they
// join something.
func line(s string) (text string, ok bool) {
	var out strings.Builder
	var last rune
	for _, r := range s {
		switch {
		case hidden(r):
			return "", false
		case r == '\u200e' || r == '\u200f' || r == '\u061c':
			continue
		case (r == zwnj || r == zwj) && !unicode.In(last, unicode.L, unicode.M):
			return "", false
		}
		out.WriteRune(r)
		last = r
	}
	return strings.TrimSpace(out.String()), true
}

// lines reads text that may break its lines, which browsers send as CR LF. Direction marks and emoji sequences are
// legitimate there; controls and broken text are not.
func lines(s string) (text string, ok bool) {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	for _, r := range s {
		switch {
		case r == '\n' || r == '\t':
		case unicode.In(r, unicode.Cc, unicode.Noncharacter_Code_Point), r == unicode.ReplacementChar, r == '\u202d', r == '\u202e':
			return "", false
		}
	}
	return strings.TrimSpace(s), true
}

// zeros are the digits zero of the scripts people write numbers in where they come from: Arabic, Persian and Urdu,
// Devanagari, Bengali, and the wide ones of East Asian keyboards.
var zeros = []rune{'٠', '۰', '०', '০', '０'}

// latinDigits writes digits of other scripts as 0 to 9.
func latinDigits(s string) string {
	return strings.Map(func(r rune) rune {
		for _, zero := range zeros {
			if r >= zero && r <= zero+9 {
				return '0' + r - zero
			}
		}
		return r
	}, s)
}
