package web

import (
	"strings"
	"unicode"
)

// Text reads what somebody wrote into a form in their own words: control characters and broken text are taken out, but for
// line breaks.
func Text(written string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '\n' || !unicode.IsControl(r) && r != unicode.ReplacementChar {
			return r
		}
		return -1
	}, written))
}

// FirstLetters cuts a text off, in runes.
func FirstLetters(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most])
	}
	return text
}
