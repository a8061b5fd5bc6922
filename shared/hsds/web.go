package hsds

import (
	"net/url"
	"strings"
)

// WebAddress gives back an address that can be linked to, a whole http or https one without a user's name, and "" for
// any other: a catalogue may be somebody else's text.
func WebAddress(text string) string {
	parsed, err := url.Parse(text)
	if err != nil || parsed.Scheme != "https" && parsed.Scheme != "http" || parsed.Hostname() == "" || parsed.User != nil ||
		strings.ContainsAny(text, " \r\n\t") {
		return ""
	}
	return text
}
