package vault

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tink-crypto/tink-go/v2/hybrid"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

// A Root is the key pair of one opener as stored: the public keyset in the clear, the private one encrypted by KMS. Other
// packages keep keysets of their own kind in the same way (package ticket); those may have no public part.
type Root struct {
	Opener  Opener
	Public  []byte
	Private []byte
	At      time.Time // when the keyset was made or last changed; zero in those of earlier releases
}

// Roots stores the root keysets. There is one root per opener and country.
type Roots interface {
	// Root reads an opener's root consistently. The error wraps ErrNoRoot if there is none.
	Root(ctx context.Context, opener Opener) (Root, error)
	// CreateRoot stores a new root. The error wraps ErrRootExists if there is one already, which is then unchanged.
	CreateRoot(ctx context.Context, root Root) error
}

// LoadSealer reads the public key of every opener, making the key pairs that are not there yet. The master key encrypts
// new ones; a Sealer never decrypts.
func LoadSealer(ctx context.Context, country string, roots Roots, master tink.AEADWithContext) (*Sealer, error) {
	sealer := &Sealer{country: country, publics: map[Opener]tink.HybridEncrypt{}}
	for _, opener := range Openers {
		root, err := ensureRoot(ctx, country, opener, roots, master)
		if err != nil {
			return nil, err
		}
		if sealer.publics[opener], err = publicOf(root); err != nil {
			return nil, err
		}
	}
	return sealer, nil
}

// LoadRing reads an opener's private keyset and has the master key decrypt it, making the key pair if it is not there
// yet, so that functions may start in any order.
func LoadRing(ctx context.Context, country string, opener Opener, roots Roots, master tink.AEADWithContext) (*Ring, error) {
	root, err := ensureRoot(ctx, country, opener, roots, master)
	if err != nil {
		return nil, fmt.Errorf("reading the root of %s: %w", opener, err)
	}
	return open(ctx, country, root, master)
}

// OpenRing reads an opener's private keyset for a function that works beside that opener and makes none: the error wraps
// ErrNoRoot if there is none yet, and then nothing was ever sealed for it.
func OpenRing(ctx context.Context, country string, opener Opener, roots Roots, master tink.AEADWithContext) (*Ring, error) {
	root, err := roots.Root(ctx, opener)
	if err != nil {
		return nil, fmt.Errorf("reading the root of %s: %w", opener, err)
	}
	return open(ctx, country, root, master)
}

func open(ctx context.Context, country string, root Root, master tink.AEADWithContext) (*Ring, error) {
	opener := root.Opener
	handle, err := keyset.ReadWithContext(ctx, keyset.NewBinaryReader(bytes.NewReader(root.Private)), master, RootContext(country, opener))
	if err != nil {
		return nil, fmt.Errorf("decrypting the root of %s: %w", opener, err)
	}
	private, err := hybrid.NewHybridDecrypt(handle)
	if err != nil {
		return nil, fmt.Errorf("using the root of %s: %w", opener, err)
	}
	return &Ring{country: country, opener: opener, private: private}, nil
}

func ensureRoot(ctx context.Context, country string, opener Opener, roots Roots, master tink.AEADWithContext) (Root, error) {
	return EnsureRoot(ctx, opener, roots, func() (Root, error) { return newRoot(ctx, country, opener, master) })
}

// EnsureRoot reads a root, or makes and stores it if there is none yet, so that functions may start in any order and at
// once: of several that make it the first one's counts for all.
func EnsureRoot(ctx context.Context, opener Opener, roots Roots, makeRoot func() (Root, error)) (Root, error) {
	root, err := roots.Root(ctx, opener)
	if err == nil || !errors.Is(err, ErrNoRoot) {
		return root, err
	}
	if root, err = makeRoot(); err != nil {
		return Root{}, err
	}
	if err := roots.CreateRoot(ctx, root); err == nil || !errors.Is(err, ErrRootExists) {
		return root, err
	}
	return roots.Root(ctx, opener) // another was first: its root counts
}

func newRoot(ctx context.Context, country string, opener Opener, master tink.AEADWithContext) (Root, error) {
	handle, err := keyset.NewHandle(hybrid.DHKEM_X25519_HKDF_SHA256_HKDF_SHA256_AES_256_GCM_Key_Template())
	if err != nil {
		return Root{}, fmt.Errorf("making the root of %s: %w", opener, err)
	}
	public, err := handle.Public()
	if err != nil {
		return Root{}, fmt.Errorf("taking the public keyset of %s: %w", opener, err)
	}
	var publicBytes, privateBytes bytes.Buffer
	if err := public.WriteWithNoSecrets(keyset.NewBinaryWriter(&publicBytes)); err != nil {
		return Root{}, fmt.Errorf("writing the public keyset of %s: %w", opener, err)
	}
	if err := handle.WriteWithContext(ctx, keyset.NewBinaryWriter(&privateBytes), master, RootContext(country, opener)); err != nil {
		return Root{}, fmt.Errorf("encrypting the root of %s: %w", opener, err)
	}
	return Root{Opener: opener, Public: publicBytes.Bytes(), Private: privateBytes.Bytes()}, nil
}
