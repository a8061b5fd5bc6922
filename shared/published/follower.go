// Package published follows the catalogue that an operator publishes, so that a new version is used within a minute and
// without a deployment.
//
//	catalogue/current.json ──▶ which release ──▶ catalogue/<digest>.snapshot ──▶ what a function makes of it
//
// A release that is damaged, of another country or format, or of which nothing can be made, is refused: the one in use
// stays, and CatalogueTrouble is counted until the operator has published another. A function that has just started
// then takes the latest former release that is good, and with none the pack in its own program, which is also what there
// is before anything was published.
package published

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/miict/immerse/shared/bucket"
	"github.com/miict/immerse/shared/snapshot"
	"github.com/miict/immerse/shared/telemetry"
)

// Bucket reads objects. *bucket.Bucket is the real one.
type Bucket interface {
	// Get reads an object. The error wraps bucket.ErrUnchanged if it still has the ETag, and bucket.ErrAbsent if it isn't
	// there or may not be read.
	Get(ctx context.Context, key, etag string, most int64) (bucket.Object, error)
	// Range reads exactly length bytes from an offset on.
	Range(ctx context.Context, key string, offset, length int64) ([]byte, error)
}

// MaxAge is how long a function relies on what it knows before it asks again whether there is a new release.
const MaxAge = 45 * time.Second

// An Edition is what was made of a release. Digest is empty for the pack in the program.
type Edition[T any] struct {
	Digest string
	Made   T
}

// A Follower gives the current edition. All fields are required. Its methods may be called at the same time.
type Follower[T any] struct {
	Bucket  Bucket
	Country string // ISO 3166-1 alpha-2, in capitals
	// Make makes of a release what the function needs. read fetches sections and checks them; an error of Make's own
	// refuses the release.
	Make func(ctx context.Context, release Release, read Reader) (T, error)
	// Starter is made of the pack in the program.
	Starter func() (T, error)
	MaxAge  time.Duration
	Now     func() time.Time
	Log     *slog.Logger

	mu       sync.Mutex
	pointer  Pointer
	etag     string
	asked    time.Time
	has      bool
	edition  Edition[T]
	starter  *Edition[T]
	former   *Edition[T] // the last one that was asked for by its digest
	refused  error       // why the current release isn't in use
	problems error       // of the pointer itself
}

// A Reader reads sections of a release, which lie one behind the other.
type Reader func(names ...string) (map[string][]byte, error)

// Current gives what is to be used now. It asks the bucket at most every MaxAge. An error means that nothing is known:
// the bucket can't be reached and the function has only just started.
func (f *Follower[T]) Current(ctx context.Context) (Edition[T], error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.current(ctx)
}

func (f *Follower[T]) current(ctx context.Context) (Edition[T], error) {
	if f.has && f.Now().Sub(f.asked) < f.MaxAge {
		return f.edition, nil
	}
	err := f.ask(ctx)
	if err != nil && !f.has {
		f.trouble(err)
		return Edition[T]{}, err
	}
	for _, problem := range []error{err, f.problems, f.refused} {
		if problem != nil {
			f.trouble(problem)
			break
		}
	}
	return f.edition, nil
}

// ask looks at the pointer and follows it. The error is one of reaching the bucket: what is wrong with what it holds is
// kept in problems and refused.
func (f *Follower[T]) ask(ctx context.Context) error {
	f.asked = f.Now() // what is learned is as old as this, however long it takes
	object, err := f.Bucket.Get(ctx, PointerKey, f.etag, MostPointer)
	switch {
	case errors.Is(err, bucket.ErrUnchanged):
		return nil
	case errors.Is(err, bucket.ErrAbsent), errors.Is(err, bucket.ErrTooLarge):
		f.problems, f.etag = fmt.Errorf("no catalogue is published: %w", err), ""
		return f.start()
	case err != nil:
		return err
	}
	pointer, err := ParsePointer(object.Body)
	if err != nil {
		f.problems, f.etag = err, object.ETag
		return f.start()
	}
	if err := f.follow(ctx, pointer); err != nil {
		return err
	}
	f.problems, f.pointer, f.etag = nil, pointer, object.ETag
	return nil
}

// start uses the pack in the program if there is nothing better.
func (f *Follower[T]) start() error {
	if f.has {
		return nil
	}
	starter, err := f.fromPack()
	if err == nil {
		f.use(starter)
	}
	return err
}

func (f *Follower[T]) use(edition Edition[T]) {
	if f.has && edition.Digest != f.edition.Digest {
		kept := f.edition
		f.former = &kept
	}
	f.edition, f.has = edition, true
}

