package notification

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/miict/immerse/shared/store"
)

const (
	// GroupSize is how many mails are handed over at once, and how many may go twice after a crash (decision 0401). Each
	// group takes one write.
	GroupSize = 4
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
	// errHeld is for mails that another invocation is sending, or died sending.
	errHeld = errors.New("another invocation holds the mails")
)

// A round is the delivery of one application's mails in one invocation.
type round struct {
	*Handler
	log   *slog.Logger
	claim store.Claim
	found store.Ledger // as it was read
	waits []Mail       // that go with a digest
	round int          // of the application
	later bool         // the application was notified: these mails come after, and nothing is to be said of all
	tally tally
	open  []error  // why mails have no end yet
	doubt bool     // a mail may have gone: its claim stays, and the lease decides
	taken []string // of the last group: mails that SES took, each with SES's id
}

// deliver brings the mails of an application to their ends, group by group. An error means that some have none yet and
// that the message must come back; it wraps errStop if the other messages must wait as well.
func (h *Handler) deliver(ctx context.Context, log *slog.Logger, found store.Application, mails []Mail) (tally, error) {
	now := h.Now()
	r := &round{Handler: h, log: log, found: found.Ledger, round: found.Round, later: found.State != store.Matched || found.Withdrawn != nil, claim: store.Claim{
		Reference: found.Reference, Holder: h.NewID(), Until: h.lease(ctx, now),
	}}
	todo := r.count(mails)
	switch {
	case r.later && len(todo) == 0 && len(r.waits) == 0:
		return r.tally, nil // went before
	case found.Ledger.Lease.After(now):
		log.Info("mails held", "outcome", "held")
		return r.tally, errHeld
	case !h.timeFor(ctx):
		return r.tally, fmt.Errorf("%w: %w", errNoTime, errStop)
	}
	if err := h.wait(ctx, r.waits, now); err != nil {
		return r.tally, err
	}
	group, todo := h.next(todo)
	begin := store.Posting{Mails: append(r.sending(group), r.waiting()...)}
	r.close(&begin, group)
	if err := h.Outbox.Claim(ctx, r.found, r.claim, now, begin); err != nil {
		if errors.Is(err, store.ErrMailClaimed) {
			return r.tally, errHeld
		}
		return r.tally, fmt.Errorf("claiming the mails of %s: %w", found.Reference, err)
	}
	for len(group) > 0 {
		results := h.hand(ctx, group)
		p := store.Posting{Mails: r.outcomes(group, results)}
		lost := r.lost(group, p.Mails)
		group, todo = r.after(ctx, todo)
		p.Mails = append(p.Mails, r.sending(group)...)
		r.close(&p, group)
		if err := r.post(ctx, p); err != nil {
			return r.tally, err
		}
		r.elsewhere(ctx, lost)
	}
	return r.tally, errors.Join(r.open...)
}

// count leaves out the mails that ended in an earlier invocation, and those that wait.
func (r *round) count(mails []Mail) (todo []Mail) {
	for _, m := range mails {
		switch r.found.Mail(m.ID).State {
		case store.MailSent:
			r.tally.sent++
		case store.MailFailed:
			r.tally.failed++
		case store.MailWaiting:
			r.tally.waiting++
		default:
			if m.WaitsFor != "" {
				r.waits = append(r.waits, m)
				r.tally.waiting++
				continue
			}
			todo = append(todo, m)
		}
	}
	return todo
}

// next takes the next group.
func (h *Handler) next(todo []Mail) (group, rest []Mail) {
	n := min(h.Group, len(todo))
	return todo[:n], todo[n:]
}

// after is the group that follows another, unless nothing more can be sent.
func (r *round) after(ctx context.Context, todo []Mail) (group, rest []Mail) {
	if len(todo) == 0 || errors.Is(errors.Join(r.open...), errStop) {
		return nil, nil
	}
	if ctx.Err() != nil || !r.timeFor(ctx) {
		r.open = append(r.open, fmt.Errorf("%w: %w", errNoTime, errStop))
		return nil, nil
	}
	return r.next(todo)
}

// sending are the entries of mails that are about to be handed over.
func (r *round) sending(group []Mail) []store.Mail {
	entries := make([]store.Mail, 0, len(group))
	for _, m := range group {
		entry := store.Mail{ID: m.ID, State: store.MailSending, At: r.Now(), Attempts: r.attempt(m), Behind: m.Behind}
		if !m.Due.IsZero() {
			entry.Due = &m.Due
		}
		entries = append(entries, entry)
	}
	return entries
}

func (r *round) attempt(m Mail) int { return r.found.Mail(m.ID).Attempts + 1 }

// close ends the round in a posting that no group follows: the ledger is given back unless a mail is in doubt, and the
// application is notified if every mail has ended.
func (r *round) close(p *store.Posting, group []Mail) {
	if len(group) > 0 {
		return
	}
	p.Over = !r.doubt
	if len(r.open) == 0 && !r.later {
		p.Notified = &store.HandOver{At: r.Now(), Sent: r.tally.sent, Failed: r.tally.failed, Waiting: r.tally.waiting, Round: r.round}
	}
}

// post writes down that SES has mails. Between SES's answers and this write lies the window in which a crash makes a group
// go twice, so nothing else happens here and the end of the invocation doesn't cut it short.
func (r *round) post(ctx context.Context, p store.Posting) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTime)
	defer cancel()
	err := r.Outbox.Post(ctx, r.claim, p)
	if err == nil {
		return nil
	}
	if len(r.taken) > 0 {
		r.log.Error("mails sent but not recorded: they may go again", "outcome", "sent_unrecorded", "mails", r.taken, "error", err.Error())
	}
	return errors.Join(append(r.open, fmt.Errorf("recording the mails of %s: %w", r.claim.Reference, err))...)
}

// timeFor tells whether a group started now ends within the invocation.
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
