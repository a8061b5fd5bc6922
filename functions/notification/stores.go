package notification

import (
	"context"
	"time"

	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
)

// Applications reads what is to be told, and records that it was. *store.Store is the real one.
type Applications interface {
	// Application reads an application consistently. The error wraps store.ErrNotFound if it isn't there: it was
	// erased, or its time is over.
	Application(ctx context.Context, reference string) (store.Application, error)
	// Keys reads a person's keys consistently. The error wraps store.ErrNotFound if they are gone: the person is erased
	// and nothing about them can be read any more.
	Keys(ctx context.Context, id string) (vault.Keys, error)
	// Notified records that every mail of an application is sent or has failed for good. Doing it twice is the same as
	// once. The error wraps store.ErrNotFound if the application is gone.
	Notified(ctx context.Context, reference string, at time.Time, sent, failed int) error
}

// Outbox remembers how far each mail is, so that it is sent once. Every call is one conditional write; an error that is
// none of those named leaves it open whether the write took effect. *store.Store is the real one.
type Outbox interface {
	// ClaimMail writes "sending" with a lease, unless the mail is sent (store.ErrMailSent), has failed for good
	// (store.ErrMailFailed), or is claimed with a lease that runs beyond now (store.ErrMailClaimed).
	ClaimMail(ctx context.Context, reference, mailID string, now, leaseUntil time.Time) error
	// MailSent writes "sent" over a claim, with SES's id. Doing it twice keeps the mail sent.
	MailSent(ctx context.Context, reference, mailID, messageID string, at time.Time) error
	// MailFailed writes "failed" over a claim, with a reason that holds no personal data. It never undoes "sent".
	MailFailed(ctx context.Context, reference, mailID, reason string, at time.Time) error
	// ReleaseMail takes a claim back, as if the mail had never been tried. It never undoes "sent" or "failed".
	ReleaseMail(ctx context.Context, reference, mailID string) error
}

// Ring opens what the person's keys let notification open: the contact and the result, never the profile.
// *vault.Ring is the real one.
type Ring interface {
	// Person unwraps the keys. The error wraps vault.ErrSealed if they are not for this opener or this application.
	Person(reference string, keys vault.Keys) (*vault.Person, error)
}
