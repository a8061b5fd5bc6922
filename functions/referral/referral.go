// Package referral is the authority's page behind the link in its mail: /referral/{token} (API Gateway, payload format 2.0).
//
//	GET, HEAD ─▶ read the link ─▶ what the person needs, where the referral is, what can be done
//	POST      ─▶ read the link and the form ─▶ message to notification ─▶ one conditional write ─▶ 303 to the page
//
// # Looking changes nothing
//
// Mail scanners open every link. So a GET writes nothing, sends nothing and shows no contact; a contact is shown by a
// POST, after the look was written to the trail that the person can read.
//
// # Answering happens once
//
// The message goes out before the write (decision 0501), and only the write counts: it is on the condition that the
// referral is as it was shown. Of two officers who answer at once one wins, and the other sees what happened. A form that
// is sent twice carries the same act, which is known as done.
//
// # Who can read what
//
// The function opens the result and the dialogue. A contact it can open only once notification has released its key for
// this organization, which it does when an acceptance is on record and the person consented to sharing (decision 1504).
//
// Files: handler.go, request.go, response.go (a request's way in and out), look.go (from a link to its referral), show.go
// (the page), act.go, ask.go, contact.go and replies.go (what is done), config.go.
package referral

import (
	"context"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/ticket"
	"github.com/miict/immerse/shared/vault"
)

// Applications keeps applications and their ledgers. *store.Store is the real one.
type Applications interface {
	// Application reads an application and its ledger consistently. The error wraps store.ErrNotFound if it isn't there.
	Application(ctx context.Context, reference string) (store.Application, error)
	// Keys reads a person's keys. The error wraps store.ErrNotFound if they are gone: the person is erased.
	Keys(ctx context.Context, id string) (vault.Keys, error)
}

// Referrals records what authorities do. *store.Store is the real one. Each call is one conditional write with its line of
// the audit trail, and doing it twice is the same as once; the errors wrap store.ErrState if the referral isn't as it was
// found, and any other leaves it open whether the write took effect.
type Referrals interface {
	Answer(ctx context.Context, step store.Step, answer store.Answer) error
	Ask(ctx context.Context, step store.Step, question store.Question) error
	// Viewed is the exception: twice is written down twice.
	Viewed(ctx context.Context, step store.Step) error
	// Read is, too: it is about what the person answered.
	Read(ctx context.Context, step store.Step) error
}

// Queue is the way to notification. *queue.Queue is the real one.
type Queue interface {
	// Send returns nil once the queue keeps the event. After an error it is open whether it does.
	Send(ctx context.Context, event events.Envelope) error
}

// Ring opens what a person's keys let this function open. *vault.Ring is the real one.
type Ring interface {
	// Person unwraps the keys of result and dialogue. The error wraps vault.ErrSealed if they are not for this opener.
	Person(reference string, keys vault.Keys) (*vault.Person, error)
	// OpenReleased unwraps the key of a part that was released for an organization. The error wraps vault.ErrSealed if it
	// was not.
	OpenReleased(reference string, keys vault.Keys, part vault.Part, organization string) (*vault.Person, error)
}

// Catalogue gives the facts of services and organizations. *published.Library is the real one.
type Catalogue interface {
	// Facts gives those of the release that a match was made with, by its digest (empty: the pack), and behind them those
	// of the current release.
	Facts(ctx context.Context, digest string) (published.Facts, error)
}

// Links reads links and makes the tokens of forms. *ticket.Book is the real one, and its errors are those that count.
type Links interface {
	Read(ctx context.Context, token string) (ticket.Ticket, error)
	Form(link string) (token string, err error)
	ReadForm(ctx context.Context, link, token string) (id string, err error)
}
