package notification

import (
	"log/slog"
	"time"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/briefing"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

// kindOutcome is a mail that asks an authority what came of a request that it accepted.
const kindOutcome = "outcome"

// askOutcome asks an authority what came of a request that it accepted: with its digest if it gets one, and not on a day off, nor before
// the event that somebody registered for; whoever had it asked asks again. A dead inbox is recorded as such, so that nobody does.
func (p Planner) askOutcome(log *slog.Logger, h hearing, began store.Mail, share briefing.Share, now time.Time) (mail Mail, ok bool, err error) {
	organization := share.Organization
	if !p.Calendar.Working(now, h.assessment.Region) {
		log.Info("not on a day off", "outcome", "later")
		return Mail{}, false, nil
	}
	if o, dated := p.eventAmong(share.Matches); dated && now.Before(o.Start) {
		log.Info("the event is to come", "outcome", "later")
		return Mail{}, false, nil
	}
	if p.waits(h, organization) {
		return p.waiting(h, organization, began.Follow(events.Outcome)), true, nil
	}
	answer, err := p.answer(h, share)
	if err != nil {
		return Mail{}, false, err
	}
	say := briefing.Speak(organization.Immerse.Language, p.Pack.Languages)
	l := p.toAuthority(organization, "mail.outcome.subject", h.reference)
	l.Intro = append(l.Intro, p.outcomeWords(say, h, began)...)
	l.Follow = link{Label: say.T("mail.authority.answer"), URL: answer.url}
	l.Keep = []string{say.T("mail.authority.link", "date", p.day(say.Printer, answer.until))}
	to, reachable := p.inbox(organization)
	mail, err = write(l, Mail{Kind: kindOutcome, Reference: h.reference, To: to, Dead: !reachable})
	return mail, true, err
}

// outcomeWords say when a request was accepted, and what happens if nobody tells.
func (p Planner) outcomeWords(say briefing.Speaker, h hearing, began store.Mail) []string {
	accepted := h.matched
	if given := h.ledger.Mail(began.ID).Answer; given != nil {
		accepted = given.At
	}
	return []string{
		say.T("mail.outcome.lead", "date", p.day(say.Printer, accepted)),
		say.T("mail.outcome.by", "date", p.day(say.Printer, accepted.Add(referral.OutcomeTime))),
	}
}
