package notification

import (
	"context"
	"log/slog"
	"net/url"
	"time"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/briefing"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/occasion"
	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

// eventMorning is the hour, on the country's clocks, at which people are reminded on the day before.
const eventMorning = 9

// event is what a service is to people who take part in it; ok is false for a service without a date.
func (p Planner) event(service string) (occasion.Occasion, bool) {
	found, ok := p.facts().Service(service)
	if !ok {
		return occasion.Occasion{}, false
	}
	zone, err := p.Pack.Location()
	if err != nil {
		return occasion.Occasion{}, false
	}
	o, ok := occasion.Of(found, zone)
	return o, ok && o.Dated
}

// eventAmong gives the event of some matches. A registration is for one alone.
func (p Planner) eventAmong(matches []match.Match) (occasion.Occasion, bool) {
	for _, m := range matches {
		if o, ok := p.event(m.Service); ok {
			return o, true
		}
	}
	return occasion.Occasion{}, false
}

// eventNotes say to the person when and where an event is, and where its file for a calendar is.
func (p Planner) eventNotes(say speaker, o occasion.Occasion) []string {
	notes := []string{say.T("mail.event.when", "when", o.When(say.Printer))}
	if where := o.Where(); where != "" {
		notes = append(notes, say.T("mail.event.where", "where", where))
	}
	return append(notes, say.T("mail.event.page", "url", p.eventURL(o, say.Lang())))
}

func (p Planner) eventURL(o occasion.Occasion, lang string) string {
	return p.BaseURL + page.EventsPath + "/" + url.PathEscape(o.Service.ID) + "?" + url.Values{"lang": {lang}}.Encode()
}

// eventDue is when the time to answer is over: before the event begins, whatever is usual.
func (p Planner) eventDue(due time.Time, share briefing.Share) time.Time {
	if o, ok := p.eventAmong(share.Matches); ok && o.Start.Before(due) {
		return o.Start
	}
	return due
}

// remindAt is when the person is reminded of what they registered for: on the morning before, whatever day that is, as it is
// their own wish; zero if there is no such time any more.
func (p Planner) remindAt(h hearing, authority string, now time.Time) time.Time {
	if h.contact.Contact.Email == "" || h.contact.Updates == codes.UpdatesNone {
		return time.Time{}
	}
	shares, _ := briefing.Shares(p.facts(), h.assessment.Told(h.round))
	for _, share := range shares {
		o, ok := p.eventAmong(share.Matches)
		if share.Organization.ID != authority || !ok {
			continue
		}
		year, month, day := o.Start.Date()
		if at := time.Date(year, month, day-1, eventMorning, 0, 0, 0, o.Start.Location()); at.After(now) {
			return at
		}
	}
	return time.Time{}
}

// remindPerson writes the day before an event to who registered and was not refused. It holds no secret and names nobody.
func (p Planner) remindPerson(log *slog.Logger, h hearing, share briefing.Share, now time.Time) (mail Mail, ok bool, err error) {
	o, ok := p.eventAmong(share.Matches)
	if !ok || !now.Before(o.Start) {
		log.Info("the event has begun, or is none any more", "outcome", "late")
		return Mail{}, false, nil
	}
	say := sayToPerson(h.contact.Language, p.Pack.Languages)
	answer, err := h.ledger.Mail(store.ReferralID(share.Organization.ID, h.round)).Decided()
	if err != nil {
		return Mail{}, false, err
	}
	state := "mail.event.unanswered"
	switch {
	case o.Service.Status != hsds.StatusActive:
		state = "event.gone"
	case answer.State() == referral.Accepted:
		state = "mail.event.confirmed"
	}
	line := serviceLine{Lang: p.Pack.Languages[0], Name: o.Service.Name, Organization: share.Organization.Name, Notes: p.eventNotes(say, o)}
	l := letter{
		Lang: say.Lang(), Dir: say.Dir(),
		Title:    say.T("mail.event.subject", "date", occasion.Day(say.Printer, o.Start)),
		Intro:    []string{say.T("mail.receipt.greeting"), say.T("mail.event.lead", "reference", h.reference), say.T(state)},
		Sections: []section{{Heading: say.Code("event.kind", o.Service.Event().Kind), Services: []serviceLine{line}}},
		Help:     p.help(say),
		Follow:   link{Label: say.T("mail.receipt.follow"), URL: p.statusURL(h.reference, say.Lang())},
		Keep:     []string{say.T("mail.receipt.secret"), say.T("mail.receipt.erase")},
		Footer:   []string{say.T("mail.receipt.money"), say.T("mail.receipt.why")},
	}
	mail, err = write(l, Mail{Kind: events.EventDay, Reference: h.reference, To: h.contact.Contact.Email})
	return mail, err == nil && mail.To != "" && h.contact.Updates != codes.UpdatesNone && !p.isInbox(mail.To) && !complained(h.ledger), err
}

// facted are the facts that an authority is told, with when its event is: it may have several.
func (p Planner) facted(say briefing.Speaker, reference string, told briefing.Briefing, share briefing.Share) []string {
	facts := append([]string{say.T("mail.authority.reference", "reference", reference)}, told.Facts...)
	if o, ok := p.eventAmong(share.Matches); ok {
		facts = append(facts, say.T("mail.event.when", "when", o.When(say.Printer)))
	}
	return facts
}

// asOfNow puts what is announced now before what was when somebody registered: an event may have been moved or called off.
func (h *Handler) asOfNow(ctx context.Context, then published.Facts) (published.Facts, error) {
	current, err := h.Catalogue.Current(ctx)
	return announced{then, current}, err
}

type announced struct {
	published.Facts // of when somebody registered
	current         published.Current
}

// Service implements published.Facts. What is not announced any more is not active.
func (a announced) Service(id string) (*hsds.Service, bool) {
	if now, ok := a.current.Service(id); ok {
		return now, true
	}
	then, ok := a.Facts.Service(id)
	if !ok {
		return nil, false
	}
	gone := *then
	gone.Status = hsds.Statuses[1]
	return &gone, true
}
