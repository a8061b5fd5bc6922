package vault

import (
	"crypto/rand"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// A Person seals and opens the parts of one application, as far as its holder has the keys.
type Person struct {
	country, reference string
	ciphers            map[Part]tink.AEAD
}

// Seal encrypts a part. The error wraps ErrSealed if the holder may not.
func (p *Person) Seal(part Part, plaintext []byte) ([]byte, error) {
	cipher, ok := p.ciphers[part]
	if !ok {
		return nil, fmt.Errorf("sealing %s of %s: %w", part, p.reference, ErrSealed)
	}
	sealed, err := cipher.Encrypt(plaintext, bindTo(p.country, p.reference, part, ""))
	if err != nil {
		return nil, fmt.Errorf("sealing %s of %s: %w", part, p.reference, err)
	}
	return sealed, nil
}

// Open decrypts a part. The error wraps ErrSealed if the holder may not, or if the ciphertext is another's or changed.
func (p *Person) Open(part Part, sealed []byte) ([]byte, error) {
	cipher, ok := p.ciphers[part]
	if !ok {
		return nil, fmt.Errorf("opening %s of %s: %w", part, p.reference, ErrSealed)
	}
	plaintext, err := cipher.Decrypt(sealed, bindTo(p.country, p.reference, part, ""))
	if err != nil {
		return nil, fmt.Errorf("opening %s of %s: %w", part, p.reference, ErrSealed)
	}
	return plaintext, nil
}

// SealJSON encrypts a part that is JSON.
func (p *Person) SealJSON(part Part, value any) ([]byte, error) {
	plaintext, err := pack(value)
	if err != nil {
		return nil, fmt.Errorf("writing the %s of %s: %w", part, p.reference, err)
	}
	return p.Seal(part, plaintext)
}

// OpenJSON decrypts a part that is JSON into out. The error says nothing about what the part holds: errors get into
// logs.
func (p *Person) OpenJSON(part Part, sealed []byte, out any) error {
	plaintext, err := p.Open(part, sealed)
	if err != nil {
		return err
	}
	if unpack(plaintext, out) != nil {
		return fmt.Errorf("the %s of %s has another shape", part, p.reference)
	}
	return nil
}

func (p *Person) add(part Part, dataKey []byte) error {
	cipher, err := subtle.NewAESGCM(dataKey)
	if err != nil {
		return fmt.Errorf("data key of %s of %s: %w", part, p.reference, err)
	}
	p.ciphers[part] = cipher
	return nil
}

func newPerson(country, reference string) *Person {
	return &Person{country: country, reference: reference, ciphers: map[Part]tink.AEAD{}}
}

// dataKeySize is AES-256's, in bytes.
const dataKeySize = 32

func newDataKey() []byte {
	key := make([]byte, dataKeySize)
	rand.Read(key)
	return key
}
