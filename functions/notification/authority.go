package notification

import (
	"slices"
	"time"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/briefing"
	"github.com/miict/immerse/shared/store"
)

// authorityMail writes what one authority is told. It is given the matches and what matching passed on of the person,
// and never the contact part: what isn't there can't get into the mail by mistake.
func (p Planner) authorityMail(h hearing, share briefing.Share) (Mail, error) {
	return p.askAuthority(h, share, "")
}

// unreached is for askAuthority what events.Escalate is, about an authority that never had our mail: it can't be said not to answer.
const unreached = "unreached"

// askAuthority writes the same again when it is due: what is of events.ReferralDueV1, unreached, or empty.
func (p Planner) askAuthority(h hearing, share briefing.Share, what string) (Mail, error) {
	organization, reference, a := share.Organization, h.reference, h.assessment
	say := briefing.Speak(organization.Immerse.Language, p.Pack.Languages)
	told := briefing.New(say, p.Pack, a, share)
	answer, err := p.answer(h, share)
	if err != nil {
		return Mail{}, err
	}
	by := p.day(say.Printer, answer.due.Add(-time.Second))
	until := by
	if what == events.Escalate || what == unreached { // that time is over
		until = p.day(say.Printer, p.eventDue(p.end(h, answer.due, organization.ID), share).Add(-time.Second))
	}
	services := section{Heading: say.T("mail.authority.services")}
	for _, service := range told.Services {
		services.Services = append(services.Services, serviceLine{
			Name: service.Name, Verdict: service.Verdict, Reasons: service.Reasons, Notes: service.Notes,
		})
	}
	l := letter{
		Lang: say.Lang(), Dir: say.Dir(),
		Title: say.T("mail.authority.subject."+told.Kind, "reference", reference, "needs", told.Needs),
		Intro: []string{
			say.T("mail.authority.greeting"), say.T("mail.authority.lead."+told.Kind, "needs", told.Needs),
			say.N("mail.authority.intro", len(told.Services)),
		},
		Facts:    p.facted(say, reference, told, share),
		Sections: []section{services, {Heading: say.T("mail.authority.do.title"), Note: say.T("mail.authority.do", "date", until)}},
		Reasons:  say.T("mail.authority.reasons"),
		Follow:   link{Label: say.T("mail.authority.answer"), URL: answer.url},
		Keep:     []string{say.T("mail.authority.link", "date", p.day(say.Printer, answer.until))},
		Footer:   []string{say.T("mail.authority.private"), say.T("mail.authority.footer", "country", p.Pack.NameIn(say.Lang()))},
	}
	to, reachable := p.inbox(organization)
	behind := !sameAddress(to, organization.Immerse.Inbox)
	if behind && what == "" {
		what = events.Fallback // who reads it must learn whose request it is
	}
	switch what {
	case events.Remind:
		l.Title = say.T("mail.remind.subject", "reference", reference, "date", by)
		l.Intro = []string{l.Intro[0], say.T("mail.remind.lead", "date", by), l.Intro[1]}
	case events.Escalate:
		l.Title = say.T("mail.escalate.subject", "reference", reference, "organization", organization.Name)
		l.Intro = []string{l.Intro[0], say.T("mail.escalate.lead", "organization", organization.Name, "date", by), l.Intro[1]}
	case events.Fallback:
		l.Title = say.T("mail.fallback.subject", "reference", reference, "organization", organization.Name)
		l.Intro = []string{l.Intro[0], say.T("mail.fallback.lead", "organization", organization.Name, "date", by), l.Intro[1]}
	case unreached:
		l.Title = say.T("mail.fallback.subject", "reference", reference, "organization", organization.Name)
		l.Intro = []string{l.Intro[0], say.T("mail.fallback.again", "organization", organization.Name, "date", until), l.Intro[1]}
	}
	if told.Urgent {
		l.Title = say.T("mail.authority.urgent", "subject", l.Title)
		l.Intro = slices.Insert(l.Intro, 1, say.T("referral.urgent"))
	}
	return write(l, Mail{
		Urgent: told.Urgent, ID: store.ReferralID(organization.ID, h.round), Kind: kindAuthority, Reference: reference, To: to, Dead: !reachable, Due: answer.due,
		Behind: behind,
	})
}
