package referral

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/ticket"
	"github.com/miict/immerse/shared/web"
)

// A post is a form that was sent, with the id that its page gave it.
type post struct {
	url.Values
	act string
}

// sent are the choices to give back in a page that asks for more.
func (p post) sent() map[string]string {
	kept := map[string]string{}
	for _, name := range []string{"action", "reason", "outcome", "question"} {
		kept[name] = p.Get(name)
	}
	kept["text"] = web.FirstLetters(p.Get("text"), 2*page.MostQuestionLetters)
	return kept
}

// fields are those that the page's forms have. Each is sent once.
var fields = []string{"form", "action", "reason", "outcome", "question", "text"}

// repeats tells whether a field was sent more than once: which of its values was meant, nobody knows.
func (p post) repeats() bool {
	return slices.ContainsFunc(fields, func(name string) bool { return len(p.Values[name]) > 1 })
}

// act answers a POST: it does one thing, once. The token of the form shows that it comes from the page that this link showed.
func (h *Handler) act(ctx context.Context, r request) response {
	switch {
	case r.CrossSite(h.BaseURL):
		return h.problem(r, http.StatusForbidden, "cross_site")
	case !r.isForm():
		return h.problem(r, http.StatusUnsupportedMediaType, "unsupported_media_type")
	case len(r.Body) > maxBody:
		return h.problem(r, http.StatusRequestEntityTooLarge, "too_large")
	}
	form, _ := url.ParseQuery(string(r.Body)) // what can't be read is left out, and then missing
	p := post{Values: form}
	c, err := h.look(ctx, r)
	if isVoid(err) && p.Get("action") == actionLink && !p.repeats() {
		return h.sendLink(ctx, r, c, p, err)
	}
	if err != nil {
		return h.lost(r, c, err)
	}
	p.act, err = h.Links.ReadForm(ctx, r.token, form.Get("form"))
	switch {
	case errors.Is(err, ticket.ErrInvalid), errors.Is(err, ticket.ErrExpired):
		return h.again(r, c, p, http.StatusForbidden, "form", nil)
	case err != nil:
		return h.failed(r, c, err)
	case p.repeats():
		return h.again(r, c, p, http.StatusUnprocessableEntity, "twice", nil)
	}
	switch p.Get("action") {
	case "ask":
		return h.ask(ctx, r, c, p)
	case "contact":
		return h.contact(ctx, r, c)
	case "replies":
		return h.replies(ctx, r, c)
	case string(referral.Accept), string(referral.Decline), string(referral.Finish):
		return h.decide(ctx, r, c, p)
	}
	return h.again(r, c, p, http.StatusUnprocessableEntity, "action", nil)
}

// again shows the page with what was missing, and with what was chosen.
func (h *Handler) again(r request, c *referred, p post, status int, problem string, params map[string]any) response {
	return h.page(r, c, status, "refused: "+problem, func(v *page.AuthorityView) {
		v.Problem, v.Params, v.Sent = problem, params, p.sent()
	})
}

// decide takes the authority's answer.
func (h *Handler) decide(ctx context.Context, r request, c *referred, p post) response {
	act, err := referral.Chosen(referral.Verb(p.Get("action")), p.Get("outcome"), p.Get("reason"))
	if errors.Is(err, referral.ErrCode) {
		p.Del("reason") // or it would come back ticked, and a browser can't untick it
		return h.again(r, c, p, http.StatusUnprocessableEntity, "helped", nil)
	}
	if err != nil {
		return h.again(r, c, p, http.StatusUnprocessableEntity, lacking(p, err), nil)
	}
	if c.entry.Answer != nil && c.entry.Answer.Act == p.act {
		return h.done(r, c, "done before", "") // the same form, sent twice
	}
	next, err := c.answer.After(act)
	if err != nil {
		return h.late(r, c)
	}
	now := h.Now().UTC()
	event, err := h.tell(ctx, r, c, string(next.State()), p.act)
	if err != nil {
		return h.failed(r, c, err)
	}
	err = h.Referrals.Answer(ctx, c.step(now, next.Code()), store.AnswerOf(next, now, p.act))
	return h.wrote(ctx, r, c, err, next.Code(), event)
}

// lacking is the code of what an answer is incomplete for.
func lacking(p post, err error) string {
	switch {
	case errors.Is(err, referral.ErrOutcome):
		return "outcome"
	case p.Get("action") == string(referral.Finish):
		return "why"
	}
	return "reason"
}

// tell sends notification the message, which does nothing unless the write follows.
func (h *Handler) tell(ctx context.Context, r request, c *referred, step, act string) (id string, err error) {
	event, err := events.New(events.Origin{
		ID: h.NewID(), Source: events.Source(h.Pack.Code, "referral"), Subject: c.ticket.Reference, Time: h.Now(), TraceParent: r.Trace,
	}, &events.ReferralDecidedV1{Country: h.Pack.Code, Authority: c.ticket.Authority, Round: c.ticket.Round, Step: step, Act: act})
	if err != nil {
		return "", err
	}
	if err := h.queue(c).Send(ctx, event); err != nil {
		return "", fmt.Errorf("telling notification of %s: %w", c.ticket.Reference, err)
	}
	return event.ID, nil
}

// queue is the one that the case's urgency asks for: who accepted an urgent case waits for the contact.
func (h *Handler) queue(c *referred) Queue {
	if c.told != nil && c.told.Urgent {
		return h.Urgent
	}
	return h.Queue
}

// wrote answers after a write. One that was refused came too late; the page shows how the referral stands now.
func (h *Handler) wrote(ctx context.Context, r request, c *referred, err error, outcome, event string) response {
	switch {
	case errors.Is(err, store.ErrState):
		now, err := h.look(ctx, r)
		if err != nil {
			return h.lost(r, now, err)
		}
		return h.late(r, now)
	case err != nil:
		return h.failed(r, c, err)
	}
	return h.done(r, c, outcome, event)
}

// late shows somebody what happened instead.
func (h *Handler) late(r request, c *referred) response {
	return h.page(r, c, http.StatusConflict, "too late", func(v *page.AuthorityView) { v.Late = true })
}

// done sends the browser to the page, so that loading it again does nothing again.
func (h *Handler) done(r request, c *referred, outcome, event string) response {
	n := c.note(outcome)
	n.event = event
	return response{status: http.StatusSeeOther, headers: map[string]string{"Location": address(r.token, r.asked)}, note: n}
}
