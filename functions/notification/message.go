package notification

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	lambdaevents "github.com/aws/aws-lambda-go/events"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/telemetry"
)

// errUnknown is for a match with a service that nobody can be written to about as far as is known, when its own release can't
// be had: that says nothing about the service, and nobody may be left out for it.
var errUnknown = errors.New("who answers for a service is not known: the release that it was matched with can't be had")

// message brings one message as far as it can. nil means that nothing is left to do for it; any error means that it
// must come back, and wraps errStop if nothing more can be sent in this invocation. One that is ahead of another's work waits
// for that a little, and is put back into its queue if that takes longer (turns.go).
func (h *Handler) message(ctx context.Context, record lambdaevents.SQSMessage) error {
	envelope, payload, err := events.Decode([]byte(record.Body))
	log := h.Log.With("event_id", envelope.ID, "reference", envelope.Subject, "trace_id", telemetry.TraceID(envelope.TraceParent))
	var told tally
	if err == nil {
		told, err = h.inTurn(ctx, func() (tally, error) { return h.act(ctx, log, envelope, payload) })
	}
	switch {
	case errors.Is(err, events.ErrUnknown):
		log.Error("message not understood: left for the dead-letter queue", "outcome", "unknown_event", "error", err.Error())
	case err != nil && h.putBack(ctx, log, record, envelope, err):
		return nil
	case err != nil:
		log.Warn("message comes back", "outcome", "retry", "error", err.Error(),
			telemetry.Metrics(h.Now(), append(told.metrics(), telemetry.One(telemetry.Retried))...))
	}
	return err
}

// act does what an event asks for.
func (h *Handler) act(ctx context.Context, log *slog.Logger, envelope events.Envelope, payload events.Payload) (tally, error) {
	switch what := payload.(type) {
	case *events.ApplicationMatchedV1:
		return h.notify(ctx, log, envelope)
	case *events.ReferralDecidedV1:
		return h.decided(ctx, log, envelope, what)
	case *events.ApplicationWithdrawnV1:
		return h.takenBack(ctx, log, envelope)
	case *events.ReferralDueV1:
		return h.due(ctx, log, envelope, what)
	case *events.DigestDueV1:
		return h.digest(ctx, log, what)
	}
	return tally{}, fmt.Errorf("%w: %s is for another queue", events.ErrUnknown, envelope.Type)
}

// notify tells everybody about one application, unless that was done.
func (h *Handler) notify(ctx context.Context, log *slog.Logger, event events.Envelope) (tally, error) {
	reference := event.Subject
	found, err := h.Applications.Application(ctx, reference)
	switch {
	case errors.Is(err, store.ErrNotFound):
		log.Info("nobody to notify about", "outcome", "gone")
		return tally{}, nil
	case err != nil:
		return tally{}, fmt.Errorf("reading application %s: %w", reference, err)
	case found.State == store.Notified:
		log.Info("notified before", "outcome", "already_notified")
		return tally{}, nil
	case found.Withdrawn != nil:
		log.Info("nobody to notify about", "outcome", "withdrawn")
		return tally{}, nil
	}
	heard, err := h.open(ctx, found)
	if errors.Is(err, errErased) {
		log.Info("nobody to notify about", "outcome", "erased")
		return tally{}, h.placesOver(ctx, reference, event) // whoever tried before may have held places, and died
	}
	if err != nil {
		return tally{}, err
	}
	planner, err := h.planner(ctx, heard)
	if err != nil {
		return tally{}, err
	}
	if err := h.reserve(ctx, log, planner, found, &heard); err != nil {
		return tally{}, err
	}
	made, err := planner.plan(heard)
	if err != nil {
		return tally{}, fmt.Errorf("planning the mails of %s: %w", reference, err)
	}
	report(log, made)
	if len(made.unplaced) > 0 && planner.facts().Instead() {
		return tally{}, errUnknown
	}
	if err := h.appoint(ctx, planner, heard, made.mails); err != nil {
		return tally{}, err
	}
	told, err := h.deliver(ctx, log, found, made.mails)
	if err != nil {
		return told, err
	}
	now := h.Now()
	log.Info("notified", "outcome", "notified", "sent", told.sent, "failed", told.failed, "waiting", told.waiting,
		telemetry.Metrics(now, append(told.metrics(), telemetry.Took(objective(heard), now.Sub(began(found))))...))
	return told, nil
}

// objective is the metric of the delivery objective that holds for a case.
func objective(heard hearing) string {
	if heard.urgent() {
		return telemetry.UrgentTimeToHandOver
	}
	return telemetry.TimeToHandOver
}

// began is when the clock of the delivery objective started: for what was found later, when it was.
func began(found store.Application) time.Time {
	if found.Round > 0 {
		return found.MatchedAt
	}
	return found.SubmittedAt
}

// report says what a plan leaves out, so that nothing is dropped in silence.
func report(log *slog.Logger, made plan) {
	if len(made.unplaced) > 0 {
		log.Error("matched services without an authority to write to", "outcome", "unplaced", "services", made.unplaced,
			"action", "give the authority of each service an inbox in the country pack")
	}
	if made.withheld {
		log.Warn("no receipt to an authority's inbox", "outcome", "receipt_withheld")
	}
}
