package vault

import (
	"crypto/rand"
	"crypto/sha256"
	"strings"
)

// alphabet is Crockford's base 32: no I, L, O or U, so that a person can read it over a bad line.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const (
	referenceLength = 12 // 60 bits: a collision is not expected in a country's lifetime
	secretLength    = 20 // 100 bits: out of reach of guessing, on line or off
	groupLength     = 4
)

// Reference makes the reference of an application, such as "ES-7K3M-9QXT-40AB". It follows from the idempotency key, so
// that the same request always means the same application, without a table of keys. It is no secret.
func Reference(country, idempotencyKey string) string {
	digest := sha256.Sum256([]byte("immerse reference v1|" + country + "|" + idempotencyKey))
	return country + "-" + encode(digest[:], referenceLength)
}

// NewSecret makes the secret that a person follows their case with, such as "7K3M-9QXT-40AB-CDEF-0123".
func NewSecret() string {
	random := make([]byte, secretLength)
	rand.Read(random)
	return encode(random, secretLength)
}

// encode takes five bits of each byte and sets the characters in groups.
func encode(random []byte, length int) string {
	var out strings.Builder
	for i := range length {
		if i > 0 && i%groupLength == 0 {
			out.WriteByte('-')
		}
		out.WriteByte(alphabet[random[i]%byte(len(alphabet))])
	}
	return out.String()
}

// NormalizeReference reads a reference as people type it: any case, with or without dashes and spaces, O for 0 and I or
// L for 1. ok is false if it can't be one of the country.
func NormalizeReference(country, typed string) (reference string, ok bool) {
	plain := strip(typed)
	rest, found := strings.CutPrefix(plain, strings.ToUpper(country))
	if !found {
		return "", false
	}
	body, ok := normalize(rest, referenceLength)
	return strings.ToUpper(country) + "-" + body, ok
}

// NormalizeSecret reads a secret as people type it, in the same way.
func NormalizeSecret(typed string) (secret string, ok bool) {
	return normalize(strip(typed), secretLength)
}

// typedLength bounds what is looked at: longer input is no code.
const typedLength = 200

func strip(typed string) string {
	if len(typed) > typedLength {
		return ""
	}
	return strings.ToUpper(strings.Map(func(r rune) rune {
		switch r {
		case ' ', '-', '\u00a0', '\u2010', '\u2011', '\u2013', '\u200e', '\u200f':
			return -1
		}
		return r
	}, typed))
}

func normalize(plain string, length int) (string, bool) {
	plain = strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(plain)
	if len(plain) != length {
		return "", false
	}
	var out strings.Builder
	for i := range length {
		if !strings.Contains(alphabet, plain[i:i+1]) {
			return "", false
		}
		if i > 0 && i%groupLength == 0 {
			out.WriteByte('-')
		}
		out.WriteByte(plain[i])
	}
	return out.String(), true
}
