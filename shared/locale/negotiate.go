package locale

import (
	"strconv"
	"strings"
)

// maxRanges is how much of an Accept-Language header is read. Browsers send about five ranges.
const maxRanges = 30

// Negotiate picks the language to answer in: the one asked for explicitly (in a field, a path), else the best that the
// Accept-Language header names (RFC 9110, 12.5.4), else the fallback, else English. It always gives one of Languages.
// Regional variants mean their language: "ar-MA" is answered in "ar".
func Negotiate(explicit, acceptLanguage, fallback string) string {
	if lang, ok := site(explicit); ok {
		return lang
	}
	if lang, ok := accepted(acceptLanguage); ok {
		return lang
	}
	if lang, ok := site(fallback); ok {
		return lang
	}
	return Default
}

func accepted(header string) (lang string, ok bool) {
	best := 0.0
	for i, part := range strings.SplitN(header, ",", maxRanges+1) {
		if i == maxRanges {
			break
		}
		tag, params, _ := strings.Cut(part, ";")
		known, isKnown := site(tag)
		// On equal weights the first named wins, as browsers list by preference.
		if weight := quality(params); isKnown && weight > best {
			lang, best, ok = known, weight, true
		}
	}
	return lang, ok
}

// quality reads the q parameter; one that cannot be read counts as 0, so that a broken header picks nothing.
func quality(params string) float64 {
	name, value, found := strings.Cut(strings.TrimSpace(params), "=")
	if !found {
		return 1
	}
	weight, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil || !strings.EqualFold(strings.TrimSpace(name), "q") || weight < 0 || weight > 1 {
		return 0
	}
	return weight
}

// site finds the site language that a tag means: the whole tag, or what is left of it when subtags are taken off its
// end (RFC 4647 lookup).
func site(tag string) (lang string, ok bool) {
	tag = strings.ToLower(strings.ReplaceAll(strings.TrimSpace(tag), "_", "-"))
	for tag != "" {
		for _, known := range languages() {
			if strings.ToLower(known) == tag {
				return known, true
			}
		}
		cut := strings.LastIndexByte(tag, '-')
		tag = tag[:max(cut, 0)]
	}
	return "", false
}
