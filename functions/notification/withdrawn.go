package notification

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/briefing"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
)

// The kinds of mail to an authority about what the person did.
const (
	kindWithdrawn = "withdrawn"
	kindAnswered  = "answered"
)

// takenBack does what follows when a person took their whole case back, or erased it: places are given back, contacts are no
// longer open to anybody, and authorities that were asked are told.
func (h *Handler) takenBack(ctx context.Context, log *slog.Logger, event events.Envelope) (tally, error) {
	found, err := h.await(ctx, event, func(a store.Application) bool { return a.Withdrawn != nil || a.State == store.Erased })
	young := h.Now().Sub(event.Time) <= orphanAge
	switch {
	case errors.Is(err, store.ErrNotFound):
		log.Info("nobody takes anything back", "outcome", "gone")
		return tally{}, nil
	case err != nil:
		return tally{}, err
	case found.Withdrawn == nil && found.State != store.Erased && young:
		return tally{}, fmt.Errorf("the withdrawal of %s: %w", found.Reference, errNotYet)
	case found.Withdrawn == nil && found.State != store.Erased:
		log.Info("a withdrawal that was never written", "outcome", "orphan")
		return tally{}, nil
	case found.Ledger.Lease.After(h.Now()), found.State == store.Matched && young:
		// Whoever read it before it was taken back may still send; after that nobody does.
		return tally{}, fmt.Errorf("mails of %s: %w", found.Reference, errHeld)
	}
	if err := h.letGo(ctx, found, event); err != nil {
		return tally{}, err
	}
	var taken []store.Mail
	for _, began := range found.Ledger.Referrals() {
		if began.Answer != nil && began.Answer.State == referral.Withdrawn {
			taken = append(taken, began)
		}
	}
	return h.tellTaken(ctx, log, found, taken...)
}

// letGo gives back all places and all contacts of a case that was taken back. Of one that is erased there is nothing left that
// could say which: percolation looks at all services for its places (decision 2602).
func (h *Handler) letGo(ctx context.Context, found store.Application, event events.Envelope) error {
	heard, err := h.open(ctx, found)
	if errors.Is(err, errErased) {
		return h.placesOver(ctx, found.Reference, event)
	}
	if errors.Is(err, errNotMatched) {
		return nil
	}
	if err != nil {
		return err
	}
	for round := range found.Round + 1 {
		heard.round = round
		facts, err := h.Catalogue.Facts(ctx, heard.assessment.MadeWith(round).Snapshot)
		if err != nil {
			return err
		}
		shares, _ := briefing.Shares(facts, heard.assessment.Told(round))
		for _, share := range shares {
			began := found.Ledger.Mail(store.ReferralID(share.Organization.ID, round))
			if began.Answer != nil && began.Answer.State != referral.Withdrawn {
				continue // it was over before
			}
			if err := h.giveBack(ctx, facts, heard, share.Organization.ID, event.TraceParent); err != nil {
				return err
			}
			if err := h.dropKey(ctx, found, began); err != nil {
				return err
			}
		}
	}
	return nil
}

// placesOver has percolation give back the places of a case that can't be opened any more.
func (h *Handler) placesOver(ctx context.Context, reference string, cause events.Envelope) error {
	code := h.Planner.Pack.Code
	event, err := events.PlacesOver(code, reference, events.Origin{
		ID: h.NewID(), Source: events.Source(code, "notification"), Time: h.Now(), TraceParent: cause.TraceParent,
	})
	if err != nil {
		return err
	}
	if err := h.Percolation.Send(ctx, event); err != nil {
		return fmt.Errorf("having the places of %s given back: %w", reference, err)
	}
	return nil
}

// dropKey takes the contact's key from an authority that had it.
func (h *Handler) dropKey(ctx context.Context, found store.Application, began store.Mail) error {
	authority, _, _ := began.Authority()
	if began.Contact != store.ContactReleased {
		return nil
	}
	keys, err := h.Applications.Keys(ctx, found.KeysID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the keys of %s: %w", found.Reference, err)
	}
	return h.Releases.DropWrap(ctx, keys, vault.WrapName(vault.Contact, vault.Referral, authority))
}

