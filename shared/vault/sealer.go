package vault

import (
	"crypto/rand"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/tink"
)

// A Sealer makes the keys of new people. It is what intake holds: public keys only.
type Sealer struct {
	country string
	publics map[Opener]tink.HybridEncrypt
}

// NewPerson makes the data keys for an application, wraps each for its openers and for the secret, and returns the
// person to seal the parts with, and the keys to store.
func (s *Sealer) NewPerson(reference, secret string) (*Person, Keys, error) {
	p := newPerson(s.country, reference)
	keys := Keys{ID: rand.Text(), Wraps: map[string][]byte{}}
	bySecret, err := secretCipher(reference, secret)
	if err != nil {
		return nil, Keys{}, err
	}
	for _, part := range parts {
		dataKey := newDataKey()
		if err := p.add(part, dataKey); err != nil {
			return nil, Keys{}, err
		}
		if err := s.wrap(keys, reference, part, dataKey); err != nil {
			return nil, Keys{}, err
		}
		wrapped, err := bySecret.Encrypt(dataKey, bindTo(s.country, reference, part, person))
		if err != nil {
			return nil, Keys{}, fmt.Errorf("wrapping the key of %s for the person: %w", part, err)
		}
		keys.Wraps[wrapName(part, person)] = wrapped
	}
	return p, keys, nil
}

// wrap adds the data key of a part, wrapped for each function that may open it.
func (s *Sealer) wrap(keys Keys, reference string, part Part, dataKey []byte) error {
	for _, opener := range mayOpen[part] {
		wrapped, err := s.publics[opener].Encrypt(dataKey, bindTo(s.country, reference, part, opener))
		if err != nil {
			return fmt.Errorf("wrapping the key of %s for %s: %w", part, opener, err)
		}
		keys.Wraps[wrapName(part, opener)] = wrapped
	}
	return nil
}
