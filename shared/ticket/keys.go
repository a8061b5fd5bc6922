package ticket

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/mac"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/miict/immerse/shared/vault"
)

// Opener is the name that the links' keyset has among the roots: what IAM policies call it.
const Opener vault.Opener = "links"

// Keys are changed from time to time: the newest signs, all verify. A keyset keeps as many as outlive every link, at
// most a year's worth at one each quarter.
const (
	renewAfter = 90 * 24 * time.Hour
	keep       = 5
)

// reloadPause is how long a keyset is trusted to be the newest when a token names a key that is not in it. The key may
// have been made since; tokens that somebody made up must not cost a KMS call each.
const reloadPause = 5 * time.Second

// Roots stores keysets, as vault.Roots does.
type Roots interface {
	vault.Roots
	// ReplaceRoot puts a root in the place of the one that was read, unless that has changed since.
	ReplaceRoot(ctx context.Context, old, root vault.Root) error
}

// Load reads the keyset of a country's links, making it if it is not there yet. The master key decrypts it.
func Load(ctx context.Context, country string, roots vault.Roots, master tink.AEADWithContext, now func() time.Time) (*Book, error) {
	return load(ctx, &keys{country: country, roots: roots, master: master, now: now, makes: true})
}

// Follow reads the keyset for somebody who makes no links. While there is none, there is no link: every token is refused,
// and forms can't be made.
func Follow(ctx context.Context, country string, roots vault.Roots, master tink.AEADWithContext, now func() time.Time) (*Book, error) {
	return load(ctx, &keys{country: country, roots: roots, master: master, now: now, loaded: none{}})
}

func load(ctx context.Context, k *keys) (*Book, error) {
	if err := k.load(ctx); err != nil {
		return nil, err
	}
	return &Book{country: k.country, now: k.now, keys: k}, nil
}

// none is the MAC of no keys.
type none struct{}

var errNoKeys = errors.New("there are no keys of links")

func (none) ComputeMAC([]byte) ([]byte, error) { return nil, errNoKeys }
func (none) VerifyMAC(_, _ []byte) error       { return errNoKeys }

// Renew gives the keyset a new key to sign with when the newest is older than a quarter of a year; links that were signed
// with the former ones stay good. Whoever signs calls it when it starts, before Load. If two do so at once, one's counts.
func Renew(ctx context.Context, country string, roots Roots, master tink.AEADWithContext, now time.Time) error {
	old, err := roots.Root(ctx, Opener)
	switch {
	case err != nil:
		return nil //nolint:nilerr // there is none yet, which Load makes; or there is a trouble, which Load meets
	case now.Sub(old.At) < renewAfter:
		return nil
	}
	k := &keys{country: country, roots: roots, master: master}
	handle, err := k.open(ctx, old)
	if err != nil {
		return err
	}
	if handle, err = withNewKey(handle); err != nil {
		return fmt.Errorf("renewing the key of links: %w", err)
	}
	root, err := k.close(ctx, handle, now)
	if err != nil {
		return err
	}
	if err := roots.ReplaceRoot(ctx, old, root); err != nil {
		if newer, readErr := roots.Root(ctx, Opener); readErr == nil && now.Sub(newer.At) < renewAfter {
			return nil // another was first
		}
		return err
	}
	return nil
}

// keys are the country's keyset, as far as it is known here.
type keys struct {
	country string
	roots   vault.Roots
	master  tink.AEADWithContext
	now     func() time.Time
	makes   bool // a keyset, if there is none

	mu     sync.Mutex
	ids    []uint32
	loaded tink.MAC
	at     time.Time
}

func (k *keys) mac() tink.MAC {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.loaded
}

// macFor is the keyset's MAC once it can verify with the key of this id, or else as it is.
func (k *keys) macFor(ctx context.Context, id uint32) (tink.MAC, error) {
	k.mu.Lock()
	known := slices.Contains(k.ids, id) || len(k.ids) > 0 && k.now().Sub(k.at) < reloadPause
	k.mu.Unlock()
	if !known {
		if err := k.load(ctx); err != nil {
			return nil, err
		}
	}
	return k.mac(), nil
}

func (k *keys) load(ctx context.Context) error {
	root, err := k.root(ctx)
	if errors.Is(err, vault.ErrNoRoot) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the keys of links: %w", err)
	}
	handle, err := k.open(ctx, root)
	if err != nil {
		return err
	}
	loaded, err := mac.New(handle)
	if err != nil {
		return fmt.Errorf("using the keys of links: %w", err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.loaded, k.ids, k.at = loaded, ids(handle), k.now()
	return nil
}

func (k *keys) root(ctx context.Context) (vault.Root, error) {
	if !k.makes {
		return k.roots.Root(ctx, Opener)
	}
	return vault.EnsureRoot(ctx, Opener, k.roots, func() (vault.Root, error) { return k.make(ctx) })
}

func (k *keys) make(ctx context.Context) (vault.Root, error) {
	handle, err := keyset.NewHandle(mac.HMACSHA256Tag128KeyTemplate())
	if err != nil {
		return vault.Root{}, fmt.Errorf("making the key of links: %w", err)
	}
	return k.close(ctx, handle, k.now())
}

// open decrypts a keyset, close encrypts one.
func (k *keys) open(ctx context.Context, root vault.Root) (*keyset.Handle, error) {
	handle, err := keyset.ReadWithContext(ctx, keyset.NewBinaryReader(bytes.NewReader(root.Private)), k.master, vault.RootContext(k.country, Opener))
	if err != nil {
		return nil, fmt.Errorf("decrypting the keys of links: %w", err)
	}
	return handle, nil
}

func (k *keys) close(ctx context.Context, handle *keyset.Handle, at time.Time) (vault.Root, error) {
	var out bytes.Buffer
	if err := handle.WriteWithContext(ctx, keyset.NewBinaryWriter(&out), k.master, vault.RootContext(k.country, Opener)); err != nil {
		return vault.Root{}, fmt.Errorf("encrypting the keys of links: %w", err)
	}
	return vault.Root{Opener: Opener, Private: out.Bytes(), At: at.UTC().Truncate(time.Second)}, nil
}

// withNewKey adds a key that signs from now on, and drops the oldest when there are too many. Keys stand in the order in
// which they were added.
func withNewKey(handle *keyset.Handle) (*keyset.Handle, error) {
	known := ids(handle)
	manager := keyset.NewManagerFromHandle(handle)
	id, err := manager.Add(mac.HMACSHA256Tag128KeyTemplate())
	if err != nil {
		return nil, err
	}
	if err := manager.SetPrimary(id); err != nil {
		return nil, err
	}
	for _, oldest := range known[:max(0, len(known)+1-keep)] {
		if err := manager.Delete(oldest); err != nil {
			return nil, err
		}
	}
	return manager.Handle()
}

func ids(handle *keyset.Handle) []uint32 {
	var all []uint32
	for i := range handle.Len() {
		if entry, err := handle.Entry(i); err == nil { // the index is in range
			all = append(all, entry.KeyID())
		}
	}
	return all
}
