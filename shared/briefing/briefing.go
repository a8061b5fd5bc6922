// Package briefing says what an authority is told about a referral: the person's needs, region, languages and urgency, and
// which of its services fit and why, in words of its own language. The mail and the page behind its link say the same. It
// is given the assessment and never the contact: what isn't there can't be told by mistake.
package briefing

import (
	"slices"
	"strings"

	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match"
)

// A Briefing is what one authority is told, ready to be shown. Every text is in the speaker's language.
type Briefing struct {
	Kind     string   // of codes.Kinds: what the person wants to do
	Needs    string   // those that the authority's own services were matched for
	Facts    []string // needs, region, languages, urgency: a sentence each
	Urgent   bool     // the person can't wait
	Services []Service
}

// A Service is one of the authority's, with the needs that it was matched for.
type Service struct {
	Name    string
	Verdict string // eligible, or what is to be checked
	Reasons []string
	Notes   []string // how far the entry itself can be relied on
}

// New says what an authority is told of an application. The pack gives the names of areas.
func New(say Speaker, pack *country.Pack, a assessment.Assessment, share Share) Briefing {
	made := Briefing{Kind: KindOf(a), Needs: say.Needs(share.Needs()), Urgent: codes.Urgent(a.Urgency)}
	made.Facts = []string{
		say.T("mail.authority.needs", "needs", made.Needs),
		say.T("mail.authority.region", "region", region(say, pack, a.Region)),
		say.T("mail.authority.languages", "languages", say.languages(a.Languages)),
		say.T("mail.authority.urgency", "urgency", say.urgency(a.Urgency)),
	}
	for _, offer := range share.Offers() {
		made.Services = append(made.Services, service(say, pack, share.facts, offer))
	}
	return made
}

// KindOf is what the person wants to do. A result of an earlier release doesn't say, and there was support only.
func KindOf(a assessment.Assessment) string {
	if slices.Contains(codes.Kinds, a.Kind) {
		return a.Kind
	}
	return codes.Kinds[0]
}

// service leaves out the reasons that would repeat the person's legal status, because the form promises that
// organizations aren't told it (decision 0402). The authority knows whom its own service is for.
func service(say Speaker, pack *country.Pack, facts Facts, o Offer) Service {
	found, _ := facts.Service(o.Match.Service) // a share holds only services that its facts know
	told := Service{
		Name:    say.T("mail.authority.service", "service", found.Name, "need", say.Needs(o.Needs)),
		Verdict: say.verdict(o.Match),
	}
	for _, reason := range o.Match.Reasons {
		switch {
		case reason.Code == eligibility.ReasonOpenToAll && found.Described() != "":
			told.Verdict = say.T("mail.authority.described")
		case strings.HasPrefix(reason.Code, "legal_status_"), reason.Code == eligibility.ReasonToCheck:
		case reason.Code == eligibility.ReasonUnchecked:
			told.Notes = append(told.Notes, say.T("mail.authority.unchecked"))
		case AboutEntry(reason):
			told.Notes = append(told.Notes, say.reason(pack, reason))
		default:
			told.Reasons = append(told.Reasons, say.reason(pack, reason))
		}
	}
	return told
}

// AboutEntry tells the reasons that say how far an entry can be relied on from those that say why it fits.
func AboutEntry(reason eligibility.Reason) bool {
	switch reason.Code {
	case eligibility.ReasonLastChecked, eligibility.ReasonLastCheckedLongAgo, eligibility.ReasonNoPlaces:
		return true
	}
	return false
}

// region names where the person lives from the smallest area up, without the country: "Granada, Andalucía".
func region(say Speaker, pack *country.Pack, code string) string {
	var names []string
	for _, area := range pack.Areas.Ancestors(code) {
		if area != pack.Code || len(names) == 0 {
			names = append(names, pack.Areas.NameIn(area, say.Lang()))
		}
	}
	if len(names) == 0 {
		return code
	}
	return strings.Join(names, say.T("list.comma"))
}

// An Offer is one service with the needs that it was matched for.
type Offer struct {
	Match match.Match
	Needs []string
}

// Offers puts matches of one service together.
func Offers(matches []match.Match) []Offer {
	var offers []Offer
	for _, m := range matches {
		i := slices.IndexFunc(offers, func(o Offer) bool { return o.Match.Service == m.Service })
		if i < 0 {
			i = len(offers)
			offers = append(offers, Offer{Match: m})
		}
		offers[i].Needs = append(offers[i].Needs, m.Need)
	}
	return offers
}
