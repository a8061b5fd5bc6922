package catalogue

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// DerivedID makes a UUID (version 8, RFC 9562) of what it stands for, so that the same thing has the same id in every
// program and every run.
func DerivedID(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	sum[6] = sum[6]&0x0f | 0x80 // version
	sum[8] = sum[8]&0x3f | 0x80 // variant
	text := hex.EncodeToString(sum[:16])
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}
