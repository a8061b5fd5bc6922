package followup

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

const (
	actor = "followup"
	// act is the id of what the clock decides: deciding it again is the same.
	act = "clock"
	// erasing is how long before the end of its retention an application is erased: longer than any run of days off, so that it
	// is still there to be.
	erasing = 7 * 24 * time.Hour
)

// keep does what is due at an appointment, makes the next, and takes this one off the list. A failure leaves it there.
func (h *Handler) keep(ctx context.Context, a store.Appointment, now time.Time, done *Report) error {
	found, err := h.Store.Application(ctx, a.Reference)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return h.Agenda.Cancel(ctx, h.Country, a)
	case err != nil:
		return err
	case !now.Before(found.Expires.Add(-erasing)) && a.Of != "":
		return h.Agenda.Cancel(ctx, h.Country, a) // the application's own appointment sees to it
	case !now.Before(found.Expires.Add(-erasing)):
		if err := h.erase(ctx, found, now, done); err != nil {
			return err
		}
		return h.Agenda.Cancel(ctx, h.Country, a)
	}
	next := found.Expires.Add(-erasing)
	if a.Of != "" {
		next = time.Time{} // the application has another appointment, for its own end
	}
	if found.State != store.Erased {
		for _, clock := range a.Clocks {
			again, err := h.turn(ctx, found, a, clock, now, done)
			if err != nil {
				return err
			}
			event, err := h.eventDay(ctx, found, a, clock, now, done)
			if err != nil {
				return err
			}
			for _, at := range []time.Time{again, event} {
				if !at.IsZero() && (next.IsZero() || at.Before(next)) {
					next = at
				}
			}
		}
	}
	if next.IsZero() {
		return h.Agenda.Cancel(ctx, h.Country, a)
	}
	if !next.After(now) {
		return h.move(ctx, a, tomorrow(now, h.Zone)) // late: one thing a day
	}
	return h.move(ctx, a, store.Day(next, h.Zone))
}

// move makes the next appointment before it cancels this one. One for later on the same day stays.
func (h *Handler) move(ctx context.Context, a store.Appointment, day string) error {
	if day == a.Day {
		return nil
	}
	next := a
	next.Day = day
	if err := h.Agenda.Appoint(ctx, h.Country, next); err != nil {
		return err
	}
	return h.Agenda.Cancel(ctx, h.Country, a)
}

// turn does what is to be done about one referral, and gives when to look at it again.
func (h *Handler) turn(ctx context.Context, found store.Application, a store.Appointment, clock store.Clock, now time.Time, done *Report) (time.Time, error) {
	mail := found.Ledger.Mail(clock.Mail)
	authority, _, ok := mail.Authority()
	if !ok || mail.State == "" {
		return time.Time{}, nil // there is no such referral: its sender died before it began, and made another appointment since
	}
	due, err := h.turnOf(found.Ledger, clock, now)
	if err != nil {
		return time.Time{}, fmt.Errorf("%s of %s: %w", clock.Mail, found.Reference, err)
	}
	if due.ends {
		if err := h.expire(ctx, found, authority, a.Round, now); err != nil {
			return time.Time{}, err
		}
		done.Expired++
	}
	switch due.what {
	case "":
		return due.next, nil
	case events.Remind:
		done.Reminded++
	case events.Escalate:
		done.Escalated++
	case events.Outcome:
		done.Outcomes++
	}
	return due.next, h.tell(ctx, a, authority, due.what)
}

// expire ends a referral. Whoever answers in the same moment was quicker: then the next look finds an answer.
func (h *Handler) expire(ctx context.Context, found store.Application, authority string, round int, now time.Time) error {
	answer, err := found.Ledger.Mail(store.ReferralID(authority, round)).Decided()
	if err != nil {
		return err
	}
	expire, err := referral.NewAct(referral.Expire, "", "")
	if err != nil {
		return err
	}
	next, err := answer.After(expire)
	if err != nil {
		return err
	}
	return h.Store.Answer(ctx, store.Step{
		Reference: found.Reference, Authority: authority, Round: round, Found: found.Ledger,
		Audit: store.Audit{At: now.UTC(), Actor: actor, Action: "expired:" + authority},
	}, store.AnswerOf(next, now.UTC(), act))
}

// tell has notification write, those first who can't wait. It looks again whether it should, and remembers under the id of the mail
// that it did.
func (h *Handler) tell(ctx context.Context, a store.Appointment, authority, what string) error {
	event, err := events.New(events.Origin{
		ID: h.NewID(), Source: events.Source(h.Country, actor), Subject: a.Reference, Time: h.Now(),
	}, &events.ReferralDueV1{Country: h.Country, Authority: authority, Round: a.Round, What: what})
	if err != nil {
		return err
	}
	if a.Urgent {
		return h.Urgent.Send(ctx, event)
	}
	return h.Queue.Send(ctx, event)
}

// erase erases an application whose time is over, and then says so in the evidence: what is attested is true.
func (h *Handler) erase(ctx context.Context, found store.Application, now time.Time, done *Report) error {
	if err := h.free(ctx, found.Reference); err != nil {
		return err
	}
	if err := h.Store.Erase(ctx, found, "retention", now.UTC()); err != nil {
		return err
	}
	if found.State != store.Erased { // it may have several appointments
		done.Erased++
	}
	return h.Store.Attest(ctx, h.Country, found.Reference, now)
}

// free has the places of an application that is about to be erased given back; without one, those looked for whose time is over.
func (h *Handler) free(ctx context.Context, reference string) error {
	event, err := events.PlacesOver(h.Country, reference, events.Origin{ID: h.NewID(), Source: events.Source(h.Country, actor), Time: h.Now()})
	if err != nil {
		return err
	}
	return h.Freed.Send(ctx, event)
}
