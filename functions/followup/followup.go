// Package followup sees to it that no referral is forgotten. On a schedule it goes through what is due (package store,
// due.go): it has the authority reminded before its time to answer is over, has it asked elsewhere after, ends the referral
// when nobody answers at all, and in the end erases what is no longer to be kept, with evidence.
//
//	schedule ─▶ sweep ─▶ each appointment that is due ─▶ what is to be done (turn.go)
//	                                                  ├─▶ ledger: expired           (before anybody is told)
//	                                                  ├─▶ notification queue        referral.due.v1
//	                                                  ├─▶ percolation queue         places.over.v1 (also once a day)
//	                                                  └─▶ the next appointment      (then this one is cancelled)
//
// It knows times, ids and states, and can open nothing: the times were worked out by notification, which knows where the
// person lives. A sweep that is stopped anywhere is gone on with by the next: what is done is off the list, and what was half
// done is done again, which notification and the ledger know as the same.
package followup

import (
	"context"
	"time"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/store"
)

// Store keeps what is due and what became of it. *store.Store is the real one; doing anything twice is the same as once.
type Store interface {
	// Application reads an application and its ledger consistently. The error wraps store.ErrNotFound if it isn't there.
	Application(ctx context.Context, reference string) (store.Application, error)
	// Answer records a decision. The error wraps store.ErrState if the referral isn't as it was found.
	Answer(ctx context.Context, step store.Step, answer store.Answer) error
	// Erase makes the personal data of an application unreadable.
	Erase(ctx context.Context, application store.Application, actor string, at time.Time) error
	// Attest keeps the evidence of an erasure.
	Attest(ctx context.Context, country, reference string, at time.Time) error
}

// Agenda is the list of what is due. *store.Store is the real one.
type Agenda interface {
	Appointments(ctx context.Context, country, day string, shard int, after string, limit int32) (page []store.Appointment, next string, err error)
	Appoint(ctx context.Context, country string, a store.Appointment) error
	Cancel(ctx context.Context, country string, a store.Appointment) error
	Swept(ctx context.Context, country string) (store.Sweep, error)
	Sweep(ctx context.Context, country string, at store.Sweep) error
}

// Sender takes events. *queue.Queue is the real one: when it returns nil, the event is kept.
type Sender interface {
	Send(ctx context.Context, event events.Envelope) error
}

// Calendar knows the country's working days. *workdays.Calendar is the real one.
type Calendar interface {
	Working(at time.Time, region string) bool
	Deadline(from time.Time, region string, days int) time.Time
	NextMorning(from time.Time, region string) time.Time
}
