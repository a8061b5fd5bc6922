package vault

import (
	"bytes"
	"context"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/hybrid"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// A Receiver is an opener that parts can be released to: its public key.
type Receiver struct {
	opener Opener
	public tink.HybridEncrypt
}

// LoadReceiver reads the public key of an opener. The error wraps ErrNoRoot if it was never made.
func LoadReceiver(ctx context.Context, opener Opener, roots Roots) (*Receiver, error) {
	root, err := roots.Root(ctx, opener)
	if err != nil {
		return nil, fmt.Errorf("reading the root of %s: %w", opener, err)
	}
	public, err := publicOf(root)
	if err != nil {
		return nil, err
	}
	return &Receiver{opener, public}, nil
}

func publicOf(root Root) (tink.HybridEncrypt, error) {
	handle, err := keyset.ReadWithNoSecrets(keyset.NewBinaryReader(bytes.NewReader(root.Public)))
	if err != nil {
		return nil, fmt.Errorf("reading the public keyset of %s: %w", root.Opener, err)
	}
	public, err := hybrid.NewHybridEncrypt(handle)
	if err != nil {
		return nil, fmt.Errorf("using the public keyset of %s: %w", root.Opener, err)
	}
	return public, nil
}

// purposeOf names an opener acting for one organization: a key released for one is none for another.
func purposeOf(opener Opener, organization string) Opener { return opener + "/" + Opener(organization) }

// WrapName is the name under which a person's keys hold what Release made.
func WrapName(part Part, opener Opener, organization string) string {
	return wrapName(part, purposeOf(opener, organization))
}

// Release wraps the data key of a part for another opener, to be used for one organization, and gives it for the person's
// keys under WrapName. Until that is stored the receiver has nothing that opens the part, whatever it may read; when the
// person's keys are deleted, what was released is gone with them. The error wraps ErrSealed if this opener may not open
// the part, or not release it to that receiver.
func (r *Ring) Release(reference string, keys Keys, part Part, to *Receiver, organization string) (wrapped []byte, err error) {
	if mayRelease[part] != to.opener || !opens(r.opener, part) {
		return nil, fmt.Errorf("releasing %s of %s to %s: %w", part, reference, to.opener, ErrSealed)
	}
	dataKey, err := r.private.Decrypt(keys.Wraps[wrapName(part, r.opener)], bindTo(r.country, reference, part, r.opener))
	if err != nil {
		return nil, fmt.Errorf("unwrapping the key of %s of %s: %w", part, reference, ErrSealed)
	}
	purpose := purposeOf(to.opener, organization)
	if wrapped, err = to.public.Encrypt(dataKey, bindTo(r.country, reference, part, purpose)); err != nil {
		return nil, fmt.Errorf("wrapping the key of %s for %s: %w", part, purpose, err)
	}
	return wrapped, nil
}

// Released tells whether a part was released to this opener for an organization.
func (r *Ring) Released(keys Keys, part Part, organization string) bool {
	return len(keys.Wraps[WrapName(part, r.opener, organization)]) > 0
}

// OpenReleased unwraps the data key of one part that was released for an organization. The error wraps ErrSealed if it was
// not.
func (r *Ring) OpenReleased(reference string, keys Keys, part Part, organization string) (*Person, error) {
	purpose := purposeOf(r.opener, organization)
	dataKey, err := r.private.Decrypt(keys.Wraps[wrapName(part, purpose)], bindTo(r.country, reference, part, purpose))
	if err != nil {
		return nil, fmt.Errorf("unwrapping the released key of %s of %s: %w", part, reference, ErrSealed)
	}
	p := newPerson(r.country, reference)
	return p, p.add(part, dataKey)
}
