package published

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/snapshot"
)

// Facts are what mails and pages say about services and organizations.
type Facts interface {
	// Service finds a service by its id; ok is false if there is none.
	Service(id string) (service *hsds.Service, ok bool)
	// Organization finds an organization by its id; ok is false if there is none.
	Organization(id string) (organization *hsds.Organization, ok bool)
	// Inboxes are the addresses of all organizations that get mail.
	Inboxes() []string
	// Instead tells whether these stand in for a release that can't be had: what they don't know may exist all the same.
	Instead() bool
}

// A Library gives the facts of any release. NewLibrary makes one.
type Library struct {
	follower *Follower[Current]
	pack     Current
}

// NewLibrary makes a Library that follows what a country publishes. Until something is published, and for what no release
// knows, there is the pack.
func NewLibrary(b Bucket, pack *country.Pack, maxAge time.Duration, now func() time.Time, log *slog.Logger) *Library {
	l := &Library{pack: packFacts{pack}}
	l.follower = &Follower[Current]{
		Bucket: b, Country: pack.Code, MaxAge: maxAge, Now: now, Log: log,
		Starter: func() (Current, error) { return l.pack, nil },
		Make: func(_ context.Context, release Release, read Reader) (Current, error) {
			sections, err := read(snapshot.Documents)
			if err != nil {
				return nil, err
			}
			directory, err := snapshot.OpenDocuments(sections[snapshot.Documents])
			if err != nil {
				return nil, err
			}
			events, err := snapshot.EventsIn(release.Manifest, read)
			return &directoryFacts{Directory: directory, events: events}, err
		},
	}
	return l
}

// Facts gives those of the release that a match was made with, by its digest (empty: the pack), and behind them, for what
// that does not know or when it can't be had any more, those of the current release and of the pack. The error means that
// the bucket can't be reached: then what will be known in a moment would be missing.
func (l *Library) Facts(ctx context.Context, digest string) (Facts, error) {
	var all []Facts
	made, err := l.follower.Find(ctx, digest)
	switch {
	case err == nil:
		all = append(all, made.Made)
	case !errors.Is(err, ErrGone):
		return nil, fmt.Errorf("the facts of release %s: %w", digest, err)
	}
	current, trouble := l.follower.Current(ctx)
	if trouble != nil {
		return nil, fmt.Errorf("the facts of the current release: %w", trouble)
	}
	return layers{append(all, current.Made, l.pack), err != nil}, nil
}

// Pack gives the facts of the pack in the program.
func (l *Library) Pack() Facts { return l.pack }

// OfPack are the facts of a pack.
func OfPack(pack *country.Pack) Current { return packFacts{pack} }

type packFacts struct{ *country.Pack }

func (p packFacts) Inboxes() []string {
	var all []string
	for i := range p.Organizations {
		if x := p.Organizations[i].Immerse; x != nil && x.Inbox != "" {
			all = append(all, x.Inbox)
		}
	}
	return all
}

func (packFacts) Instead() bool { return false }

// directoryFacts are those of a snapshot. Inboxes are gathered once: each organization is compressed by itself.
type directoryFacts struct {
	*snapshot.Directory
	once    sync.Once
	inboxes []string
	events  []hsds.Service
}

func (d *directoryFacts) Inboxes() []string {
	d.once.Do(func() {
		for id := range d.All(snapshot.KindOrganization) {
			if o, ok := d.Organization(id); ok && o.Immerse != nil && o.Immerse.Inbox != "" {
				d.inboxes = append(d.inboxes, o.Immerse.Inbox)
			}
		}
	})
	return d.inboxes
}

func (*directoryFacts) Instead() bool { return false }

// layers are facts one behind the other: the first that knows something says it.
type layers struct {
	all     []Facts
	instead bool
}

func (l layers) Instead() bool { return l.instead }

func (l layers) Service(id string) (*hsds.Service, bool) {
	for _, facts := range l.all {
		if service, ok := facts.Service(id); ok {
			return service, true
		}
	}
	return nil, false
}

func (l layers) Organization(id string) (*hsds.Organization, bool) {
	for _, facts := range l.all {
		if organization, ok := facts.Organization(id); ok {
			return organization, true
		}
	}
	return nil, false
}

func (l layers) Inboxes() []string {
	var all []string
	for _, facts := range l.all {
		all = append(all, facts.Inboxes()...)
	}
	return all
}
