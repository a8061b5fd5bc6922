package kms

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"maps"
	"slices"

	"github.com/miict/immerse/infra/local/protocol"
)

// A ciphertext is: a version byte, the key's id, a nonce, the sealed text.
const (
	version  = 1
	idEnd    = 1 + 16
	nonceEnd = idEnd + 12
)

func (k *key) aead() cipher.AEAD {
	block, _ := aes.NewCipher(k.material[:]) // 32 bytes is a valid size
	gcm, _ := cipher.NewGCM(block)           // AES has GCM's block size
	return gcm
}

func (k *key) seal(plaintext []byte, context map[string]string) []byte {
	out := make([]byte, nonceEnd, nonceEnd+len(plaintext)+16)
	out[0] = version
	copy(out[1:], k.id[:])
	_, _ = rand.Read(out[idEnd:nonceEnd]) // never fails since Go 1.24
	return k.aead().Seal(out, out[idEnd:nonceEnd], plaintext, additional(context))
}

func (k *key) open(blob []byte, context map[string]string) ([]byte, error) {
	plaintext, err := k.aead().Open(nil, blob[idEnd:nonceEnd], blob[nonceEnd:], additional(context))
	if err != nil {
		return nil, invalid()
	}
	return plaintext, nil
}

// keyOf reads which key a ciphertext is under.
func (s *Server) keyOf(blob []byte) (*key, error) {
	if len(blob) <= nonceEnd || blob[0] != version {
		return nil, invalid()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.keys {
		if bytes.Equal(k.id[:], blob[1:idEnd]) {
			return k, nil
		}
	}
	return nil, invalid()
}

// invalid says no more than KMS does: not whether the text, the key or the context was wrong.
func invalid() error { return &protocol.Error{Type: "InvalidCiphertextException"} }

// additional writes a context so that two different contexts never look the same: sorted, each part with its length.
func additional(context map[string]string) []byte {
	var out []byte
	for _, name := range slices.Sorted(maps.Keys(context)) {
		for _, part := range []string{name, context[name]} {
			out = binary.BigEndian.AppendUint32(out, uint32(len(part))) //nolint:gosec // far below 4 GiB
			out = append(out, part...)
		}
	}
	return out
}
