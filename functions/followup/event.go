package followup

import (
	"context"
	"errors"
	"time"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/store"
)

// late is how long after its time a person is still reminded of an event: until the day of the event itself.
const late = 24 * time.Hour

// eventDay has the person reminded of the event that a referral is about, once, unless the referral has ended. It gives when to
// look again, never when zero.
func (h *Handler) eventDay(ctx context.Context, found store.Application, a store.Appointment, clock store.Clock, now time.Time, done *Report) (time.Time, error) {
	mail := found.Ledger.Mail(clock.Mail)
	authority, _, ok := mail.Authority()
	answer, err := mail.Decided()
	switch {
	case err != nil:
		return time.Time{}, err
	case !ok, mail.State == "", clock.Event.IsZero(), answer.State().Final(), now.After(clock.Event.Add(late)):
		return time.Time{}, nil
	case now.Before(clock.Event):
		return clock.Event, nil
	case found.Ledger.Mail(mail.Follow(events.EventDay)).State != "":
		return time.Time{}, nil
	}
	done.Events++
	return time.Time{}, h.tell(ctx, a, authority, events.EventDay)
}

// dayOff reminds people of the events of tomorrow on a day on which nobody else is written to: they wished it, and an
// event can be on a Monday. Everything else that is due stays for the next working day, and so do the appointments: the
// ledger tells what was sent.
func (h *Handler) dayOff(ctx context.Context, now time.Time, done *Report) error {
	day := store.Day(now, h.Zone)
	for shard := range store.DueShards {
		for after := ""; ; {
			page, next, err := h.Agenda.Appointments(ctx, h.Country, day, shard, after, pageSize)
			if err != nil {
				return err
			}
			for _, a := range page {
				if timeIsOver(ctx, h.Now()) {
					return nil
				}
				if err := h.eventDays(ctx, a, now, done); err != nil {
					if err := h.cantKeep(a, err, done); err != nil {
						return err
					}
				}
			}
			if after = next; after == "" {
				break
			}
		}
	}
	done.Finished = true
	return nil
}

// eventDays looks at the events of one appointment.
func (h *Handler) eventDays(ctx context.Context, a store.Appointment, now time.Time, done *Report) error {
	for _, clock := range a.Clocks {
		if clock.Event.IsZero() || now.Before(clock.Event) {
			continue
		}
		found, err := h.Store.Application(ctx, a.Reference)
		if errors.Is(err, store.ErrNotFound) || found.State == store.Erased {
			return nil
		}
		if err != nil {
			return err
		}
		done.Looked++
		if _, err := h.eventDay(ctx, found, a, clock, now, done); err != nil {
			return err
		}
	}
	return nil
}
