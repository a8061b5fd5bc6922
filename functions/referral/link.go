package referral

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/ticket"
)

// actionLink is the one thing that can be done with a link that is void: have a new one sent to the authority's inbox.
const actionLink = "link"

// isVoid tells whether a link was once good: whoever holds it got it from us, or from somebody who did.
func isVoid(err error) bool { return errors.Is(err, ticket.ErrExpired) || errors.Is(err, errRevoked) }

// offer is that of a new link. It says the same of every referral there is, open or not: who holds a void link is to learn nothing.
func (h *Handler) offer(r request, c *referred, err error) *page.LinkOffer {
	if c == nil || c.entry.State == "" || !isVoid(err) {
		return nil
	}
	offered := &page.LinkOffer{Action: address(r.token, r.asked)}
	if _, ok := c.application.Ledger.NewLink(c.entry, h.Now()); !ok {
		if offered.Sent = h.local(c.application.Ledger.LinkSent(c.entry)); offered.Sent.IsZero() {
			return nil // none arrived, and none is tried again
		}
		return offered
	}
	if offered.Form, err = h.Links.Form(r.token); err != nil {
		return nil
	}
	return offered
}

// sendLink has a new link sent. It goes to the inbox that is known and nowhere else, so that whoever asks for it need not be trusted;
// how often is for the ledger to say, here and where it is sent (store.NewLink).
func (h *Handler) sendLink(ctx context.Context, r request, c *referred, p post, void error) response {
	if _, err := h.Links.ReadForm(ctx, r.token, p.Get("form")); err != nil {
		return h.lost(r, c, void)
	}
	if _, ok := c.application.Ledger.NewLink(c.entry, h.Now()); !ok || c.entry.State == "" {
		return h.lost(r, c, void)
	}
	event, err := events.New(events.Origin{
		ID: h.NewID(), Source: events.Source(h.Pack.Code, "referral"), Subject: c.ticket.Reference, Time: h.Now(), TraceParent: r.Trace,
	}, &events.ReferralDueV1{Country: h.Pack.Code, Authority: c.ticket.Authority, Round: c.ticket.Round, What: events.NewLink})
	if err == nil {
		err = h.Queue.Send(ctx, event)
	}
	if err != nil {
		return h.failed(r, c, fmt.Errorf("asking for a new link of %s: %w", c.ticket.Reference, err))
	}
	r.lang = c.speaker.Lang()
	answer := h.problem(r, http.StatusAccepted, "link_sent")
	answer.note = c.note("new link")
	answer.note.event = event.ID
	return answer
}
