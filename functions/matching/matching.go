// Package matching finds the services that an application is entitled to.
//
//	matching queue ── application.submitted.v1 ──▶ open the profile ─▶ match ─▶ seal and record the result
//	                                                        └─▶ application.matched.v1 ──▶ notification queue
//
// Matching opens the profile of a person and never the contact. It may run twice, out of order and be killed anywhere:
// the result is recorded once, on the condition that the application was only received so far, and the event behind it
// is sent before the message is given up, again if need be. Notification knows what to do with a second one.
//
// Intake sends its event before it writes the application (docs/decisions/0501), so a message can be early, or an orphan
// whose application was never written and for which nobody was told "received".
package matching

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/aws/aws-lambda-go/events"

	immerse "github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/queue"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/telemetry"
	"github.com/miict/immerse/shared/vault"
)

// Store reads applications consistently and records results.
type Store interface {
	// Application returns store.ErrNotFound if there is none (yet).
	Application(ctx context.Context, reference string) (store.Application, error)
	// Keys returns store.ErrNotFound if the application was erased.
	Keys(ctx context.Context, id string) (vault.Keys, error)
	// Matched returns store.ErrState unless the application is still in state received. open lists it among those for
	// which there may be more to find later (functions/percolation).
	Matched(ctx context.Context, found store.Application, result []byte, made store.Versions, at time.Time, open bool) error
}

// Ring opens the parts that matching may open.
type Ring interface {
	Person(reference string, keys vault.Keys) (*vault.Person, error)
}

// Sender hands an event to the next queue; after nil, it is kept.
type Sender interface {
	Send(ctx context.Context, event immerse.Envelope) error
}

// A Handler matches the applications that the messages of a batch name.
type Handler struct {
	Country   string // ISO 3166-1 alpha-2
	Store     Store
	Ring      Ring
	Catalogue Catalogue
	Next      Sender
	Urgent    Sender // for whom it can't wait: decision 2002
	Now       func() time.Time
	NewID     func() string
	Pause     func(context.Context, time.Duration) // waits, or less if the context ends
	Log       *slog.Logger
}

// Handle takes a batch of messages and reports those to be tried again.
func (h *Handler) Handle(ctx context.Context, batch events.SQSEvent) (events.SQSEventResponse, error) {
	return queue.Each(ctx, h.Log, batch, h.message), nil
}

// message handles one message and writes one line about it.
func (h *Handler) message(ctx context.Context, message events.SQSMessage) error {
	event, payload, err := immerse.Decode([]byte(message.Body))
	log := h.Log.With("reference", event.Subject, "event_id", event.ID, "trace_id", telemetry.TraceID(event.TraceParent))
	if err == nil {
		if _, ok := payload.(*immerse.ApplicationSubmittedV1); !ok {
			err = fmt.Errorf("%w: %s is not for matching", immerse.ErrUnknown, event.Type)
		}
	}
	if err != nil {
		log.Error("unknown event: it goes to the dead-letter queue", "message_id", message.MessageId, "error", err)
		return err
	}
	did, err := h.application(ctx, event)
	if err != nil {
		log.Warn("not matched, will be tried again", "error", err, telemetry.Metrics(h.Now(), telemetry.One(telemetry.Retried)))
		return err
	}
	log.Info(did.what, telemetry.Metrics(h.Now(), telemetry.One(did.metric)))
	return nil
}

// An outcome is what the log line says, and the metric that counts it.
type outcome struct{ what, metric string }

var (
	matched    = outcome{"matched", telemetry.Matched}
	sentAgain  = outcome{"was matched before, sent on again", telemetry.Replayed}
	doneBefore = outcome{"was notified before", telemetry.Replayed}
	erased     = outcome{"was erased", telemetry.Erased}
	orphan     = outcome{"orphan: the application was never written", telemetry.OrphanedMessage}
)

// application brings one application from received to matched and sends it on.
func (h *Handler) application(ctx context.Context, event immerse.Envelope) (outcome, error) {
	application, err := h.await(ctx, event)
	switch {
	case errors.Is(err, store.ErrNotFound) && h.Now().Sub(event.Time) > orphanAge:
		return orphan, nil
	case err != nil:
		return outcome{}, err
	}
	if application.State != store.Received {
		return h.again(ctx, event, application)
	}
	urgency, err := h.match(ctx, &application)
	switch {
	case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrState):
		return h.overtaken(ctx, event)
	case err != nil:
		return outcome{}, err
	}
	return matched, h.sendOn(ctx, event, application, urgency)
}

