package store

import (
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// DynamoDB counts every write of a ledger by the size of the whole item, in steps of 1 KB, and an application has about a
// dozen mails. So that one step is enough, their entries stand under short keys, which nobody outside of this package sees:
//
//	authority-17bd461f-444d-5b45-a85c-b9444f7ed287   ~F71GH0RNW0WoXLlET37Shw      the organization's UUID in 22 characters
//	authority-a                                      @a                           an organization with any other id
//	remind-17bd461f-444d-5b45-a85c-b9444f7ed287      remind~F71GH0RNW0WoXLlET37Shw
//	remind-a, receipt, …                             as they are
const (
	packedKey    = "~"
	authorityKey = "@"
	plainKey     = "=" // before an id that could be taken for another's key
)

// uuidLength is that of a UUID as it is written; its form has dashes at four places.
const uuidLength = 36

// mailKey is what the entry of a mail stands under.
func mailKey(id string) string {
	organization, ok := strings.CutPrefix(id, authorityMail)
	if !ok {
		return followKey(id)
	}
	if packed, rest, ok := packUUID(organization); ok {
		return packedKey + packed + rest
	}
	return authorityKey + organization
}

// mailID is the id of the mail whose entry stands under a key.
func mailID(key string) string {
	if id, ok := strings.CutPrefix(key, plainKey); ok {
		return id
	}
	if organization, ok := strings.CutPrefix(key, authorityKey); ok {
		return authorityMail + organization
	}
	if packed, ok := strings.CutPrefix(key, packedKey); ok {
		return authorityMail + unpackUUID(packed)
	}
	if what, packed, ok := strings.Cut(key, packedKey); ok {
		if organization := unpackUUID(packed); organization != packed {
			return what + "-" + organization
		}
	}
	return key
}

// followKey is what the entry of a mail about a referral stands under, beside the one that began it.
func followKey(id string) string {
	if what, organization, ok := strings.Cut(id, "-"); ok {
		if packed, rest, ok := packUUID(organization); ok && !strings.Contains(what, packedKey) {
			return what + packedKey + packed + rest
		}
	}
	if mailID(id) != id {
		return plainKey + id
	}
	return id
}

// packUUID writes a UUID that a text begins with in 22 characters and gives what follows it. ok is false if it begins with
// none, or with one in capitals, which would not come back as it was.
func packUUID(text string) (packed, rest string, ok bool) {
	if len(text) < uuidLength {
		return "", "", false
	}
	bytes, err := hex.DecodeString(strings.ReplaceAll(text[:uuidLength], "-", ""))
	if err != nil || dashed(bytes) != text[:uuidLength] {
		return "", "", false
	}
	return base64.RawURLEncoding.EncodeToString(bytes), text[uuidLength:], true
}

// unpackUUID is the reverse; a text that isn't one stays as it is.
func unpackUUID(packed string) string {
	length := base64.RawURLEncoding.EncodedLen(16)
	if len(packed) < length {
		return packed
	}
	bytes, err := base64.RawURLEncoding.DecodeString(packed[:length])
	if err != nil {
		return packed
	}
	return dashed(bytes) + packed[length:]
}

// dashed writes 16 bytes as a UUID; anything else is none.
func dashed(bytes []byte) string {
	text := hex.EncodeToString(bytes)
	if len(text) != 32 {
		return ""
	}
	return strings.Join([]string{text[:8], text[8:12], text[12:16], text[16:20], text[20:]}, "-")
}
