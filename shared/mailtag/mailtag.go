// Package mailtag writes the tags of a mail: SES gives them back with every event about it, so that what happened to it can
// be put where it belongs without any address. They hold ids only.
package mailtag

import "strings"

// The names of the tags: the reference of the application, and the mail's id in its ledger.
const (
	Reference = "reference"
	Mail      = "mail"
)

// Digest stands for the reference in the tags of a digest, which is about many; its mail tag is its key (package store).
const Digest = "digest"

const longest = 256 // characters; SES's limit

// Value writes a value with the characters that SES allows in a tag: ASCII letters and digits, "_" and "-".
func Value(value string) string {
	mapped := strings.Map(func(r rune) rune {
		if r < 128 && (r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z') {
			return r
		}
		return '_'
	}, value)
	return mapped[:min(len(mapped), longest)]
}
