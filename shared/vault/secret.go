package vault

import (
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// derive makes a key of its own for each purpose from a secret of at least 100 bits.
func derive(secret []byte, reference, purpose string, size int) ([]byte, error) {
	key, err := hkdf.Key(sha256.New, secret, []byte(reference), "immerse v1 "+purpose, size)
	if err != nil {
		return nil, fmt.Errorf("deriving the %s key: %w", purpose, err)
	}
	return key, nil
}

func derivedCipher(secret []byte, reference, purpose string) (tink.AEAD, error) {
	key, err := derive(secret, reference, purpose, dataKeySize)
	if err != nil {
		return nil, err
	}
	cipher, err := subtle.NewAESGCM(key)
	if err != nil {
		return nil, fmt.Errorf("making the %s cipher: %w", purpose, err)
	}
	return cipher, nil
}

func secretCipher(reference, secret string) (tink.AEAD, error) {
	return derivedCipher([]byte(secret), reference, "person")
}

// checkSize is the length of a secret check, in bytes.
const checkSize = 16

// SecretCheck is what is stored to recognise the secret later, also after the keys are gone. Nothing can be opened with
// it. Compare it in constant time.
func SecretCheck(reference, secret string) ([]byte, error) {
	return derive([]byte(secret), reference, "check", checkSize)
}

// SealAnswer hides the secret so that only the same request gets it again: it opens with the same idempotency key and
// the same canonical body, and with nothing else we hold.
func SealAnswer(key string, body []byte, reference, secret string) ([]byte, error) {
	cipher, err := answerCipher(key, body, reference)
	if err != nil {
		return nil, err
	}
	sealed, err := cipher.Encrypt([]byte(secret), []byte(reference))
	if err != nil {
		return nil, fmt.Errorf("sealing the answer of %s: %w", reference, err)
	}
	return sealed, nil
}

// OpenAnswer gives the secret of the first answer back. The error wraps ErrSealed if the key or the body is another.
func OpenAnswer(key string, body []byte, reference string, sealed []byte) (secret string, err error) {
	cipher, err := answerCipher(key, body, reference)
	if err != nil {
		return "", err
	}
	plaintext, err := cipher.Decrypt(sealed, []byte(reference))
	if err != nil {
		return "", fmt.Errorf("opening the answer of %s: %w", reference, ErrSealed)
	}
	return string(plaintext), nil
}

// answerCipher takes the length of the key in front of it, so that no other pair of key and body gives the same bytes.
func answerCipher(key string, body []byte, reference string) (tink.AEAD, error) {
	request := append(fmt.Appendf(nil, "%d|%s|", len(key), key), body...)
	return derivedCipher(request, reference, "answer")
}
