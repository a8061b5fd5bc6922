package vault

import (
	"fmt"

	"github.com/tink-crypto/tink-go/v2/tink"
)

// A Ring holds one opener's private root keyset, and with it the parts that this opener may open.
type Ring struct {
	country string
	opener  Opener
	private tink.HybridDecrypt
}

// Person unwraps the data keys of all parts that this opener may open. The error wraps ErrSealed if one doesn't unwrap.
func (r *Ring) Person(reference string, keys Keys) (*Person, error) {
	unwrap := func(wrapped []byte, part Part) ([]byte, error) {
		return r.private.Decrypt(wrapped, bindTo(r.country, reference, part, r.opener))
	}
	return unwrapAll(r.country, reference, keys, r.opener, unwrap)
}

// PersonBySecret unwraps the data keys of all parts with the person's own secret. The error wraps ErrSealed if the
// secret is another one.
func PersonBySecret(country, reference string, keys Keys, secret string) (*Person, error) {
	cipher, err := secretCipher(reference, secret)
	if err != nil {
		return nil, err
	}
	unwrap := func(wrapped []byte, part Part) ([]byte, error) {
		return cipher.Decrypt(wrapped, bindTo(country, reference, part, person))
	}
	return unwrapAll(country, reference, keys, person, unwrap)
}

// unwrapAll unwraps what there is for the opener. A part that has come since an application was sealed has no wrap
// there, and stays closed.
func unwrapAll(country, reference string, keys Keys, opener Opener, unwrap func([]byte, Part) ([]byte, error)) (*Person, error) {
	p := newPerson(country, reference)
	for _, part := range parts {
		wrapped := keys.Wraps[wrapName(part, opener)]
		if opener != person && !opens(opener, part) || part == Dialogue && wrapped == nil {
			continue
		}
		dataKey, err := unwrap(wrapped, part)
		if err != nil {
			return nil, fmt.Errorf("unwrapping the key of %s of %s: %w", part, reference, ErrSealed)
		}
		if err := p.add(part, dataKey); err != nil {
			return nil, err
		}
	}
	return p, nil
}
