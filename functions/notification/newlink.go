package notification

import (
	"time"

	"github.com/miict/immerse/shared/briefing"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

const kindLink = "link" // of a mail with a link in place of one that is void

// newLink writes an authority a link in place of those before, which were revoked or are too old: to the inbox that is known and to no
// other, so that whoever asked for it learns nothing. ok is false if one went a short time ago, or there is nobody to write to.
func (p Planner) newLink(h hearing, began store.Mail, now time.Time) (mail Mail, ok bool, err error) {
	what, ok := h.ledger.NewLink(began, now)
	id, _, _ := began.Authority()
	organization, known := p.facts().Organization(id)
	if !ok || !known || organization.Immerse == nil {
		return Mail{}, false, nil
	}
	to, reachable := p.inbox(organization)
	if !reachable || to == "" {
		return Mail{}, false, nil
	}
	until := h.matched.Add(linkLife)
	if least := now.Add(referral.OutcomeTime); until.Before(least) {
		until = least
	}
	url, err := p.link(h, id, until)
	if err != nil {
		return Mail{}, false, err
	}
	say := briefing.Speak(organization.Immerse.Language, p.Pack.Languages)
	l := p.toAuthority(organization, "mail.link.subject", h.reference, "mail.link.lead")
	l.Follow = link{Label: say.T("mail.authority.answer"), URL: url}
	l.Keep = []string{say.T("mail.authority.link", "date", p.day(say.Printer, until))}
	mail, err = write(l, Mail{ID: began.Follow(what), Kind: kindLink, Reference: h.reference, To: to})
	return mail, true, err
}
