package notification

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/briefing"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

// due does what followup found due about a referral: it writes one mail, under an id that says which, so that it goes once.
// What has become untrue since is left out.
func (h *Handler) due(ctx context.Context, log *slog.Logger, event events.Envelope, d *events.ReferralDueV1) (tally, error) {
	log = log.With("authority", d.Authority, "what", d.What)
	found, err := h.Applications.Application(ctx, event.Subject)
	if errors.Is(err, store.ErrNotFound) {
		log.Info("nothing is due any more", "outcome", "gone")
		return tally{}, nil
	}
	if err != nil {
		return tally{}, err
	}
	if still, err := stillDue(found, d); err != nil || !still {
		log.Info("nothing is due any more", "outcome", "answered")
		return tally{}, err
	}
	if found.State == store.Matched {
		return tally{}, fmt.Errorf("mails of %s: %w", found.Reference, errHeld) // of another round, on their way
	}
	heard, err := h.open(ctx, found)
	if errors.Is(err, errErased) {
		log.Info("nothing is due any more", "outcome", "erased")
		return tally{}, nil
	}
	if err != nil {
		return tally{}, err
	}
	heard.round = d.Round
	planner, err := h.planner(ctx, heard)
	if err != nil {
		return tally{}, err
	}
	switch d.What {
	case events.EventDay:
		if planner.Facts, err = h.asOfNow(ctx, planner.Facts); err != nil {
			return tally{}, err
		}
	case events.Lapse:
		if err := h.giveBack(ctx, planner.facts(), heard, d.Authority, event.TraceParent); err != nil {
			return tally{}, err
		}
	}
	mails, err := planner.follow(log, heard, d, h.Now())
	var told tally
	if err == nil && len(mails) > 0 {
		if told, err = h.deliver(ctx, log, found, mails); err == nil {
			log.Info("told what was due", "outcome", "told", "sent", told.newSent)
		}
	}
	if d.What == events.Lapse {
		err = errors.Join(err, h.unmet(ctx, event, d.Authority, d.Round)) // also if the person can't be told just now
	}
	return told, err
}

// stillDue looks whether an answer has come since.
func stillDue(found store.Application, d *events.ReferralDueV1) (bool, error) {
	entry := found.Ledger.Mail(store.ReferralID(d.Authority, d.Round))
	answer, err := entry.Decided()
	if err != nil {
		return false, fmt.Errorf("%s of %s: %w", entry.ID, found.Reference, err)
	}
	switch d.What {
	case events.Lapse:
		return answer.State() == referral.Expired && answer.Reason() == "", nil
	case events.Close:
		return answer.State() == referral.Expired && answer.Reason() == referral.NoOutcome, nil
	case events.Outcome:
		return answer.State() == referral.Accepted, nil
	case events.EventDay, events.NewLink:
		return entry.State != "" && !answer.State().Final(), nil
	}
	return entry.State != "" && answer.State() == "", nil
}

// planner is for mails about a round of one application: with the facts of the catalogue of that round and the inboxes as they
// are now.
func (h *Handler) planner(ctx context.Context, heard hearing) (p Planner, err error) {
	p = h.Planner
	if p.Facts, err = h.facts(ctx, heard); err != nil {
		return p, err
	}
	p.Dead, err = h.dead(ctx)
	return p, err
}

// follow writes what is due. There is no mail if there is nobody to write to, or nothing to write about any more.
func (p Planner) follow(log *slog.Logger, h hearing, d *events.ReferralDueV1, now time.Time) ([]Mail, error) {
	began := store.Mail{ID: store.ReferralID(d.Authority, d.Round)}
	switch d.What {
	case events.Lapse:
		return these(p.turn(h, began, turn{code: events.Lapse, hope: true}))
	case events.Close:
		return these(p.turn(h, began, turn{code: events.Close})) // who accepted may have helped: no other is looked for
	case events.NewLink:
		return these(p.newLink(h, h.ledger.Mail(began.ID), now))
	}
	shares, _ := briefing.Shares(p.facts(), h.assessment.Told(d.Round))
	i := slices.IndexFunc(shares, func(s briefing.Share) bool { return s.Organization.ID == d.Authority })
	if i < 0 && p.facts().Instead() {
		return nil, errUnknown
	}
	if i < 0 {
		return nil, nil // its services are gone from the catalogue
	}
	mail, ok, err := p.askAgain(log, h, began, shares[i], d.What, now)
	if err != nil || !ok {
		return nil, err
	}
	mail.ID, mail.Due = began.Follow(d.What), time.Time{} // it begins no referral
	if d.What != events.Escalate {
		return []Mail{mail}, nil
	}
	_, lost := h.ledger.Unreached(began)
	told, err := these(p.turn(h, began, turn{code: events.Escalate, minor: true, lost: lost}))
	return append([]Mail{mail}, told...), err
}

// these is a mail, if there is one.
func these(mail Mail, ok bool, err error) ([]Mail, error) {
	if err != nil || !ok {
		return nil, err
	}
	return []Mail{mail}, nil
}

// askAgain writes to an authority once more, or to whoever is behind it. ok is false if now is not the time, or there is nobody.
func (p Planner) askAgain(log *slog.Logger, h hearing, began store.Mail, share briefing.Share, what string, now time.Time) (mail Mail, ok bool, err error) {
	switch what {
	case events.Remind:
		if !p.Calendar.Working(now, h.assessment.Region) {
			log.Info("not on a day off", "outcome", "late") // it was held up; the next step comes in time
			return Mail{}, false, nil
		}
		if p.waits(h, share.Organization) {
			mail = p.waiting(h, share.Organization, began.Follow(what))
		} else {
			mail, err = p.askAuthority(h, share, events.Remind)
		}
		ok = !mail.Dead
	case events.Escalate, events.Fallback:
		if _, lost := h.ledger.Unreached(began); lost && what == events.Escalate {
			what = unreached
		}
		mail, err = p.askAuthority(h, share, what)
		mail.Dead = false
		if mail.To, ok = p.behind(h.ledger, began, share.Organization); !ok {
			nobodyBehind(log, share.Organization.ID)
		}
	case events.Outcome:
		mail, ok, err = p.askOutcome(log, h, began, share, now)
	case events.EventDay:
		mail, ok, err = p.remindPerson(log, h, share, now)
	default:
		err = fmt.Errorf("%w: %s is due", events.ErrUnknown, what)
	}
	return mail, ok, err
}
