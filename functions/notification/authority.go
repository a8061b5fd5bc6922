package notification

import (
	"time"

	"github.com/miict/immerse/shared/briefing"
	"github.com/miict/immerse/shared/store"
)

// authorityMail writes what one authority is told. It is given the matches and what matching passed on of the person,
// and never the contact part: what isn't there can't get into the mail by mistake.
func (p Planner) authorityMail(h hearing, share briefing.Share) (Mail, error) {
	organization, reference, a := share.Organization, h.reference, h.assessment
	say := briefing.Speak(organization.Immerse.Language, p.Pack.Languages)
	told := briefing.New(say, p.Pack, a, share)
	answer, err := p.answer(h, share)
	if err != nil {
		return Mail{}, err
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
		Facts:    append([]string{say.T("mail.authority.reference", "reference", reference)}, told.Facts...),
		Sections: []section{services, {Heading: say.T("mail.authority.do.title"), Note: say.T("mail.authority.do", "date", p.day(say.Printer, answer.due.Add(-time.Second)))}},
		Reasons:  say.T("mail.authority.reasons"),
		Follow:   link{Label: say.T("mail.authority.answer"), URL: answer.url},
		Keep:     []string{say.T("mail.authority.link", "date", p.day(say.Printer, answer.until))},
		Footer:   []string{say.T("mail.authority.private"), say.T("mail.authority.footer", "country", p.Pack.NameIn(say.Lang()))},
	}
	return write(l, Mail{
		ID: store.ReferralID(organization.ID, h.round), Kind: kindAuthority, Reference: reference, To: organization.Immerse.Inbox, Due: answer.due,
	})
}
