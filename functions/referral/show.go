package referral

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/ticket"
)

// show answers a GET: it reads, and does nothing else.
func (h *Handler) show(ctx context.Context, r request) response {
	c, err := h.look(ctx, r)
	if err != nil {
		return h.lost(r, c, err)
	}
	return h.page(r, c, http.StatusOK, "shown", func(*page.AuthorityView) {})
}

// page answers with the referral's page as it stands, with what change puts on it.
func (h *Handler) page(r request, c *referred, status int, outcome string, change func(*page.AuthorityView)) response {
	form, err := h.Links.Form(r.token)
	if err != nil {
		return h.failed(r, c, err)
	}
	lang := c.speaker.Lang()
	view := page.AuthorityView{
		Shell: h.shell(lang), Action: address(r.token, r.asked), Form: form,
		Reference: c.ticket.Reference, Organization: c.name, Briefing: c.told, State: c.state(),
		Contact: page.ContactView{State: c.entry.Contact},
	}
	for _, other := range locale.Languages() {
		view.Shell.Links = append(view.Shell.Links, page.Link{Lang: other, URL: address(r.token, other)})
	}
	if c.entry.Due != nil {
		view.Due = h.local(c.entry.Due.Add(-time.Second)) // it ends with that day
	}
	if given := c.entry.Answer; given != nil {
		view.At, view.Outcome, view.Reason = h.local(given.At), given.Outcome, given.Reason
	}
	view.Asked, view.Replies = h.asked(c)
	if len(view.Asked) >= store.MostQuestions {
		view.MostAsked = store.MostQuestions
	}
	change(&view)
	return html(lang, status, c.note(outcome), func(w io.Writer) error { return page.Authority(w, view) })
}

func (h *Handler) local(at time.Time) time.Time { return at.In(h.Zone) }

// address is the page's own, in a language if one was asked for.
func address(token, lang string) string {
	path := ticket.Path + token
	if lang != "" {
		path += "?" + url.Values{"lang": {lang}}.Encode()
	}
	return path
}
