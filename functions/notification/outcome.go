package notification

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"

	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/telemetry"
)

// A result is what became of one hand-over: SES's id, or why there is none, and how often SES said before that it was too
// much at once.
type result struct {
	messageID string
	err       error
	throttled int
}

// hand hands a group over to SES, all at once: most of the time is spent on waiting for answers.
func (h *Handler) hand(ctx context.Context, group []Mail) []result {
	results := make([]result, len(group))
	for i := range results {
		results[i].err = errors.New("no answer") // if the hand-over doesn't come back at all
	}
	var handing sync.WaitGroup
	for i, m := range group {
		handing.Go(func() { results[i] = h.handOne(ctx, m) })
	}
	handing.Wait()
	return results
}

// handOne makes a panic a mail in doubt. What it panicked with stays out of the log, as it may be personal.
func (h *Handler) handOne(ctx context.Context, m Mail) (made result) {
	defer func() {
		if cause := recover(); cause != nil {
			made = result{err: &refusal{kind: outcomeUnknown, reason: "panic", err: fmt.Errorf("panic: %T", cause)}}
			h.Log.Error("panic while handing a mail over", "reference", m.Reference, "mail_id", m.ID,
				"cause", fmt.Sprintf("%T", cause), "stack", string(debug.Stack()))
		}
	}()
	return h.patiently(ctx, m)
}

// outcomes are the entries of mails that were handed over. Those in doubt have none: they stay as they are.
func (r *round) outcomes(group []Mail, results []result) (entries []store.Mail) {
	r.taken = nil
	for i, m := range group {
		entry := store.Mail{ID: m.ID, At: r.Now(), Attempts: r.attempt(m), State: store.MailSent}
		r.tally.throttled += results[i].throttled
		if results[i].err != nil {
			entry.State, entry.Reason = r.refused(m, results[i].err)
		}
		switch entry.State {
		case store.MailSent:
			r.tally.sent++
			r.tally.newSent++
			r.taken = append(r.taken, m.ID+" "+results[i].messageID)
		case store.MailFailed:
			r.tally.failed++
			r.tally.newFailed++
		case store.MailReleased, store.MailWaiting:
		case store.MailSending:
			continue
		}
		entries = append(entries, entry)
	}
	return entries
}

// refused acts on a hand-over that did not succeed, by what its refusal means. It gives the mail's state and the reason.
func (r *round) refused(m Mail, err error) (store.MailState, string) {
	why := new(refusal)
	if !errors.As(err, &why) {
		why = &refusal{kind: outcomeUnknown, reason: "no_answer", err: err}
	}
	log := r.log.With("mail_id", m.ID, "reason", why.reason)
	switch why.kind {
	case refusedMail:
		log.Warn("mail failed for good", "outcome", "failed")
		return store.MailFailed, why.reason
	case outcomeUnknown:
		log.Warn("mail in doubt: its lease decides", "outcome", "in_doubt")
		r.doubt = true
		r.open = append(r.open, why)
		return store.MailSending, why.reason
	case accountTrouble:
		log.Error("no mail can be sent", "outcome", "account_trouble", "action", why.advice)
	case throttled:
		log.Warn("mail put off", "outcome", "throttled")
		r.tally.throttled++
	default:
		log.Warn("mail put off", "outcome", "put_off")
	}
	err = why
	if why.stops() {
		err = fmt.Errorf("%w: %w", why, errStop)
	}
	r.open = append(r.open, err)
	return store.MailReleased, why.reason
}

// A tally counts the mails of an application: all that have ended, and those of this invocation.
type tally struct {
	sent, failed, waiting         int
	newSent, newFailed, throttled int
}

// metrics are what happened in this invocation. They go with the message's one line.
func (t tally) metrics() (counts []telemetry.Metric) {
	for _, one := range []struct {
		name  string
		count int
	}{{telemetry.MailsSent, t.newSent}, {telemetry.MailsFailed, t.newFailed}, {telemetry.MailsThrottled, t.throttled}} {
		if one.count > 0 {
			counts = append(counts, telemetry.Metric{Name: one.name, Value: float64(one.count), Unit: telemetry.Count})
		}
	}
	return counts
}
