package notification

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/telemetry"
)

const (
	// longestInvocation is Lambda's own limit, for a caller without a deadline.
	longestInvocation = 15 * time.Minute
	// recordTime is what writing the outcome down may take, after the invocation was told to stop too.
	recordTime = 2 * time.Second
)

var (
	// errStop is for troubles that every further mail would meet too.
	errStop = errors.New("nothing more is sent in this invocation")
	// errNoTime is for mails that the rest of the invocation may be too short for.
	errNoTime = errors.New("too little time left to start a mail")
	// errHeld is for a mail that another invocation is sending, or died sending.
	errHeld = errors.New("another invocation holds the mail")
)

// An end is how a mail ended.
type end int

const (
	endSent end = iota + 1
	endFailed
)

// deliver brings one mail to its end, in this invocation or in an earlier one. An error means that the mail has no end
// yet and that the message must come back; it wraps errStop if the other mails must wait as well.
func (h *Handler) deliver(ctx context.Context, log *slog.Logger, m Mail) (end, error) {
	if !h.timeFor(ctx) {
		return 0, fmt.Errorf("%w: %w", errNoTime, errStop)
	}
	now := h.Now()
	err := h.Outbox.ClaimMail(ctx, m.Reference, m.ID, now, h.lease(ctx, now))
	switch {
	case errors.Is(err, store.ErrMailSent):
		return endSent, nil
	case errors.Is(err, store.ErrMailFailed):
		return endFailed, nil
	case errors.Is(err, store.ErrMailClaimed):
		log.Info("mail held", "outcome", "held")
		return 0, errHeld
	case err != nil:
		return 0, fmt.Errorf("claiming mail %s of %s: %w", m.ID, m.Reference, err)
	}
	messageID, err := h.Postbox.send(ctx, m)
	if err != nil {
		return h.refused(ctx, log, m, err)
	}
	return endSent, h.record(ctx, log, m, messageID)
}

// record writes down that SES has the mail. Between SES's answer and this write lies the window in which a crash makes
// the mail go twice, so nothing else happens here and the end of the invocation doesn't cut it short.
func (h *Handler) record(ctx context.Context, log *slog.Logger, m Mail, messageID string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTime)
	defer cancel()
	if err := h.Outbox.MailSent(ctx, m.Reference, m.ID, messageID, h.Now()); err != nil {
		log.Error("mail sent but not recorded: it may go again", "outcome", "sent_unrecorded", "ses_id", messageID, "error", err.Error())
		return fmt.Errorf("recording mail %s of %s as sent: %w", m.ID, m.Reference, err)
	}
	log.Info("mail sent", "outcome", "sent", "ses_id", messageID, telemetry.Metrics(h.Now(), telemetry.One(telemetry.MailsSent)))
	return nil
}

// refused acts on a hand-over that did not succeed, by what its refusal means.
func (h *Handler) refused(ctx context.Context, log *slog.Logger, m Mail, err error) (end, error) {
	why := new(refusal)
	if !errors.As(err, &why) {
		why = &refusal{kind: outcomeUnknown, reason: "no_answer", err: err}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTime)
	defer cancel()
	switch why.kind {
	case refusedMail:
		return h.failed(ctx, log, m, why)
	case outcomeUnknown:
		log.Warn("mail in doubt: its lease decides", "outcome", "in_doubt", "reason", why.reason)
		return 0, why
	case accountTrouble:
		log.Error("no mail can be sent", "outcome", "account_trouble", "reason", why.reason, "action", why.advice)
	case throttled:
		log.Warn("mail put off", "outcome", "throttled", "reason", why.reason, telemetry.Metrics(h.Now(), telemetry.One(telemetry.MailsThrottled)))
	default:
		log.Warn("mail put off", "outcome", "put_off", "reason", why.reason)
	}
	if err := h.Outbox.ReleaseMail(ctx, m.Reference, m.ID); err != nil {
		// The lease runs out by itself; the mail only waits longer.
		log.Warn("claim not released", "outcome", "claim_kept", "error", err.Error())
	}
	if why.stops() {
		return 0, fmt.Errorf("%w: %w", why, errStop)
	}
	return 0, why
}

func (h *Handler) failed(ctx context.Context, log *slog.Logger, m Mail, why *refusal) (end, error) {
	if err := h.Outbox.MailFailed(ctx, m.Reference, m.ID, why.reason, h.Now()); err != nil {
		return 0, fmt.Errorf("recording mail %s of %s as failed: %w", m.ID, m.Reference, err)
	}
	log.Warn("mail failed for good", "outcome", "failed", "reason", why.reason, telemetry.Metrics(h.Now(), telemetry.One(telemetry.MailsFailed)))
	return endFailed, nil
}

// timeFor tells whether a mail started now ends within the invocation.
func (h *Handler) timeFor(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return !ok || deadline.Sub(h.Now()) >= h.Postbox.Timeout+recordTime
}

// lease is until when a claim made now holds: longer than this invocation can live.
func (h *Handler) lease(ctx context.Context, now time.Time) time.Time {
	if deadline, ok := ctx.Deadline(); ok {
		return deadline.Add(h.LeaseMargin)
	}
	return now.Add(longestInvocation + h.LeaseMargin)
}
