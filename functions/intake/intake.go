// Package intake takes applications in and lets people follow, download and erase them. It answers the HTTP API's
// requests (API Gateway, payload format 2.0).
//
//	POST /api/v1/applications ─▶ read, check ─▶ seal ─▶ message to matching ─▶ write ─▶ 201, or 303 for a browser
//	GET, DELETE /api/v1/applications/{reference}, GET …/export      with the secret as bearer token
//	GET …/confirmation                                              the page that shows the secret, once
//	POST /api/v1/feedback                                           whether a page helped: counted, nothing else
//	GET /api/v1/events, …/{id}, …/{id}/register, …/{id}/calendar    what people can take part in, as pages
//	GET, POST /status                                               the same for people, as pages; and what they can do:
//	                                                                take back, answer a question, say whether it helped
//
// # Nothing is lost, nothing is taken twice
//
// The message goes to matching before the application is written (decision 0501). The write is the one moment from which
// the application counts: before it no one was told that it was taken, and the message alone does nothing; after it
// the message is already in the queue. The reference follows from the idempotency key, and the write is conditional, so
// of many requests with one key one writes and all get its answer.
//
// # Who can read what
//
// Intake holds public keys only. It seals what people send and can open it again only while they show their secret.
//
// Files: handler.go and route.go (a request's way in and out), request.go, response.go; submit.go, accept.go, robots.go
// (taking an application in); person.go (who may see it), case.go, export.go, erase.go (what they see, take, erase);
// confirmation.go, status.go, stands.go, referrals.go, trail.go, written.go, correct.go, pages.go (pages); wish.go, reply.go (what people do about
// their case); events.go, registration.go (what people take part in); helpful.go; config.go.
package intake

import (
	"context"
	"time"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
)

// Applications keeps applications. *store.Store is the real one.
type Applications interface {
	// Application reads an application consistently. The error wraps store.ErrNotFound if there is none.
	Application(ctx context.Context, reference string) (store.Application, error)
	// Create writes the keys and then the application, on condition that there is none of its reference: the error then
	// wraps store.ErrExists. After any other error it is open whether the application was written.
	Create(ctx context.Context, application store.Application, keys vault.Keys) error
	// Erase makes the personal data unreadable and notes it in the audit trail. Doing it again changes nothing.
	Erase(ctx context.Context, application store.Application, actor string, at time.Time) error
}

// Records is what else is kept about an application. *store.Store is the real one.
type Records interface {
	// Keys reads a person's keys. The error wraps store.ErrNotFound if they are gone: the person is erased.
	Keys(ctx context.Context, id string) (vault.Keys, error)
}

// Catalogue says what pages say about services. *published.Library is the real one.
type Catalogue interface {
	// Facts are those of the release that an application was matched with, by its digest; empty is the pack. The error
	// means that they can't be had just now.
	Facts(ctx context.Context, digest string) (published.Facts, error)
	// Current is what people are offered now. The error is as that of Facts.
	Current(ctx context.Context) (published.Current, error)
}

// Queue is the way to another function. *queue.Queue is the real one.
type Queue interface {
	// Send returns nil once the queue keeps the event. After an error it is open whether it does.
	Send(ctx context.Context, event events.Envelope) error
}

// Sealer makes the keys of a new person. *vault.Sealer is the real one.
type Sealer interface {
	NewPerson(reference, secret string) (*vault.Person, vault.Keys, error)
}
