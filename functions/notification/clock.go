package notification

import (
	"context"
	"time"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/store"
)

// Agenda takes appointments: when referrals are looked at again (functions/followup). *store.Store is the real one.
type Agenda interface {
	// Appoint makes an appointment; doing so again makes it anew.
	Appoint(ctx context.Context, country string, a store.Appointment) error
}

// beforeTheEnd is how long before the end of its retention a case without any referral of its own to look at is first looked at: as
// followup erases it, longer than any run of days off. On the last day it may be a Saturday, and the case gone by Monday.
const beforeTheEnd = 7 * 24 * time.Hour

// appoint has the referrals of a plan followed up. It comes before their ledger: what is promised is kept whatever crashes
// next, and an appointment of referrals that never began is dropped by whoever keeps it.
func (h *Handler) appoint(ctx context.Context, planner Planner, heard hearing, mails []Mail) error {
	appointment := store.Appointment{Reference: heard.reference, Round: heard.round, Urgent: heard.urgent()}
	now := h.Now()
	first := heard.submitted.Add(h.Planner.Pack.Retention() - beforeTheEnd)
	for _, mail := range mails {
		if mail.Kind != kindAuthority || mail.WaitsFor != "" { // its time begins with the digest
			continue
		}
		clock := planner.clock(heard, mail, now)
		appointment.Clocks = append(appointment.Clocks, clock)
		if begin := begins(clock); begin.Before(first) {
			first = begin
		}
	}
	return h.appointOn(ctx, appointment, first, now)
}

// begins is when something is first done about a referral.
func begins(c store.Clock) time.Time {
	begin := c.Remind
	if begin.IsZero() {
		begin = c.Escalate
	}
	if !c.Event.IsZero() && c.Event.Before(begin) {
		begin = c.Event
	}
	return begin
}

// appointOn makes an appointment for the day of a moment.
func (h *Handler) appointOn(ctx context.Context, appointment store.Appointment, first, now time.Time) error {
	zone, err := h.Planner.Pack.Location()
	if err != nil {
		return err
	}
	if first.Before(now) {
		first = now // it was held up; nobody looks at days that are over
	}
	appointment.Day = store.Day(first, zone)
	return h.Agenda.Appoint(ctx, h.Planner.Pack.Code, appointment)
}

// clock works out when what is due about a referral, on working days where the person lives: a reminder on the last working day
// but one, or on the last itself if the case can't wait; an escalation on the first after the time to answer, and the end after as
// much time again. A reminder that goes with a digest is put on its list the day before.
func (p Planner) clock(h hearing, mail Mail, now time.Time) store.Clock {
	region := h.assessment.Region
	authority, _, _ := store.Mail{ID: mail.ID}.Authority()
	before := 1
	switch {
	case h.urgent():
		before = 0
	case mail.WaitsFor != "":
		before = 2
	}
	c := store.Clock{
		Mail: mail.ID, Remind: p.Calendar.Before(mail.Due, region, before), Escalate: p.Calendar.NextMorning(mail.Due, region),
		Lapse: p.lapse(h, mail.Due, authority),
	}
	c.Event = p.remindAt(h, authority, now)
	if !c.Remind.After(now) {
		c.Remind = time.Time{} // there is no day for one
	}
	return c
}

// lapse is when a referral ends that nobody answers: after as much time again as there was to answer.
func (p Planner) lapse(h hearing, due time.Time, authority string) time.Time {
	region := h.assessment.Region
	return p.Calendar.NextMorning(p.end(h, due, authority), region)
}

// end is until when whoever is behind an authority has time.
func (p Planner) end(h hearing, due time.Time, authority string) time.Time {
	return p.Calendar.Deadline(due.Add(-time.Nanosecond), h.assessment.Region, p.days(h, authority))
}

// days is how many working days an organization has to answer.
func (p Planner) days(h hearing, organization string) (days int) {
	if found, ok := p.facts().Organization(organization); ok && found.Immerse != nil {
		days = found.Immerse.ResponseDays
	}
	return p.Pack.AnswerIn(days, h.urgent())
}

// urgent tells whether the case can't wait.
func (h hearing) urgent() bool { return codes.Urgent(h.assessment.Urgency) }
