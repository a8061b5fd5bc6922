package application

import (
	"net/mail"
	"strings"
	"unicode"
)

// emailAddress reads an address that mail can be sent to everywhere: ASCII, no display name, no quoted or bracketed
// forms, a domain of at least two labels. The domain is put in lower case.
func emailAddress(s string) (address string, ok bool) {
	parsed, err := mail.ParseAddress(s)
	if err != nil || parsed.Name != "" || parsed.Address != s || len(s) > 254 {
		return "", false
	}
	at := strings.LastIndexByte(s, '@')
	local, domain := s[:at], strings.ToLower(s[at+1:])
	if len(local) > 64 || strings.ContainsAny(local, "\"\\ ") || !ascii(s) || !domainName(domain) {
		return "", false
	}
	return local + "@" + domain, true
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

// domainName wants letters, digits and inner hyphens in at least two labels, the last one not a number (that would be
// an IP address).
func domainName(domain string) bool {
	labels := strings.Split(domain, ".")
	for _, label := range labels {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		if strings.ContainsFunc(label, func(r rune) bool { return r != '-' && !digit(r) && (r < 'a' || r > 'z') }) {
			return false
		}
	}
	last := labels[len(labels)-1]
	return len(labels) > 1 && strings.ContainsFunc(last, func(r rune) bool { return !digit(r) })
}

func digit(r rune) bool { return r >= '0' && r <= '9' }

// phoneNumber reads a number the way people write one, or paste it from a chat with invisible marks around it, and
// gives digits with a leading + when the country is said: "0034 (612) 34-56-78" is "+34612345678". A number without its
// country stays as it is.
func phoneNumber(s string) (number string, ok bool) {
	number = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cf, unicode.Zs) || strings.ContainsRune("-‐‑‒–—−().[]/", r) {
			return -1
		}
		return r
	}, latinDigits(s))
	if strings.HasPrefix(number, "00") {
		number = "+" + number[2:]
	}
	digits, international := strings.CutPrefix(number, "+")
	if strings.ContainsFunc(digits, func(r rune) bool { return !digit(r) }) || len(digits) < 6 || len(digits) > 15 {
		return "", false
	}
	if international && (digits[0] == '0' || len(digits) < 7) {
		return "", false
	}
	return number, true
}
