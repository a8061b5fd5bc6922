package referral

import (
	"context"
	"errors"
	"net/http"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
)

// contact shows how to reach the person, after the look is on the trail that they can read: nobody looks unseen, also if
// what follows fails.
func (h *Handler) contact(ctx context.Context, r request, c *referred) response {
	if c.state() != referral.Accepted || c.entry.Contact != store.ContactReleased {
		return h.late(r, c)
	}
	err := h.Referrals.Viewed(ctx, c.step(h.Now().UTC(), "contact_shown"))
	if errors.Is(err, store.ErrState) {
		return h.wrote(ctx, r, c, err, "", "")
	}
	if err != nil {
		return h.failed(r, c, err)
	}
	released, err := h.Ring.OpenReleased(c.ticket.Reference, c.keys, vault.Contact, c.ticket.Authority)
	if err != nil {
		return h.failed(r, c, err)
	}
	var part application.ContactPart
	if err := released.OpenJSON(vault.Contact, c.application.Contact, &part); err != nil {
		return h.failed(r, c, err)
	}
	return h.page(r, c, http.StatusOK, "contact shown", func(v *page.AuthorityView) {
		v.Contact = page.ContactView{
			State: c.entry.Contact, Shown: true, Name: part.Contact.Name, Email: part.Contact.Email, Phone: part.Contact.Phone,
			Language: part.Language, Message: part.Message,
		}
	})
}
