package notification

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

// kindTurn is a mail to the person that a referral has taken a turn.
const kindTurn = "turn"

// A turn of a referral is told to the person if they asked for it. Its code is the message "mail.turn.<code>", and with the
// referral the id of the mail, which therefore goes once.
type turn struct {
	code   string
	number int    // of a question, from 1; 0 else
	reason string // why: a code, said in words for the person
	minor  bool   // nobody decided or asked anything: it is told to who asked to be told of each turn
	hope   bool   // another authority is looked for
	lost   bool   // of events.Escalate: the authority never had our mail
}

// id is that of the mail that tells of the turn of a referral.
func (t turn) id(began store.Mail) string {
	switch {
	case t.number > 0:
		return began.Follow(t.code + strconv.Itoa(t.number))
	case t.minor:
		return began.Follow("told_" + t.code) // the authority's own mail has that code
	}
	return began.Follow(t.code)
}

// words are the message that says what happened: "mail.turn.<words>".
func (t turn) words() string {
	if t.lost {
		return unreached
	}
	return t.code
}

// wants tells whether a person asked to be told.
func (t turn) wants(contact application.ContactPart) bool {
	switch contact.Updates {
	case codes.UpdatesEvery:
		return true
	case codes.UpdatesNone:
		return false
	}
	return !t.minor
}

// wantsNews tells whether the person asked to be told of matches of a later round: of new ones unless they want no e-mails, of a further try
// if they want to be told of each turn.
func (h hearing) wantsNews() bool {
	return turn{minor: h.assessment.IsInstead(h.round)}.wants(h.contact)
}

// turnOf is the turn that a referral has taken with an answer; ok is false if the person made it, or is told otherwise.
func turnOf(answer store.Answer) (t turn, ok bool) {
	switch answer.State {
	case referral.Accepted:
		return turn{code: "accepted"}, true
	case referral.Declined:
		return turn{code: "declined", reason: answer.Reason, hope: slices.Contains(referral.Elsewhere, answer.Reason)}, true
	case referral.Done:
		return turn{code: "done"}, true
	default:
		return turn{}, false
	}
}

// tellPerson tells the person of a turn, once, if they asked for it.
func (h *Handler) tellPerson(ctx context.Context, log *slog.Logger, found store.Application, began store.Mail, t turn) (tally, error) {
	heard, err := h.open(ctx, found)
	if errors.Is(err, errErased) {
		log.Info("nobody to tell", "outcome", "erased")
		return tally{}, nil
	}
	if err != nil {
		return tally{}, err
	}
	_, heard.round, _ = began.Authority()
	planner, err := h.planner(ctx, heard)
	if err != nil {
		return tally{}, err
	}
	mail, ok, err := planner.turn(heard, began, t)
	if err != nil || !ok {
		log.Info("a turn that nobody is written to about", "outcome", "not_told", "turn", t.code)
		return tally{}, err
	}
	return h.besides(ctx, log, found, mail)
}

// besides hands over mails that come after those of an application's rounds. Those of a round that is on its way are first.
func (h *Handler) besides(ctx context.Context, log *slog.Logger, found store.Application, mails ...Mail) (tally, error) {
	if found.State == store.Matched && found.Withdrawn == nil {
		return tally{}, fmt.Errorf("mails of %s: %w", found.Reference, errHeld)
	}
	told, err := h.deliver(ctx, log, found, mails)
	if err == nil && told.newSent > 0 {
		log.Info("told of a turn", "outcome", "told", "sent", told.newSent)
	}
	return told, err
}

// turn writes what the person is told: what happened and why, and where to look. Who it was stands on their page alone, as
// others may read the mailbox. ok is false if they gave no address, an authority's, or asked not to be told.
func (p Planner) turn(h hearing, began store.Mail, t turn) (mail Mail, ok bool, err error) {
	email := h.contact.Contact.Email
	if email == "" || p.isInbox(email) || !t.wants(h.contact) || complained(h.ledger) {
		return Mail{}, false, nil
	}
	say := sayToPerson(h.contact.Language, p.Pack.Languages)
	l := p.toPerson(say, h.reference, say.T("mail.turn."+t.words()))
	l.Title = p.numbered(say.T(t.subject(), "reference", h.reference), h, t.id(began))
	if t.reason != "" {
		l.Intro = append(l.Intro, say.T("mail.turn.why", "reason", say.Code("status.why", t.reason)))
	}
	others, hope := p.rest(h, began)
	if t.hope && hope && !h.withdrawn {
		l.Intro = append(l.Intro, say.T("mail.turn.elsewhere"))
	}
	if others > 0 && (t.hope || t.code == events.Lapse || t.reason != "") {
		l.Intro = append(l.Intro, say.N("mail.turn.others", others))
	}
	l.Intro = append(l.Intro, say.T("mail.turn.page"))
	mail, err = write(l, Mail{ID: t.id(began), Kind: kindTurn, Reference: h.reference, To: email})
	return mail, true, err
}

// toPerson is a short letter about a case that names nobody.
func (p Planner) toPerson(say speaker, reference string, words ...string) letter {
	return letter{
		Lang: say.Lang(), Dir: say.Dir(),
		Title:  say.T("mail.turn.subject", "reference", reference),
		Intro:  append([]string{say.T("mail.receipt.greeting")}, words...),
		Help:   p.help(say),
		Follow: link{Label: say.T("mail.receipt.follow"), URL: p.statusURL(reference, say.Lang())},
		Keep:   []string{say.T("mail.receipt.secret"), say.T("mail.receipt.erase")},
		Footer: []string{say.T("mail.receipt.money"), say.T("mail.receipt.why")},
	}
}

// rest is what the person can be told of beside a referral: how many other services may fit, and whether another authority is
// looked for. It is as the ledger was read with the hearing.
func (p Planner) rest(h hearing, began store.Mail) (others int, hope bool) {
	id, round, _ := began.Authority()
	return h.assessment.Rest(id, round, func(m match.Match) assessment.Standing {
		service, ok := p.facts().Service(m.Service)
		if !ok || service.Immerse == nil {
			return assessment.Standing{}
		}
		life, err := h.ledger.Life(h.ledger.Mail(store.ReferralID(service.Immerse.Authority, h.assessment.RoundOf(m))))
		if err != nil { // codes of a later release
			return assessment.Standing{}
		}
		return assessment.Standing{Authority: service.Immerse.Authority, Referral: life}
	})
}
