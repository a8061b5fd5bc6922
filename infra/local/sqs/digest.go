package sqs

import (
	"crypto/md5" //nolint:gosec // SQS's own integrity check, which SDKs repeat
	"encoding/binary"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
)

func md5Of(body string) string {
	sum := md5.Sum([]byte(body)) //nolint:gosec // see above
	return hex.EncodeToString(sum[:])
}

// md5OfAttributes is the digest that the SQS developer guide describes: attributes by name, each part with its
// length before it, and a byte that tells text from binary. No attributes, no digest.
func md5OfAttributes(attributes map[string]attributeValue) string {
	if len(attributes) == 0 {
		return ""
	}
	h := md5.New() //nolint:gosec // see above
	part := func(b []byte) {
		_ = binary.Write(h, binary.BigEndian, uint32(len(b))) //nolint:gosec // at most 1 MiB
		h.Write(b)
	}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		a := attributes[name]
		part([]byte(name))
		part([]byte(a.DataType))
		if strings.HasPrefix(a.DataType, "Binary") {
			h.Write([]byte{2})
			part(a.BinaryValue)
			continue
		}
		h.Write([]byte{1})
		part([]byte(*a.StringValue))
	}
	return hex.EncodeToString(h.Sum(nil))
}