func (f *Follower[T]) fromPack() (Edition[T], error) {
	if f.starter == nil {
		made, err := f.Starter()
		if err != nil {
			return Edition[T]{}, err
		}
		f.starter = &Edition[T]{Made: made}
	}
	return *f.starter, nil
}

// follow uses the pointer's current release if it is good. Else what is in use stays, and with nothing in use the latest
// former release that is good.
func (f *Follower[T]) follow(ctx context.Context, pointer Pointer) error {
	f.refused = nil
	for i, release := range pointer.All() {
		if f.has && release.Digest == f.edition.Digest {
			return nil
		}
		edition, err := f.load(ctx, release)
		var away unreachable
		if errors.As(err, &away) {
			return err
		}
		if err == nil {
			f.use(edition)
			f.Log.Info("catalogue in use", "catalogue", release.Catalogue, "rules", release.Rules, "snapshot", release.Digest)
			return nil
		}
		if i == 0 {
			f.refused = fmt.Errorf("release %s of catalogue %s is refused: %w", release.Digest, release.Catalogue, err)
		}
		if f.has {
			return nil
		}
	}
	return f.start()
}

// unreachable marks errors that say nothing about a release.
type unreachable struct{ error }

func (u unreachable) Unwrap() error { return u.error }

func (f *Follower[T]) load(ctx context.Context, release Release) (Edition[T], error) {
	if err := release.Check(f.Country); err != nil {
		return Edition[T]{}, err
	}
	made, err := f.Make(ctx, release, func(names ...string) (map[string][]byte, error) {
		return f.sections(ctx, release, names)
	})
	return Edition[T]{release.Digest, made}, err
}

// sections reads neighbouring sections with one request and checks each by its SHA-256.
func (f *Follower[T]) sections(ctx context.Context, release Release, names []string) (map[string][]byte, error) {
	found := make([]snapshot.Section, len(names))
	from, to := release.Size, int64(0)
	for i, name := range names {
		section, err := release.Section(name)
		if err != nil {
			return nil, err
		}
		found[i] = section
		from, to = min(from, section.Offset), max(to, section.Offset+section.Length)
	}
	data, err := f.Bucket.Range(ctx, release.Key(), from, to-from)
	switch {
	case errors.Is(err, bucket.ErrAbsent), errors.Is(err, bucket.ErrTooLarge):
		return nil, err
	case err != nil:
		return nil, unreachable{err}
	}
	sections := make(map[string][]byte, len(names))
	for _, section := range found {
		part := data[section.Offset-from:][:section.Length:section.Length]
		if err := section.Verify(part); err != nil {
			return nil, err
		}
		sections[section.Name] = part
	}
	return sections, nil
}

// ErrGone is for a release that can't be had any more: it is not among the pointer's, or not good any more.
var ErrGone = errors.New("the release can't be had any more")

// Find gives the edition of a certain release, by its digest; empty is the pack in the program. For one that it hasn't heard
// of it looks at the pointer again, however fresh its last look. The error wraps ErrGone, or means that the bucket can't be
// reached.
func (f *Follower[T]) Find(ctx context.Context, digest string) (edition Edition[T], err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if digest == "" {
		return f.fromPack()
	}
	if _, err := f.current(ctx); err != nil {
		return Edition[T]{}, err
	}
	if f.edition.Digest == digest {
		return f.edition, nil
	}
	if f.former != nil && f.former.Digest == digest {
		return *f.former, nil
	}
	release, known := f.pointer.Find(digest)
	if !known { // whoever made something with it may have looked after we did
		if err := f.ask(ctx); err != nil {
			return Edition[T]{}, err
		}
		if f.edition.Digest == digest {
			return f.edition, nil
		}
		if release, known = f.pointer.Find(digest); !known {
			return Edition[T]{}, ErrGone
		}
	}
	edition, err = f.load(ctx, release)
	var away unreachable
	switch {
	case errors.As(err, &away):
		return Edition[T]{}, err
	case err != nil:
		f.trouble(fmt.Errorf("release %s can't be had: %w", digest, err))
		return Edition[T]{}, fmt.Errorf("%w: %w", ErrGone, err)
	}
	f.former = &edition
	return edition, nil
}

// trouble tells the operator. It is said again with each look, so that the alarm lasts as long as its cause.
func (f *Follower[T]) trouble(err error) {
	f.Log.Error("catalogue trouble", "error", err.Error(), "in_use", f.edition.Digest,
		telemetry.CountryMetrics(f.Now(), telemetry.One(telemetry.CatalogueTrouble)))
}
