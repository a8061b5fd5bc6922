package notification

import (
	"context"
	"log/slog"
	"slices"
	"strings"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

// Inboxes knows those that nothing should be sent to. *store.Store is the real one.
type Inboxes interface {
	DeadInboxes(ctx context.Context, country string) ([]store.DeadInbox, error)
}

// dead are the addresses that nothing is sent to.
func (h *Handler) dead(ctx context.Context) (map[string]bool, error) {
	found, err := h.Inboxes.DeadInboxes(ctx, h.Planner.Pack.Code)
	dead := make(map[string]bool, len(found))
	for _, inbox := range found {
		if inbox.Closed(h.Now()) {
			dead[inbox.Address] = true
		}
	}
	return dead, err
}

// inbox is where mail to an organization goes: its own inbox, or the first address behind it if that is dead. ok is false if
// there is neither: the mail then fails without being sent, and the address says which one is dead.
func (p Planner) inbox(o *hsds.Organization) (address string, ok bool) {
	if !p.Dead[strings.ToLower(o.Immerse.Inbox)] {
		return o.Immerse.Inbox, true
	}
	if others := p.others(o); len(others) > 0 {
		return others[0], true
	}
	return o.Immerse.Inbox, false
}

// others are the addresses behind an organization's own that are not dead: the one that it names, and the inbox of the
// organization that it is part of.
func (p Planner) others(o *hsds.Organization) (addresses []string) {
	candidates := []string{o.Immerse.Fallback}
	if parent, ok := p.facts().Organization(o.ParentOrganizationID); ok && parent.Immerse != nil {
		candidates = append(candidates, parent.Immerse.Inbox)
	}
	for _, address := range candidates {
		known := slices.ContainsFunc(append(addresses, o.Immerse.Inbox), func(other string) bool { return sameAddress(address, other) })
		if address != "" && !known && !p.Dead[strings.ToLower(address)] {
			addresses = append(addresses, address)
		}
	}
	return addresses
}

// behind is the address that a referral is written to when nobody answers at an organization's own, or its mail comes back: the
// first of the others that wasn't asked yet. began is the mail that began the referral. Whoever was, because the inbox was dead from
// the start, is asked again if there is nobody else.
func (p Planner) behind(ledger store.Ledger, began store.Mail, o *hsds.Organization) (address string, ok bool) {
	others := p.others(o)
	asked := ledger.Mail(began.Follow(events.Fallback))
	if asked.State != "" && asked.Facts().State() != referral.Bounced && len(others) > 0 {
		others = others[1:]
	}
	if len(others) == 0 {
		return "", false
	}
	first := ledger.Mail(began.ID)
	if had := first.Behind && !first.Facts().Has(referral.PermanentBounce); (had || asked.Refused != nil) && len(others) > 1 {
		others = others[1:]
	}
	return others[0], true
}

// nobodyBehind tells the operator that only they can help.
func nobodyBehind(log *slog.Logger, organization string) {
	log.Error("nobody answers, and nobody is behind the authority", "outcome", "nobody_behind", "organization", organization,
		"action", "call the organization; give it a fallback address in the catalogue")
}
