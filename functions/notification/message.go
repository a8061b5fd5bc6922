package notification

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/telemetry"
)

// message brings one message as far as it can. nil means that nothing is left to do for it; any error means that it
// must come back, and wraps errStop if nothing more can be sent in this invocation.
func (h *Handler) message(ctx context.Context, body []byte) error {
	envelope, payload, err := events.Decode(body)
	log := h.Log.With("event_id", envelope.ID, "reference", envelope.Subject, "trace_id", telemetry.TraceID(envelope.TraceParent))
	if err == nil {
		if _, ok := payload.(*events.ApplicationMatchedV1); !ok {
			err = fmt.Errorf("%w: %s is for another queue", events.ErrUnknown, envelope.Type)
		}
	}
	if err != nil {
		log.Error("message not understood: left for the dead-letter queue", "outcome", "unknown_event", "error", err.Error())
		return err
	}
	err = h.notify(ctx, log, envelope.Subject)
	if err != nil {
		log.Warn("message comes back", "outcome", "retry", "error", err.Error(), telemetry.Metrics(h.Now(), telemetry.One(telemetry.Retried)))
	}
	return err
}

// notify tells everybody about one application, unless that was done.
func (h *Handler) notify(ctx context.Context, log *slog.Logger, reference string) error {
	found, err := h.Applications.Application(ctx, reference)
	switch {
	case errors.Is(err, store.ErrNotFound):
		log.Info("nobody to notify about", "outcome", "gone")
		return nil
	case err != nil:
		return fmt.Errorf("reading application %s: %w", reference, err)
	case found.State == store.Notified:
		log.Info("notified before", "outcome", "already_notified")
		return nil
	}
	heard, err := h.open(ctx, found)
	if errors.Is(err, errErased) {
		log.Info("nobody to notify about", "outcome", "erased")
		return nil
	}
	if err != nil {
		return err
	}
	made, err := h.Planner.plan(heard)
	if err != nil {
		return fmt.Errorf("planning the mails of %s: %w", reference, err)
	}
	report(log, made)
	sent, failed, err := h.deliverAll(ctx, log, made.mails)
	if err != nil {
		return err
	}
	return h.notified(ctx, log, found, sent, failed)
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

// deliverAll tries every mail, as one that must wait is no reason for the others to; errStop alone ends the round.
func (h *Handler) deliverAll(ctx context.Context, log *slog.Logger, mails []Mail) (sent, failed int, err error) {
	var open []error
	for _, m := range mails {
		end, err := h.deliver(ctx, log.With("mail_id", m.ID), m)
		switch {
		case err != nil:
			open = append(open, err)
		case end == endSent:
			sent++
		default:
			failed++
		}
		if errors.Is(err, errStop) {
			break
		}
	}
	return sent, failed, errors.Join(open...)
}

// notified closes the application's notification. It was erased meanwhile if the store has no place for that.
func (h *Handler) notified(ctx context.Context, log *slog.Logger, found store.Application, sent, failed int) error {
	now := h.Now()
	err := h.Applications.Notified(ctx, found.Reference, now, sent, failed)
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrState) {
		log.Info("erased while being notified", "outcome", "erased")
		return nil
	}
	if err != nil {
		return fmt.Errorf("recording %s as notified: %w", found.Reference, err)
	}
	log.Info("notified", "outcome", "notified", "sent", sent, "failed", failed,
		telemetry.Metrics(now, telemetry.Took(telemetry.TimeToHandOver, now.Sub(found.SubmittedAt))))
	return nil
}
