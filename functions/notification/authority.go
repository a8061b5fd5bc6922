package notification

import (
	"slices"
	"strings"

	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match"
)

// authorityMail writes what one authority is told. It is given the matches and what matching passed on of the person,
// and never the contact part: what isn't there can't get into the mail by mistake.
func (p Planner) authorityMail(reference string, a assessment.Assessment, share share) (Mail, error) {
	organization := share.organization
	say := sayToAuthority(organization.Immerse.Language, p.Pack.Languages)
	needs := say.needs(share.needs())
	kind := kindOf(a)
	services := section{Heading: say.T("mail.authority.services")}
	for _, shown := range share.services() {
		services.Services = append(services.Services, p.toldToAuthority(say, shown))
	}
	l := letter{
		Lang: say.Lang(), Dir: say.Dir(),
		Title: say.T("mail.authority.subject."+kind, "reference", reference, "needs", needs),
		Intro: []string{
			say.T("mail.authority.greeting"), say.T("mail.authority.lead."+kind, "needs", needs),
			say.N("mail.authority.intro", len(services.Services)),
		},
		Facts: []string{
			say.T("mail.authority.reference", "reference", reference),
			say.T("mail.authority.needs", "needs", needs),
			say.T("mail.authority.region", "region", p.region(say, a.Region)),
			say.T("mail.authority.languages", "languages", say.languages(a.Languages)),
			say.T("mail.authority.urgency", "urgency", say.urgency(a.Urgency)),
		},
		Sections: []section{services, {Heading: say.T("mail.authority.do.title"), Note: say.T("mail.authority.do")}},
		Reasons:  say.T("mail.authority.reasons"),
		Footer:   []string{say.T("mail.authority.private"), say.T("mail.authority.footer", "country", p.Pack.NameIn(say.Lang()))},
	}
	return write(l, Mail{
		ID: kindAuthority + "-" + organization.ID, Kind: kindAuthority, Reference: reference, To: organization.Immerse.Inbox,
	})
}

// An offer is one service with the needs that it was matched for.
type offer struct {
	match match.Match
	needs []string
}

// services are the share's matches with those of one service put together.
func (s share) services() []offer {
	var offers []offer
	for _, m := range s.matches {
		i := slices.IndexFunc(offers, func(o offer) bool { return o.match.Service == m.Service })
		if i < 0 {
			i = len(offers)
			offers = append(offers, offer{match: m})
		}
		offers[i].needs = append(offers[i].needs, m.Need)
	}
	return offers
}

// toldToAuthority leaves out the reasons that would repeat the person's legal status, because the form promises that
// organizations aren't told it (decision 0402). The authority knows whom its own service is for.
func (p Planner) toldToAuthority(say speaker, o offer) serviceLine {
	service, _ := p.Pack.Service(o.match.Service) // a share holds only services of the pack
	line := serviceLine{
		Name:    say.T("mail.authority.service", "service", service.Name, "need", say.needs(o.needs)),
		Verdict: say.verdictForAuthority(o.match),
	}
	for _, reason := range o.match.Reasons {
		switch {
		case strings.HasPrefix(reason.Code, "legal_status_"), reason.Code == eligibility.ReasonToCheck:
		case reason.Code == eligibility.ReasonUnchecked:
			line.Notes = append(line.Notes, say.T("mail.authority.unchecked"))
		case aboutEntry(reason):
			line.Notes = append(line.Notes, p.reasonForAuthority(say, reason))
		default:
			line.Reasons = append(line.Reasons, p.reasonForAuthority(say, reason))
		}
	}
	return line
}

// region names where the person lives from the smallest area up, without the country: "Granada, Andalucía".
func (p Planner) region(say speaker, code string) string {
	var names []string
	for _, area := range p.Pack.Areas.Ancestors(code) {
		if area != p.Pack.Code || len(names) == 0 {
			names = append(names, p.Pack.Areas.NameIn(area, say.Lang()))
		}
	}
	if len(names) == 0 {
		return code
	}
	return strings.Join(names, say.T("list.comma"))
}
