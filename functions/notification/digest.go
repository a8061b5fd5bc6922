package notification

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/mailtag"
	"github.com/miict/immerse/shared/store"
)

// Digests remembers each digest, so that it is sent once. Every call is one conditional write, and doing it twice is the same
// as once. *store.Store is the real one.
type Digests interface {
	// Digest reads a digest by its key; the zero Digest if it was never begun.
	Digest(ctx context.Context, country, key string) (store.Digest, error)
	// ClaimDigest takes a digest, as it was read, and records what it is to be. The error wraps store.ErrMailClaimed if another
	// holds it beyond now, or has held it since.
	ClaimDigest(ctx context.Context, country string, found, d store.Digest, now time.Time) error
	// PostDigest records what became of it. The error wraps store.ErrState if another holds it.
	PostDigest(ctx context.Context, country string, d store.Digest) error
}

// digest sends an authority the one mail of its day. It goes the way of all mails (outbox.go), with the digest's own record in
// the place of a ledger: claimed as sending with what it tells of, handed over, recorded. Then each referral that it told of
// begins: its appointment is made and its ledger says that it is told. A digest that is stopped after SES has it is gone on
// with, never sent again; one that is stopped before its record says so, is: the one window (decision 0401).
func (h *Handler) digest(ctx context.Context, log *slog.Logger, d *events.DigestDueV1) (tally, error) {
	made := store.Digest{Organization: d.Authority, Day: d.Day, Part: d.Part}
	log = log.With("authority", d.Authority, "digest", made.Key())
	found, err := h.Digests.Digest(ctx, h.Planner.Pack.Code, made.Key())
	now := h.Now().Truncate(time.Second)
	switch {
	case err != nil:
		return tally{}, err
	case found.Closed:
		log.Info("the digest went before", "outcome", "already_sent")
		return tally{}, nil
	case found.Lease.After(now) && found.State == store.MailSending:
		return tally{}, errHeld
	case !h.timeFor(ctx):
		return tally{}, fmt.Errorf("%w: %w", errNoTime, errStop)
	}
	g := &gathering{Handler: h, log: log, due: d, at: now}
	if g.dead, err = h.dead(ctx); err != nil {
		return tally{}, err
	}
	if found.State == store.MailSent || found.State == store.MailFailed {
		return tally{}, g.goOn(ctx, found)
	}
	if err := g.gather(ctx); err != nil {
		return tally{}, err
	}
	made.At, made.Holder, made.Lease, made.Full, made.Void = now, h.NewID(), h.lease(ctx, now), g.full, g.void
	for _, one := range g.told {
		made.Told = append(made.Told, one.waits)
	}
	return g.send(ctx, found, made)
}

// send claims the digest and hands its mail over, if there is anything to tell.
func (g *gathering) send(ctx context.Context, found, made store.Digest) (tally, error) {
	var mail Mail
	if made.Closed = len(g.told) == 0; !made.Closed {
		written, err := g.write()
		if err != nil {
			return tally{}, err
		}
		mail = written
		mail.ID, mail.Kind, mail.Reference = made.Key(), kindDigest, mailtag.Digest
		made.State = store.MailSending
	}
	if !g.timeFor(ctx) { // opening many takes a while
		return tally{}, fmt.Errorf("%w: %w", errNoTime, errStop)
	}
	err := g.Digests.ClaimDigest(ctx, g.Planner.Pack.Code, found, made, g.Now())
	switch {
	case errors.Is(err, store.ErrMailClaimed):
		return tally{}, errHeld
	case err != nil:
		return tally{}, err
	case made.Closed:
		g.log.Info("nobody to tell of", "outcome", "no_digest", "void", len(made.Void))
		return tally{}, nil
	}
	r := &round{Handler: g.Handler, log: g.log}
	entries := r.outcomes([]Mail{mail}, g.hand(ctx, []Mail{mail}))
	if len(entries) == 0 {
		return r.tally, errors.Join(r.open...) // in doubt: its lease decides
	}
	made.State, made.Reason = entries[0].State, entries[0].Reason
	if made.State == store.MailReleased {
		made.Lease = time.Unix(0, 0)
	}
	if err := g.post(ctx, made); err != nil || made.State == store.MailReleased {
		return r.tally, errors.Join(append(r.open, err)...)
	}
	g.log.Info("digest", "outcome", "digest_"+string(made.State), "referrals", len(made.Told), "void", len(made.Void), "full", made.Full)
	return r.tally, g.begin(ctx, made)
}

// post writes down what became of the mail. As in outbox.go, the end of the invocation doesn't cut it short.
func (g *gathering) post(ctx context.Context, made store.Digest) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTime)
	defer cancel()
	err := g.Digests.PostDigest(ctx, g.Planner.Pack.Code, made)
	if err != nil && made.State == store.MailSent {
		g.log.Error("a digest sent but not recorded: it may go again", "outcome", "sent_unrecorded", "error", err.Error())
	}
	return err
}

// goOn goes on with a digest that went, or never will, and whose referrals have not all begun.
func (g *gathering) goOn(ctx context.Context, sent store.Digest) error {
	again := *g.due
	again.AtOnce = true // whatever day it is now
	g.at, g.due = sent.At, &again
	for _, w := range sent.Told {
		found, err := g.Applications.Application(ctx, w.Reference)
		if errors.Is(err, store.ErrNotFound) || err == nil && found.Ledger.Mail(w.Mail).State != store.MailWaiting {
			continue // its time is over, or it has begun
		}
		if err != nil {
			return err
		}
		one, _, err := g.look(ctx, w, found)
		if err != nil {
			return err
		}
		if one != nil {
			g.told = append(g.told, *one)
		}
	}
	return g.begin(ctx, sent)
}

// begin has the referrals of a digest begin: first what will be due about them is put down, then their ledgers say that they
// are told. Then the digest is closed.
func (g *gathering) begin(ctx context.Context, sent store.Digest) error {
	for _, one := range g.told {
		if err := g.beginOne(ctx, sent, one); err != nil {
			return err
		}
	}
	sent.Closed = true
	return g.Digests.PostDigest(ctx, g.Planner.Pack.Code, sent)
}

func (g *gathering) beginOne(ctx context.Context, sent store.Digest, one gathered) error {
	told := store.Mail{ID: one.waits.Mail, State: sent.State, At: sent.At, Reason: sent.Reason}
	if to, _ := one.planner.inbox(one.share.Organization); !sameAddress(to, one.share.Organization.Immerse.Inbox) {
		told.Behind = true
	}
	if one.fresh() {
		organization := one.share.Organization.ID
		due := one.planner.due(one.heard, organization)
		told.Due = &due
		clock := one.planner.clock(one.heard, Mail{ID: one.waits.Mail, Due: due, WaitsFor: organization}, sent.At)
		appointment := store.Appointment{Reference: one.heard.reference, Round: one.heard.round, Of: organization, Clocks: []store.Clock{clock}}
		if err := g.appointOn(ctx, appointment, begins(clock), g.Now()); err != nil {
			return err
		}
	}
	err := g.Waits.Tell(ctx, one.heard.reference, told)
	if errors.Is(err, store.ErrState) {
		return nil // by another, or its time is over
	}
	return err
}
