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
func turnOf(ledger store.Ledger, clock store.Clock, now time.Time) (turn, error) {
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
		if end := mail.Answer.At.Add(referral.OutcomeTime); now.Before(end) {
			return turn{next: end}, nil
		}
		return turn{what: events.Close, ends: true}, nil
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

func once(what string, done bool, next time.Time) turn {
	if done {
		what = ""
	}
	return turn{what: what, next: next}
}
