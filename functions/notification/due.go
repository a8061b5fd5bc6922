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
	mail, ok, err := planner.follow(log, heard, d, h.Now())
	if err != nil || !ok {
		return tally{}, err
	}
	told, err := h.deliver(ctx, log, found, []Mail{mail})
	if err == nil {
		log.Info("told what was due", "outcome", "told", "sent", told.newSent)
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
		return answer.State() == referral.Expired, nil
	case events.EventDay:
		return entry.State != "" && !answer.State().Final(), nil
	}
	return entry.State != "" && answer.State() == "", nil
}

// planner is for mails about a round of one application: with the facts of the catalogue of that round and the inboxes as they
// are now.
func (h *Handler) planner(ctx context.Context, heard hearing) (p Planner, err error) {
	p = h.Planner
	if p.Facts, err = h.Catalogue.Facts(ctx, heard.assessment.MadeWith(heard.round).Snapshot); err != nil {
		return p, err
	}
	p.Dead, err = h.dead(ctx)
	return p, err
}

// follow writes what is due. ok is false if there is nobody to write to, or nothing to write about any more.
func (p Planner) follow(log *slog.Logger, h hearing, d *events.ReferralDueV1, now time.Time) (mail Mail, ok bool, err error) {
	shares, _ := briefing.Shares(p.facts(), h.assessment.Told(d.Round))
	i := slices.IndexFunc(shares, func(s briefing.Share) bool { return s.Organization.ID == d.Authority })
	if i < 0 && p.facts().Instead() {
		return Mail{}, false, errUnknown
	}
	if i < 0 {
		return Mail{}, false, nil // its services are gone from the catalogue
	}
	began := store.Mail{ID: store.ReferralID(d.Authority, d.Round)}
	switch d.What {
	case events.Remind:
		if !p.Calendar.Working(now, h.assessment.Region) {
			log.Info("not on a day off", "outcome", "late") // it was held up; the next step comes in time
			return Mail{}, false, nil
		}
		if p.waits(h, shares[i].Organization) {
			mail = p.waiting(h, shares[i].Organization, began.Follow(d.What))
		} else {
			mail, err = p.askAuthority(h, shares[i], events.Remind)
		}
		ok = !mail.Dead
	case events.Escalate, events.Fallback:
		mail, err = p.askAuthority(h, shares[i], d.What)
		mail.Dead = false
		if mail.To, ok = p.behind(h.ledger, began, shares[i].Organization); !ok {
			nobodyBehind(log, d.Authority)
		}
	case events.Lapse:
		mail, err = p.unanswered(h, shares[i])
		ok = mail.To != "" && !p.isInbox(mail.To)
	case events.EventDay:
		mail, ok, err = p.remindPerson(log, h, shares[i], now)
	default:
		err = fmt.Errorf("%w: %s is due", events.ErrUnknown, d.What)
	}
	mail.ID, mail.Due = began.Follow(d.What), time.Time{} // it begins no referral
	return mail, ok, err
}

// unanswered tells the person that an authority did not answer, and what they can do.
func (p Planner) unanswered(h hearing, share briefing.Share) (Mail, error) {
	say := sayToPerson(h.contact.Language, p.Pack.Languages)
	needs := share.Needs()
	l := letter{
		Lang: say.Lang(), Dir: say.Dir(),
		Title: say.T("mail.lapse.subject", "reference", h.reference),
		Intro: []string{
			say.T("mail.receipt.greeting"), say.T("mail.lapse.lead", "organization", share.Organization.Name),
			say.T("mail.lapse.next", "reference", h.reference),
		},
		Sections: p.found(say, needs, h.assessment, share.Matches),
		Reasons:  say.T("mail.receipt.reasons"),
		Website:  say.T("mail.receipt.website"),
		Help:     p.help(say),
		Follow:   link{Label: say.T("mail.receipt.follow"), URL: p.statusURL(h.reference, say.Lang())},
		Keep:     []string{say.T("mail.receipt.secret"), say.T("mail.receipt.erase")},
		Footer:   []string{say.T("mail.receipt.money"), say.T("mail.receipt.why")},
	}
	return write(l, Mail{Kind: events.Lapse, Reference: h.reference, To: h.contact.Contact.Email})
}
