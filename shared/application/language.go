package application

import "golang.org/x/text/language"

// maxTag is the length that RFC 5646 asks every program to cope with. Longer tags are nobody's language.
const maxTag = 35

// tags is how tags are read: old and macrolanguage codes become the ones everybody uses (iw → he, arb → ar), nothing
// else is changed.
const tags = language.Macro | language.DeprecatedBase

// languageTag reads a BCP 47 tag and gives its usual spelling: "AR_sy" is "ar-SY".
func languageTag(s string) (tag string, ok bool) {
	parsed, ok := parseTag(s)
	return parsed.String(), ok
}

// spokenLanguage reads a tag and gives its ISO 639 code: "es-ES" and "spa" are both "es". A dialect with a code of its
// own, such as Moroccan Arabic (ary), keeps it.
func spokenLanguage(s string) (code string, ok bool) {
	parsed, ok := parseTag(s)
	base, _ := parsed.Base()
	return base.String(), ok
}

func parseTag(s string) (language.Tag, bool) {
	if s == "" || len(s) > maxTag {
		return language.Und, false
	}
	parsed, err := tags.Parse(s)
	if err != nil || len(parsed.Extensions()) > 0 {
		return language.Und, false
	}
	switch base, _, _ := parsed.Raw(); base.String() {
	case "und", "mul", "mis", "zxx": // codes for "no language in particular"
		return language.Und, false
	}
	return parsed, true
}