// again handles an application that an earlier delivery has matched: whether its event went out is not known.
func (h *Handler) again(ctx context.Context, event immerse.Envelope, application store.Application) (outcome, error) {
	switch application.State {
	case store.Matched:
		_, profile, err := h.open(ctx, application)
		if errors.Is(err, store.ErrNotFound) {
			return erased, nil
		}
		if err != nil {
			return outcome{}, err
		}
		return sentAgain, h.sendOn(ctx, event, application, profile.Urgency)
	case store.Erased:
		return erased, nil
	default:
		return doneBefore, nil
	}
}

// overtaken handles an application that was matched by another delivery, or erased, while this one was at work.
func (h *Handler) overtaken(ctx context.Context, event immerse.Envelope) (outcome, error) {
	application, err := h.Store.Application(ctx, event.Subject)
	if err != nil {
		return outcome{}, err
	}
	if application.State == store.Received {
		return erased, nil // the keys are gone: the erasure is under way, and there is nothing left to read
	}
	return h.again(ctx, event, application)
}

// open opens the profile. The error wraps store.ErrNotFound if the person is erased.
func (h *Handler) open(ctx context.Context, application store.Application) (person *vault.Person, profile eligibility.Profile, err error) {
	keys, err := h.Store.Keys(ctx, application.KeysID)
	if err != nil {
		return nil, profile, err
	}
	if person, err = h.Ring.Person(application.Reference, keys); err != nil {
		return nil, profile, err
	}
	return person, profile, person.OpenJSON(vault.Profile, application.Profile, &profile)
}

// match opens the profile, finds the services, and records the sealed result. It fills in what it recorded, and gives how
// urgent it is.
func (h *Handler) match(ctx context.Context, application *store.Application) (urgency string, err error) {
	person, profile, err := h.open(ctx, *application)
	if err != nil {
		return "", err
	}
	edition, err := h.Catalogue.Current(ctx)
	if err != nil {
		return "", err
	}
	if profile.Event != "" && edition.Made.event(profile.Event) < 0 && h.Now().Sub(application.SubmittedAt) < hearing {
		return "", errNotHeard
	}
	found := assess(edition, profile, application.SubmittedAt)
	encoded, err := found.Encode()
	if err != nil {
		return "", err
	}
	sealed, err := person.Seal(vault.Result, encoded)
	if err != nil {
		return "", err
	}
	application.Versions = store.Versions{Catalogue: found.Result.Catalogue, Rules: found.Rules}
	return profile.Urgency, h.Store.Matched(ctx, *application, sealed, application.Versions, h.Now(), found.Open(application.Needs, edition.Made.PerNeed))
}

// assess is the matching itself, on an opened profile.
func assess(edition published.Edition[Matcher], profile eligibility.Profile, submitted time.Time) assessment.Assessment {
	return assessment.Assessment{
		Kind: profile.Kind, Region: profile.Residence.Region, Languages: profile.Languages, Urgency: profile.Urgency,
		Result: edition.Made.Find(profile, submitted),
		Rules:  edition.Made.Rules, Snapshot: edition.Digest,
	}
}

// sendOn tells notification, by the queue that the case's urgency asks for, whichever it came by. The event keeps the trace of the request that began it all.
func (h *Handler) sendOn(ctx context.Context, cause immerse.Envelope, of store.Application, urgency string) error {
	event, err := immerse.New(immerse.Origin{
		ID: h.NewID(), Source: immerse.Source(h.Country, "matching"), Subject: of.Reference, Time: h.Now(), TraceParent: cause.TraceParent,
	}, immerse.ApplicationMatchedV1{Country: of.Country, SubmittedAt: of.SubmittedAt, Catalogue: of.Catalogue})
	if err != nil {
		return err
	}
	if codes.Urgent(urgency) {
		return h.Urgent.Send(ctx, event)
	}
	return h.Next.Send(ctx, event)
}
