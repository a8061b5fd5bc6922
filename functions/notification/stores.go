package notification

import (
	"context"
	"time"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/places"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
)

// Applications reads what is to be told. *store.Store is the real one.
type Applications interface {
	// Application reads an application and its ledger consistently. The error wraps store.ErrNotFound if it isn't there:
	// it was erased, or its time is over.
	Application(ctx context.Context, reference string) (store.Application, error)
	// Keys reads a person's keys consistently. The error wraps store.ErrNotFound if they are gone: the person is erased
	// and nothing about them can be read any more.
	Keys(ctx context.Context, id string) (vault.Keys, error)
	// Waits records in the sealed result of an application, as it was read, which services have no place. Doing it twice is the
	// same as once. The error wraps store.ErrState if the application has changed since.
	Waits(ctx context.Context, found store.Application, result []byte, at time.Time) error
}

// Places holds places at services that count them. *places.Places is the real one.
type Places interface {
	// Reserve holds a place for an application until a time; again gives the same. The error wraps places.ErrFull if none
	// is left.
	Reserve(ctx context.Context, c places.Claim) (places.Reservation, error)
	// Keep makes a place outlast its end, until another: the authority has accepted. Again changes nothing.
	Keep(ctx context.Context, service, reference string, until time.Time) error
	// Release gives a place back, if it is held; again changes nothing.
	Release(ctx context.Context, service, reference string, offered int) (places.Standing, error)
}

// Sender hands an event to a queue; after nil, it is kept. *queue.Queue is the real one.
type Sender interface {
	Send(ctx context.Context, event events.Envelope) error
}

// Outbox remembers how far each mail is, so that it is sent once. Every call is one conditional write, and doing it twice
// is the same as once; an error that is none of those named leaves it open whether the write took effect. *store.Store is
// the real one.
type Outbox interface {
	// Claim takes an application's ledger, as it was read, and posts to it. The error wraps store.ErrMailClaimed if
	// another holds it beyond now, or has held it since.
	Claim(ctx context.Context, found store.Ledger, c store.Claim, now time.Time, p store.Posting) error
	// Post writes what the holder of the ledger did and does next. The error wraps store.ErrState if another holds it.
	Post(ctx context.Context, c store.Claim, p store.Posting) error
}

// Catalogue says what the mails say about services. *published.Library is the real one.
type Catalogue interface {
	// Facts are those of the release that an application was matched with, by its digest; empty is the pack. They are the
	// same each time. The error means that they can't be had just now.
	Facts(ctx context.Context, digest string) (published.Facts, error)
	// Current are those of the release that is current. The error is as that of Facts.
	Current(ctx context.Context) (published.Current, error)
}

// Ring opens what the person's keys let notification open: the contact and the result, never the profile.
// *vault.Ring is the real one.
type Ring interface {
	// Person unwraps the keys. The error wraps vault.ErrSealed if they are not for this opener or this application.
	Person(reference string, keys vault.Keys) (*vault.Person, error)
	// Release wraps the key of a part for another opener, to be used for one organization.
	Release(reference string, keys vault.Keys, part vault.Part, to *vault.Receiver, organization string) ([]byte, error)
}
