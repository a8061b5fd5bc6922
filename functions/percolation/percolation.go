// Package percolation finds those for whom a service is that was added or has places again, so that nobody who was told
// "nothing yet" is forgotten.
//
//	percolation queue ── places.over.v1 ─────────▶ services that have a place again ─▶ catalogue.changed.v1 to itself
//	percolation queue ── catalogue.changed.v1 ──▶ a page of the open applications ─▶ open ─▶ whom are the services for?
//	        ▲                                                                                        │ add to the result
//	        └── where to go on ◀──────────────┴── application.matched.v1 ──▶ notification queue ◀────┘
//
// It has a queue of its own: however many wait, somebody who applies now never waits behind them. It opens profiles with
// the root keyset of matching, as matching does, and never the contact. A page of profiles becomes an index that is asked
// by services (package percolate); it lives as long as the message.
//
// Everything may happen twice, and stop anywhere. A match that an application has is not added again; what was added is told
// by notification once, as it remembers each mail. An application whose mails are still on their way is looked at again
// later, and so are those that were matched while this went on, as they may have met the former catalogue. An erased
// application has no keys, and is left alone.
//
//	percolation queue ── referral.unmet.v1 ──▶ one application ─▶ the next-best service, as a further round (next.go)
//
// Files: handler.go (a message), look.go (a page), add.go (one application), over.go (places that nobody gave back),
// next.go, catalogue.go.
package percolation

import (
	"context"
	"time"

	immerse "github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/places"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
)

// Store lists open applications, reads them consistently and adds matches. *store.Store is the real one.
type Store interface {
	// Open lists a page of open applications behind a place; more tells whether others follow.
	Open(ctx context.Context, country, after string, limit int32) (page []store.OpenEntry, more bool, err error)
	// Unlist deletes an entry that its application doesn't confirm.
	Unlist(ctx context.Context, country string, entry store.OpenEntry) error
	// Application returns store.ErrNotFound if its time is over.
	Application(ctx context.Context, reference string) (store.Application, error)
	// Keys returns store.ErrNotFound if the application was erased.
	Keys(ctx context.Context, id string) (vault.Keys, error)
	// MatchedAgain returns store.ErrState if the application has changed since it was read, or isn't notified.
	MatchedAgain(ctx context.Context, found store.Application, a store.Addition) error
}

// Places tells whether services have places. *places.Places is the real one.
type Places interface {
	// WaitingTold says that those who wait for a place are about to be told.
	WaitingTold(ctx context.Context, service string) error
	// Standing reads how a service stands; offered is what the catalogue says.
	Standing(ctx context.Context, service string, offered int) (places.Standing, error)
	// Release gives a place back, if it is held; again changes nothing.
	Release(ctx context.Context, service, reference string, offered int) (places.Standing, error)
}

// Ring opens the parts that matching may open. *vault.Ring is the real one.
type Ring interface {
	Person(reference string, keys vault.Keys) (*vault.Person, error)
}

// Sender hands an event to a queue; after nil, it is kept. *queue.Queue is the real one.
type Sender interface {
	Send(ctx context.Context, event immerse.Envelope) error
	SendLater(ctx context.Context, event immerse.Envelope, after time.Duration) error
}
