// Package vaulttest gives tests a vault without AWS: real cryptography under a master key and roots kept in memory.
package vaulttest

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/miict/immerse/shared/vault"
)

// A Vault holds the roots of one country.
type Vault struct {
	Country string
	master  master

	mu    sync.Mutex
	roots map[vault.Opener]vault.Root
}

// New makes an empty vault.
func New(t testing.TB, country string) *Vault {
	t.Helper()
	cipher, err := subtle.NewAESGCM(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	return &Vault{Country: country, master: master{cipher}, roots: map[vault.Opener]vault.Root{}}
}

// Sealer is what intake would hold.
func (v *Vault) Sealer(t testing.TB) *vault.Sealer {
	t.Helper()
	sealer, err := vault.LoadSealer(t.Context(), v.Country, v, v.master)
	if err != nil {
		t.Fatal(err)
	}
	return sealer
}

// Ring is what the opener would hold.
func (v *Vault) Ring(t testing.TB, opener vault.Opener) *vault.Ring {
	t.Helper()
	ring, err := vault.LoadRing(t.Context(), v.Country, opener, v, v.master)
	if err != nil {
		t.Fatal(err)
	}
	return ring
}

// Root implements vault.Roots.
func (v *Vault) Root(_ context.Context, opener vault.Opener) (vault.Root, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	root, ok := v.roots[opener]
	if !ok {
		return vault.Root{}, fmt.Errorf("%s: %w", opener, vault.ErrNoRoot)
	}
	return root, nil
}

// CreateRoot implements vault.Roots.
func (v *Vault) CreateRoot(_ context.Context, root vault.Root) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if _, ok := v.roots[root.Opener]; ok {
		return fmt.Errorf("%s: %w", root.Opener, vault.ErrRootExists)
	}
	v.roots[root.Opener] = root
	return nil
}

// ReplaceRoot does what store.Store's does.
func (v *Vault) ReplaceRoot(_ context.Context, old, root vault.Root) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if now := v.roots[root.Opener].Private; !bytes.Equal(now, old.Private) && !bytes.Equal(now, root.Private) {
		return fmt.Errorf("%s was changed by another", root.Opener)
	}
	v.roots[root.Opener] = root
	return nil
}

// Master is the country's key.
func (v *Vault) Master() tink.AEADWithContext { return v.master }

// master stands for KMS.
type master struct{ cipher tink.AEAD }

func (m master) EncryptWithContext(_ context.Context, plaintext, associatedData []byte) ([]byte, error) {
	return m.cipher.Encrypt(plaintext, associatedData)
}

func (m master) DecryptWithContext(_ context.Context, ciphertext, associatedData []byte) ([]byte, error) {
	return m.cipher.Decrypt(ciphertext, associatedData)
}