// tellTaken tells authorities that were written to that nothing is left to do for them, in a mail that follows from the ledger alone:
// also when nothing else is left to be read.
func (h *Handler) tellTaken(ctx context.Context, log *slog.Logger, found store.Application, taken ...store.Mail) (tally, error) {
	facts, err := h.Catalogue.Current(ctx)
	if err != nil {
		return tally{}, err
	}
	planner := h.Planner
	planner.Facts = facts
	if planner.Dead, err = h.dead(ctx); err != nil {
		return tally{}, err
	}
	var mails []Mail
	for _, began := range taken {
		mail, ok, err := planner.taken(found.Reference, began)
		if err != nil {
			return tally{}, err
		}
		if ok {
			mails = append(mails, mail)
		}
	}
	if len(mails) == 0 {
		log.Info("no authority to tell", "outcome", "withdrawn")
		return tally{}, nil
	}
	return h.besides(ctx, log, found, mails...)
}

// taken writes to an authority that a person took a request back. ok is false if it was never written to, or can't be.
func (p Planner) taken(reference string, began store.Mail) (mail Mail, ok bool, err error) {
	id, _, _ := began.Authority()
	organization, known := p.facts().Organization(id)
	if began.State != store.MailSent || !known || organization.Immerse == nil {
		return Mail{}, false, nil
	}
	to, reachable := p.inbox(organization)
	if !reachable || to == "" {
		return Mail{}, false, nil
	}
	l := p.toAuthority(organization, "mail.withdrawn.subject", reference, "mail.withdrawn.lead", "mail.withdrawn.delete")
	mail, err = write(l, Mail{ID: began.Follow(kindWithdrawn), Kind: kindWithdrawn, Reference: reference, To: to})
	return mail, true, err
}

// toAuthority is a short letter about a request, of messages that are given its reference.
func (p Planner) toAuthority(organization *hsds.Organization, title, reference string, words ...string) letter {
	say := briefing.Speak(organization.Immerse.Language, p.Pack.Languages)
	l := letter{
		Lang: say.Lang(), Dir: say.Dir(), Title: say.T(title, "reference", reference), Intro: []string{say.T("mail.authority.greeting")},
		Facts:  []string{say.T("mail.authority.reference", "reference", reference)},
		Footer: []string{say.T("mail.authority.private"), say.T("mail.authority.footer", "country", p.Pack.NameIn(say.Lang()))},
	}
	for _, word := range words {
		l.Intro = append(l.Intro, say.T(word, "reference", reference))
	}
	return l
}

// answered tells an authority that the person has answered its question, with its link to the answer.
func (h *Handler) answered(ctx context.Context, log *slog.Logger, found store.Application, began store.Mail, question string) (tally, error) {
	heard, err := h.open(ctx, found)
	if errors.Is(err, errErased) {
		log.Info("nobody to tell", "outcome", "erased")
		return tally{}, nil
	}
	if err != nil {
		return tally{}, err
	}
	authority, round, _ := began.Authority()
	heard.round = round
	planner, err := h.planner(ctx, heard)
	if err != nil {
		return tally{}, err
	}
	organization, known := planner.facts().Organization(authority)
	if !known || organization.Immerse == nil {
		log.Info("an authority that is gone", "outcome", "unplaced")
		return tally{}, nil
	}
	to, reachable := planner.inbox(organization)
	answer, err := planner.answer(heard, briefing.Share{Organization: organization})
	if err != nil || !reachable {
		return tally{}, err
	}
	l := planner.toAuthority(organization, "mail.answered.subject", found.Reference, "mail.answered.lead")
	say := briefing.Speak(organization.Immerse.Language, planner.Pack.Languages)
	l.Follow = link{Label: say.T("mail.authority.answer"), URL: answer.url}
	l.Keep = []string{say.T("mail.authority.link", "date", planner.day(say.Printer, answer.until))}
	number := 1 + slices.IndexFunc(began.Questions, func(q store.Question) bool { return q.ID == question })
	mail, err := write(l, Mail{ID: began.Follow(fmt.Sprintf("%s%d", kindAnswered, number)), Kind: kindAnswered, Reference: found.Reference, To: to})
	if err != nil {
		return tally{}, err
	}
	return h.besides(ctx, log, found, mail)
}
