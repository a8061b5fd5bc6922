package followup

import (
	"time"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

// A turn is what is to be done about a referral, and when to look at it again: never when zero.
type turn struct {
	what string // of events.ReferralDueV1; empty: nothing
	ends bool   // the referral expires
	next time.Time
}

// turnOf works out whose turn it is. One sweep does one thing about a referral: after an outage an authority is not reminded and
// passed over at once.
func (h *Handler) turnOf(ledger store.Ledger, clock store.Clock, now time.Time) (turn, error) {
	mail := ledger.Mail(clock.Mail)
	life, err := ledger.Life(mail)
	if err != nil {
		return turn{}, err
	}
	answer := life.Answer
	done := func(what string) bool { return ledger.Mail(mail.Follow(what)).State != "" }
	switch state := answer.State(); {
	case state == referral.Expired && answer.Reason() == "" && !done(events.Lapse):
		return turn{what: events.Lapse}, nil // by a sweep that died before it could tell
	case state == referral.Expired && answer.Reason() == referral.NoOutcome && !done(events.Close):
		return turn{what: events.Close}, nil // likewise
	case state.Final():
		return turn{}, nil
	case state == referral.Accepted:
		return h.accepted(mail.Answer.At, done(events.Outcome), now), nil
	case !now.Before(clock.Lapse):
		return turn{what: events.Lapse, ends: true}, nil
	case !now.Before(clock.Escalate):
		return once(events.Escalate, done(events.Escalate), clock.Lapse), nil
	case life.State() == referral.Bounced && !now.Before(clock.Remind):
		return once(events.Escalate, done(events.Escalate), clock.Lapse), nil // nobody is there to be reminded
	case !clock.Remind.IsZero() && !now.Before(clock.Remind):
		return once(events.Remind, done(events.Remind), clock.Escalate), nil
	case clock.Remind.IsZero():
		return turn{next: clock.Escalate}, nil
	}
	return turn{next: clock.Remind}, nil
}

// stillAsked is for how long an outcome is asked for that could not be asked for on the first day: a day off where the person lives, an
// event that is to come.
const stillAsked = 10 * 24 * time.Hour

// accepted is the turn of a referral that was accepted: the outcome is asked for once, on a working day, and not waited for without end.
func (h *Handler) accepted(at time.Time, asked bool, now time.Time) turn {
	end := at.Add(referral.OutcomeTime)
	ask := h.Calendar.NextMorning(h.Calendar.Deadline(at, h.Country, referral.OutcomeDays), h.Country)
	switch {
	case !now.Before(end):
		return turn{what: events.Close, ends: true}
	case asked || now.After(ask.Add(stillAsked)):
		return turn{next: end}
	case now.Before(ask):
		return turn{next: ask}
	}
	return turn{what: events.Outcome, next: now} // looked at again tomorrow
}

func once(what string, done bool, next time.Time) turn {
	if done {
		what = ""
	}
	return turn{what: what, next: next}
}
