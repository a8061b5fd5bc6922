package notification

import (
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"
	"unicode"
)

// The kinds of mail, which are also the first word of a mail's id.
const (
	kindAuthority = "authority"
	kindReceipt   = "receipt"
	kindNews      = "news" // of a later round
	kindDigest    = "digest"
)

// A Mail is one e-mail to one recipient, written and ready to send. ID is the same each time the same application is
// planned: it is what the store remembers the sending under.
type Mail struct {
	ID        string
	Kind      string
	Reference string
	To        string // an address that anything may be wrong with; it is checked when it is sent
	Dead      bool   // nothing should be sent to that address, and there is no other
	Behind    bool   // To is not the authority's own inbox, which is dead, but that of whoever is behind it
	Language  string // BCP 47, of Subject, Text and HTML
	Subject   string
	Text      string
	HTML      string
	Urgent    bool      // the case can't wait
	Due       time.Time // when the time to answer is over; zero if nobody is asked
	WaitsFor  string    // the organization that is told with its next digest, by its id; empty: the mail goes at once
}

var errBadAddress = errors.New("not a usable e-mail address")

// address gives the bare address of a recipient or sender. It takes exactly one address, so that nobody can add
// recipients or headers through one: line breaks, lists, groups and comments are refused, whatever SES would make of them.
func address(raw string) (string, error) {
	if raw == "" || strings.IndexFunc(raw, unicode.IsControl) >= 0 {
		return "", errBadAddress
	}
	parsed, err := mail.ParseAddress(raw)
	if err != nil || parsed.Address != strings.TrimSpace(raw) {
		return "", errBadAddress
	}
	local, domain, _ := strings.Cut(parsed.Address, "@")
	if local == "" || !strings.Contains(domain, ".") || len(parsed.Address) > 254 || strings.ContainsAny(parsed.Address, " \"<>(),;:\\") {
		return "", errBadAddress
	}
	return parsed.Address, nil
}

// sender gives a From address with the name that people see, in the form that headers need.
func sender(name, raw string) (string, error) {
	bare, err := address(raw)
	if err != nil {
		return "", fmt.Errorf("the sender %q: %w", raw, err)
	}
	return (&mail.Address{Name: oneLine(name), Address: bare}).String(), nil
}

// sameAddress compares as mail systems do in practice: without regard to case.
func sameAddress(a, b string) bool {
	return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
}

// oneLine makes text safe for a subject or a header: control characters, which line breaks are, become spaces.
func oneLine(text string) string {
	spaced := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, text)
	return strings.Join(strings.Fields(spaced), " ")
}
