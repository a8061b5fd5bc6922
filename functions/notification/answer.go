package notification

import (
	"fmt"
	"time"

	"github.com/miict/immerse/shared/briefing"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/ticket"
)

// linkLife is how long an authority can answer by its link, from when the application was matched: as it also tells the outcome
// by it, until the time for that is over for who accepts on the last day. Two times catalogue.MaxResponseDays working days (to
// answer, and again for whoever is behind it) are less than 120 days in any year, and 30 are for days off, digests and mails that
// were held up. Keys of links are kept for longer, four quarters (package ticket).
const linkLife = (120+30)*24*time.Hour + referral.OutcomeTime

// Links makes the links that authorities answer by. *ticket.Book is the real one.
type Links interface {
	Issue(t ticket.Ticket) (token string, err error)
}

// An answer is how, and until when, an authority can answer.
type answer struct {
	url   string
	due   time.Time // when the time to answer is over
	until time.Time // when the link is
}

// answer counts from when the application was matched, so that the same plan comes out each time.
func (p Planner) answer(h hearing, share briefing.Share) (answer, error) {
	organization := share.Organization
	made := answer{due: p.eventDue(p.due(h, organization.ID), share), until: h.matched.Add(linkLife)}
	begun := h.ledger.Mail(store.ReferralID(organization.ID, h.round))
	if begun.Due != nil {
		made.due = *begun.Due // as it was said, though more may have been matched since
	}
	var err error
	made.url, err = p.link(h, organization.ID, made.until)
	return made, err
}

// link makes an organization's link about the round, of the generation that is good.
func (p Planner) link(h hearing, organization string, until time.Time) (url string, err error) {
	token, err := p.Links.Issue(ticket.Ticket{
		Reference: h.reference, Authority: organization, Round: h.round,
		Generation: h.ledger.Mail(store.ReferralID(organization, h.round)).Generation, Expires: until,
	})
	if err != nil {
		return "", fmt.Errorf("making the link: %w", err)
	}
	return p.BaseURL + ticket.Path + token, nil
}

// due is when the time of an organization to answer is over.
func (p Planner) due(h hearing, organization string) time.Time {
	return p.Calendar.Deadline(h.matched, h.assessment.Region, p.days(h, organization))
}
