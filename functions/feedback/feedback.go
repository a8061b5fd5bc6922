// Package feedback hears what became of the mails: SES tells by events, which come late, twice, in any order, and sometimes
// before the hand-over itself is recorded.
//
//	SES's events ─▶ queue ─ every few minutes ─▶ read ─▶ put together by application ─▶ add to the ledger's entries
//	                                                                               ├─▶ an authority's inbox that is dead: recorded, one alert
//	                                                                               └─▶ notification queue: who is behind the authority is asked instead
//
// What is known of a mail is a set that only grows (package referral), so nothing needs an order. The entry of a mail is
// there before SES has it (package notification), so an early event finds it; one whose application is gone is dropped,
// and what this release can't read goes to the dead-letter queue.
//
// Events hold addresses: this queue is the one that does (docs/decisions/0604). They are never logged. Of authorities'
// inboxes the address is kept while it is dead, as the catalogue has it anyway; a person's never is.
package feedback

import (
	"context"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/store"
)

// Sender takes events. *queue.Queue is the real one: when it returns nil, the event is kept.
type Sender interface {
	Send(ctx context.Context, event events.Envelope) error
}

// Store keeps what was heard. *store.Store is the real one.
type Store interface {
	// Application reads an application and its ledger consistently. The error wraps store.ErrNotFound if it isn't there.
	Application(ctx context.Context, reference string) (store.Application, error)
	// Hear adds reports to mails of an application; doing so again changes nothing. The error wraps store.ErrState if a mail
	// has no entry.
	Hear(ctx context.Context, reference string, reports []store.Report) error
	// Digest reads a digest by its key; the zero Digest if it was never begun.
	Digest(ctx context.Context, country, key string) (store.Digest, error)
	// Bury records that an authority's inbox is dead, and tells whether that begins an incident.
	Bury(ctx context.Context, country string, dead store.DeadInbox) (first bool, err error)
}
