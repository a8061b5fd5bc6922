package notification

import (
	"context"
	"strings"
	"time"

	"github.com/miict/immerse/shared/briefing"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/store"
)

// Waits is the list of what goes with authorities' next digests. *store.Store is the real one; doing anything twice is the same
// as once.
type Waits interface {
	// Wait puts a mail on the list.
	Wait(ctx context.Context, country string, w store.WaitingMail) error
	// Waiting lists a page of what waits for an organization, from behind a place on.
	Waiting(ctx context.Context, country, organization, after string, limit int32) (page []store.WaitingMail, next string, err error)
	// Tell records in the ledger what became of a mail that waited. The error wraps store.ErrState if it doesn't wait any more.
	Tell(ctx context.Context, reference string, mail store.Mail) error
}

// waits tells whether an organization is told with its next digest: it wants one mail a day, and the person can wait.
func (p Planner) waits(h hearing, o *hsds.Organization) bool {
	return o.Immerse != nil && o.Immerse.Delivery == hsds.DeliveryDaily && !h.urgent()
}

// waiting stands for a mail that isn't written now.
func (p Planner) waiting(h hearing, o *hsds.Organization, id string) Mail {
	to, reachable := p.inbox(o)
	return Mail{ID: id, Kind: kindAuthority, Reference: h.reference, To: to, Dead: !reachable, WaitsFor: o.ID}
}

// wait puts mails on the list, before the ledger says that they wait: what is on the list by mistake is struck off.
func (h *Handler) wait(ctx context.Context, mails []Mail, now time.Time) error {
	for _, m := range mails {
		waits := store.WaitingMail{Organization: m.WaitsFor, Reference: m.Reference, Mail: m.ID, At: now}
		if err := h.Waits.Wait(ctx, h.Planner.Pack.Code, waits); err != nil {
			return err
		}
	}
	return nil
}

// waiting are the entries of mails that wait.
func (r *round) waiting() []store.Mail {
	entries := make([]store.Mail, 0, len(r.waits))
	for _, m := range r.waits {
		entries = append(entries, store.Mail{ID: m.ID, State: store.MailWaiting, At: r.Now(), Attempts: r.attempt(m)})
	}
	return entries
}

// whoIsTold says to the person to whom was written, and who is told later and when. A mail that comes on the list while the
// digest is being made goes a day later, so the day that is said is the last that it can be.
func (p Planner) whoIsTold(say speaker, h hearing) (lines []string) {
	const slack = 15 * time.Minute
	var later []string
	shares, _ := briefing.Shares(p.facts(), h.assessment.Told(h.round))
	for _, share := range shares {
		if p.waits(h, share.Organization) {
			later = append(later, share.Organization.Name)
		}
	}
	if len(shares) > len(later) {
		lines = append(lines, say.T("mail.receipt.notified"))
	}
	if len(later) > 0 {
		at := p.Calendar.NextAt(h.matched.Add(slack), h.assessment.Region, p.Pack.DigestAt())
		lines = append(lines, say.T("mail.receipt.daily", "date", p.day(say.Printer, at), "organizations", strings.Join(later, say.T("list.comma"))))
	}
	return lines
}
