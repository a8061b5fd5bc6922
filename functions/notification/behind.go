package notification

import (
	"context"
	"log/slog"
	"strings"

	"github.com/miict/immerse/shared/hsds"
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
		dead[inbox.Address] = true
	}
	return dead, err
}

// inbox is where mail to an organization goes: its own inbox, or the address behind it if that is dead. ok is false if
// there is neither: the mail then fails without being sent, and the address says which one is dead.
func (p Planner) inbox(o *hsds.Organization) (address string, ok bool) {
	if !p.Dead[strings.ToLower(o.Immerse.Inbox)] {
		return o.Immerse.Inbox, true
	}
	if behind, ok := p.behind(o); ok {
		return behind, true
	}
	return o.Immerse.Inbox, false
}

// behind is the address that is written to when nobody answers at an organization's own: the one that it names, else the inbox of
// the organization that it is part of.
func (p Planner) behind(o *hsds.Organization) (address string, ok bool) {
	candidates := []string{o.Immerse.Fallback}
	if parent, ok := p.facts().Organization(o.ParentOrganizationID); ok && parent.Immerse != nil {
		candidates = append(candidates, parent.Immerse.Inbox)
	}
	for _, address := range candidates {
		if address != "" && !sameAddress(address, o.Immerse.Inbox) && !p.Dead[strings.ToLower(address)] {
			return address, true
		}
	}
	return "", false
}

// nobodyBehind tells the operator that only they can help.
func nobodyBehind(log *slog.Logger, organization string) {
	log.Error("nobody answers, and nobody is behind the authority", "outcome", "nobody_behind", "organization", organization,
		"action", "call the organization; give it a fallback address in the catalogue")
}
