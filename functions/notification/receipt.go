package notification

import (
	"net/url"

	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/briefing"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
)

// receipt writes what the person is told: that their application arrived, what was found and why, and how to follow it.
// It names them nowhere and holds no secret: whoever else reads the mailbox learns no way into the case.
func (p Planner) receipt(h hearing) (Mail, error) {
	say := sayToPerson(h.contact.Language, p.Pack.Languages)
	kind := briefing.KindOf(h.assessment)
	received := say.T("mail.receipt.received", "date", p.day(say.Printer, h.submitted), "reference", h.reference)
	l := letter{
		Lang: say.Lang(), Dir: say.Dir(),
		Title:    say.T("mail.receipt.subject."+kind, "reference", h.reference),
		Intro:    []string{say.T("mail.receipt.greeting"), received, say.T("mail.receipt.lead." + kind)},
		Sections: p.found(say, h.needs, h.assessment, h.assessment.Result.Matches),
		Reasons:  say.T("mail.receipt.reasons"),
		Website:  say.T("mail.receipt.website"),
		For:      say.T("described.for"),
		Help:     p.help(say),
		Follow:   link{Label: say.T("mail.receipt.follow"), URL: p.statusURL(h.reference, say.Lang())},
		Keep:     []string{say.T("mail.receipt.secret"), say.T("mail.receipt.erase")},
		Footer:   []string{say.T("mail.receipt.money"), say.T("mail.receipt.why")},
	}
	if services := briefing.Offers(h.assessment.Result.Matches); len(services) > 0 {
		l.Intro = append(l.Intro, say.N("mail.receipt.matches", len(services)))
	}
	l.Intro = append(l.Intro, p.whoIsTold(say, h)...)
	return write(l, Mail{ID: kindReceipt, Kind: kindReceipt, Reference: h.reference, To: h.contact.Contact.Email})
}

// found sets the matches out by need, the best first, as matching ordered them. A need without any says so.
func (p Planner) found(say speaker, needs []string, a assessment.Assessment, matches []match.Match) []section {
	sections := make([]section, 0, len(needs))
	for _, need := range needs {
		made := section{Heading: say.Code("need", need)}
		for _, m := range matches {
			if m.Need == need {
				made.Services = p.addToldToPerson(made.Services, say, m, a)
			}
		}
		if len(made.Services) == 0 {
			made.Note = say.T("mail.receipt.no_match")
		}
		sections = append(sections, made)
	}
	return sections
}

func (p Planner) addToldToPerson(lines []serviceLine, say speaker, m match.Match, a assessment.Assessment) []serviceLine {
	service, ok := p.facts().Service(m.Service)
	if !ok {
		return lines
	}
	line := serviceLine{
		Lang: p.Pack.Languages[0], Name: service.Name, URL: hsds.WebAddress(service.URL), Verdict: say.verdictForPerson(m),
	}
	if line.For = service.Described(); line.For != "" && m.Verdict == eligibility.True {
		line.Verdict = say.T("described.check")
	}
	if organization, ok := p.facts().Organization(service.OrganizationID); ok {
		line.Organization = organization.Name
		if line.URL == "" {
			line.URL = hsds.WebAddress(organization.Website)
		}
	}
	if o, ok := p.event(m.Service); ok {
		line.Notes = append(line.Notes, p.eventNotes(say, o)...)
	}
	if a.IsWaiting(m.Service) {
		line.Notes = append(line.Notes, say.T("mail.receipt.waiting"))
	}
	for _, reason := range a.Reasons(m) {
		switch {
		case reason.Code == eligibility.ReasonOpenToAll && line.For != "":
		case reason.Code == eligibility.ReasonToCheck: // the verdict names what is missing
		case reason.Code == eligibility.ReasonUnchecked:
			line.Notes = append(line.Notes, say.T("mail.receipt.unchecked"))
		case briefing.AboutEntry(reason):
			line.Notes = append(line.Notes, p.reason(say, reason))
		default:
			line.Reasons = append(line.Reasons, p.reason(say, reason))
		}
	}
	return append(lines, line)
}

func (p Planner) help(say speaker) help {
	help := help{Heading: say.T("help.title")}
	for _, line := range p.Pack.HelpLines {
		made := helpLine{Purpose: say.Code("help", line.Purpose), Phone: line.Phone, Dial: line.Dial()}
		if line.Speaks(say.Lang()) {
			made.Notes = append(made.Notes, say.T("help.speaks"))
		}
		if line.Unchecked {
			made.Notes = append(made.Notes, say.T("help.unchecked"))
		}
		help.Lines = append(help.Lines, made)
	}
	return help
}

// statusURL holds the reference, which opens nothing; the person types the secret on the page.
func (p Planner) statusURL(reference, language string) string {
	return p.BaseURL + "/status?reference=" + url.QueryEscape(reference) + "&lang=" + url.QueryEscape(language)
}
