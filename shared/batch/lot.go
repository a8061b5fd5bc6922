package batch

import (
	"crypto/sha256"
	"encoding/binary"
)

// Lot is what decides between equals: the lower one goes first. It is the first 40 bits of the SHA-256 of the batch's id,
// the reference and the service's id, a line each: nobody's doing, the same whenever it is drawn, and for anyone to draw
// again. When somebody applied has no part in it.
func Lot(batch, reference, service string) int64 {
	sum := sha256.Sum256([]byte(batch + "\n" + reference + "\n" + service))
	return int64(binary.BigEndian.Uint64(sum[:8]) >> 24)
}
