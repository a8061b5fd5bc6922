package notification

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/briefing"
	"github.com/miict/immerse/shared/codes"
)

// A digestLetter is a digest before it is set as text and as HTML. Everything in it is already said in the reader's language.
type digestLetter struct {
	Lang, Dir string
	Title     string
	Intro     []string
	Sections  []digestSection
	Reasons   string // label in front of a service's reasons
	Answer    string // label in front of a link
	Keep      string // what to know about the links
	Footer    []string
}

// A digestSection holds the requests about a need, or those that still wait for an answer.
type digestSection struct {
	Heading  string
	Requests []digestRequest
}

type digestRequest struct {
	Title    string
	Lead     string
	Facts    []string
	Services []serviceLine
	By       string // until when to answer
	URL      string
}

// write writes the mail. Its reader is who was matched last: what the catalogue says of an organization may have changed.
func (g *gathering) write() (Mail, error) {
	newest := slices.MaxFunc(g.told, func(a, b gathered) int { return a.heard.ledger.Notified.At.Compare(b.heard.ledger.Notified.At) })
	p, organization := newest.planner, newest.share.Organization
	say := briefing.Speak(organization.Immerse.Language, p.Pack.Languages)
	sections, until, err := g.sections(say)
	if err != nil {
		return Mail{}, err
	}
	fresh := len(slices.DeleteFunc(slices.Clone(g.told), func(one gathered) bool { return !one.fresh() }))
	title, count := "mail.digest.subject", fresh
	if fresh == 0 {
		title, count = "mail.digest.subject.waiting", len(g.told)
	}
	l := digestLetter{
		Lang: say.Lang(), Dir: say.Dir(),
		Title:    say.N(title, count, "date", p.day(say.Printer, g.at)),
		Intro:    []string{say.T("mail.authority.greeting"), say.T("mail.digest.lead"), say.T("mail.digest.urgent")},
		Sections: sections,
		Reasons:  say.T("mail.authority.reasons"), Answer: say.T("mail.authority.answer"),
		Keep:   say.T("mail.digest.link", "date", p.day(say.Printer, until)),
		Footer: []string{say.T("mail.authority.private"), say.T("mail.authority.footer", "country", p.Pack.NameIn(say.Lang()))},
	}
	if g.full {
		l.Intro = append(l.Intro, say.T("mail.digest.more"))
	}
	to, reachable := p.inbox(organization)
	m := Mail{To: to, Dead: !reachable, Language: l.Lang, Subject: oneLine(l.Title)}
	m.Text, m.HTML, err = set("digest", l)
	return m, err
}

// sections set the requests out: those that still wait for an answer first, as their time is the shortest, then the new ones by
// need. until is when the first of the links ends.
func (g *gathering) sections(say briefing.Speaker) (sections []digestSection, until time.Time, err error) {
	requests := map[string][]digestRequest{} // by need; "" still wait, and of events.Outcome it is asked what came
	sorted := slices.SortedStableFunc(slices.Values(g.told), func(a, b gathered) int {
		return cmp.Or(
			cmp.Compare(slices.Index(codes.Urgencies, a.heard.assessment.Urgency), slices.Index(codes.Urgencies, b.heard.assessment.Urgency)),
			a.heard.submitted.Compare(b.heard.submitted), strings.Compare(a.heard.reference, b.heard.reference),
		)
	})
	for _, one := range sorted {
		request, answer, err := one.request(say)
		if err != nil {
			return nil, until, err
		}
		need := "" // still wait for an answer
		switch {
		case one.outcome:
			need = events.Outcome
		case one.fresh():
			need = one.share.Needs()[0]
		}
		requests[need] = append(requests[need], request)
		if until.IsZero() || answer.until.Before(until) {
			until = answer.until
		}
	}
	for _, need := range append([]string{"", events.Outcome}, codes.Needs...) {
		if len(requests[need]) == 0 {
			continue
		}
		heading := say.T("mail.digest.waiting")
		switch need {
		case "":
		case events.Outcome:
			heading = say.T("mail.digest.outcome")
		default:
			heading = say.Needs([]string{need})
		}
		sections = append(sections, digestSection{Heading: heading, Requests: requests[need]})
	}
	return sections, until, nil
}

// request is what an instant mail would tell of a referral, with a link of its own.
func (one gathered) request(say briefing.Speaker) (digestRequest, answer, error) {
	p, told := one.planner, briefing.New(say, one.planner.Pack, one.heard.assessment, one.share)
	answer, err := p.answer(one.heard, one.share)
	if err != nil {
		return digestRequest{}, answer, fmt.Errorf("writing of %s: %w", one.heard.reference, err)
	}
	request := digestRequest{
		Title: say.T("referral.title", "reference", one.heard.reference),
		Lead:  say.T("mail.authority.lead."+told.Kind, "needs", told.Needs),
		Facts: told.Facts[1:], // the first are the needs, which were just said
		By:    say.T("referral.due", "date", p.day(say.Printer, answer.due.Add(-time.Second))),
		URL:   answer.url,
	}
	if one.outcome {
		words := p.outcomeWords(say, one.heard, referralOf(one.heard.ledger, one.waits.Mail))
		request.Lead, request.By = words[0], words[1]
	}
	for _, service := range told.Services {
		request.Services = append(request.Services, serviceLine{
			Name: service.Name, Verdict: service.Verdict, Reasons: service.Reasons, Notes: service.Notes,
		})
	}
	return request, answer, nil
}
