package notification

import (
	"context"
	"slices"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/store"
)

// lost are the requests to authorities' own inboxes that SES did not take: nobody there will ever read them.
func (r *round) lost(group []Mail, entries []store.Mail) (lost []Mail) {
	for _, m := range group {
		failed := slices.ContainsFunc(entries, func(e store.Mail) bool { return e.ID == m.ID && e.State == store.MailFailed })
		if _, _, begins := (store.Mail{ID: m.ID}).Authority(); failed && begins && !m.Dead && !m.Behind {
			lost = append(lost, m)
		}
	}
	return lost
}

// elsewhere has whoever is behind those authorities asked at once, as feedback does for a mail that comes back (decision 2601). It is
// a message of its own, as these mails have the ledger. One that can't be sent, or is lost with this invocation, is made up for by
// the escalation, some days later.
func (r *round) elsewhere(ctx context.Context, lost []Mail) {
	for _, m := range lost {
		authority, round, _ := store.Mail{ID: m.ID}.Authority()
		code := r.Planner.Pack.Code
		event, err := events.New(events.Origin{
			ID: r.NewID(), Source: events.Source(code, "notification"), Subject: m.Reference, Time: r.Now(),
		}, &events.ReferralDueV1{Country: code, Authority: authority, Round: round, What: events.Fallback})
		if err == nil {
			err = r.queueFor(m).SendLater(ctx, event, 0)
		}
		if err != nil {
			r.log.Warn("whoever is behind an authority is asked with the escalation only", "outcome", "not_asked", "authority", authority, "error", err.Error())
		}
	}
}

// queueFor is the one of the urgent, which is the last, or else the first.
func (h *Handler) queueFor(m Mail) Queue {
	if m.Urgent {
		return h.Queues[len(h.Queues)-1]
	}
	return h.Queues[0]
}
