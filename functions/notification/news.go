package notification

import (
	"fmt"
	"slices"

	"github.com/miict/immerse/shared/match"
)

// news writes to a person for whom something was found, or has a place again, after their first mail. Like the receipt, it
// names them nowhere and holds no secret.
func (p Planner) news(h hearing) (Mail, error) {
	say := sayToPerson(h.contact.Language, p.Pack.Languages)
	told := h.assessment.Told(h.round)
	needs := slices.DeleteFunc(slices.Clone(h.needs), func(need string) bool {
		return !slices.ContainsFunc(told, func(m match.Match) bool { return m.Need == need })
	})
	if h.assessment.IsInstead(h.round) {
		return p.instead(say, h)
	}
	l := letter{
		Lang: say.Lang(), Dir: say.Dir(),
		Title: p.numbered(say.T("mail.news.subject", "reference", h.reference), h, fmt.Sprintf("%s+%d", kindNews, h.round)),
		Intro: append([]string{
			say.T("mail.receipt.greeting"), say.T("mail.news.lead", "date", p.day(say.Printer, h.submitted), "reference", h.reference),
		}, p.whoIsTold(say, h)...),
		Sections: p.found(say, needs, h.assessment, told),
		Reasons:  say.T("mail.receipt.reasons"),
		Website:  say.T("mail.receipt.website"),
		For:      say.T("described.for"),
		Help:     p.help(say),
		Follow:   link{Label: say.T("mail.receipt.follow"), URL: p.statusURL(h.reference, say.Lang())},
		Keep:     []string{say.T("mail.receipt.secret"), say.T("mail.receipt.erase")},
		Footer:   []string{say.T("mail.receipt.money"), say.T("mail.receipt.why")},
	}
	return write(l, Mail{
		ID: fmt.Sprintf("%s+%d", kindNews, h.round), Kind: kindNews, Reference: h.reference, To: h.contact.Contact.Email,
	})
}

// instead tells a person that another authority was asked, as one could not help.
func (p Planner) instead(say speaker, h hearing) (Mail, error) {
	l := p.toPerson(say, h.reference, say.T("mail.turn.next"), say.T("mail.turn.page"))
	id := fmt.Sprintf("%s+%d", kindNews, h.round)
	l.Title = p.numbered(l.Title, h, id)
	return write(l, Mail{
		ID: id, Kind: kindNews, Reference: h.reference, To: h.contact.Contact.Email,
	})
}
