package referral

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/briefing"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/ticket"
	"github.com/miict/immerse/shared/vault"
)

// referred is what a link leads to: one referral of one application to one authority.
type referred struct {
	ticket      ticket.Ticket
	application store.Application
	entry       store.Mail // the referral's, in the ledger
	answer      referral.Answer
	keys        vault.Keys
	person      *vault.Person // result and dialogue; nil once the referral is closed: nobody needs to look any more
	told        *briefing.Briefing
	name        string // the organization's
	speaker     briefing.Speaker
}

func (c *referred) note(outcome string) note {
	if c == nil {
		return note{outcome: outcome}
	}
	return note{outcome: outcome, reference: c.ticket.Reference, authority: c.ticket.Authority}
}

// state is what the page says. How far a mail came is nothing to its reader, who has it.
func (c *referred) state() referral.State { return referral.Referral{Answer: c.answer}.State() }

// step begins a change of the referral as it was read.
func (c *referred) step(at time.Time, action string) store.Step {
	return store.Step{
		Reference: c.ticket.Reference, Authority: c.ticket.Authority, Round: c.ticket.Round, Found: c.application.Ledger,
		Audit: store.Audit{At: at, Actor: "authority", Action: action + ":" + c.ticket.Authority},
	}
}

// Why a link leads to no referral.
var (
	errRevoked = errors.New("the link is revoked")
	errGone    = errors.New("the referral is gone")
)

// look follows a link. The error is of reading it, or errRevoked, errGone, or a trouble of ours; the case is given beside it
// as far as it is known, so that the answer can be in the right language.
func (h *Handler) look(ctx context.Context, r request) (*referred, error) {
	found, err := h.Links.Read(ctx, r.token)
	if errors.Is(err, ticket.ErrInvalid) || err != nil && !errors.Is(err, ticket.ErrExpired) {
		return nil, err
	}
	c := &referred{ticket: found, name: found.Authority, speaker: briefing.Speak(r.asked, h.Pack.Languages)}
	facts, troubled := h.Catalogue.Facts(ctx, "")
	if troubled != nil {
		return c, troubled
	}
	h.name(r, c, facts)
	if err == nil {
		return c, h.open(ctx, c)
	}
	if readErr := h.find(ctx, c); readErr != nil && !errors.Is(readErr, errRevoked) {
		return c, readErr
	}
	return c, err // too old
}

// name says who the authority is, and speaks its language unless another was asked for.
func (h *Handler) name(r request, c *referred, facts published.Facts) {
	organization, ok := facts.Organization(c.ticket.Authority)
	if !ok {
		return
	}
	c.name = organization.Name
	if r.asked == "" && organization.Immerse != nil {
		c.speaker = briefing.Speak(organization.Immerse.Language, h.Pack.Languages)
	}
}

// find reads the referral itself.
func (h *Handler) find(ctx context.Context, c *referred) (err error) {
	c.application, err = h.Applications.Application(ctx, c.ticket.Reference)
	if errors.Is(err, store.ErrNotFound) {
		return errGone
	}
	if err != nil {
		return err
	}
	c.entry = c.application.Ledger.Mail(store.ReferralID(c.ticket.Authority, c.ticket.Round))
	switch {
	case c.application.State == store.Erased, c.entry.State == "":
		return errGone
	case c.ticket.Generation < c.entry.Generation:
		return errRevoked
	}
	c.answer, err = c.entry.Decided()
	return err
}

// open reads what the page is made from.
func (h *Handler) open(ctx context.Context, c *referred) (err error) {
	if err = h.find(ctx, c); err != nil || c.state().Final() {
		return err
	}
	c.keys, err = h.Applications.Keys(ctx, c.application.KeysID)
	if errors.Is(err, store.ErrNotFound) {
		return errGone // an erasure that stopped half-way: it deletes the keys first
	}
	if err != nil {
		return err
	}
	if c.person, err = h.Ring.Person(c.ticket.Reference, c.keys); err != nil {
		return err
	}
	return h.brief(ctx, c)
}

// brief says what the authority is told, by the catalogue that it was matched with. It stays nil if the catalogue has no service of its own among the matches any more.
func (h *Handler) brief(ctx context.Context, c *referred) error {
	assessed, err := assessment.Open(c.person, c.application.Result)
	if err != nil {
		return err
	}
	facts, err := h.Catalogue.Facts(ctx, assessed.MadeWith(c.ticket.Round).Snapshot)
	if err != nil {
		return err
	}
	shares, _ := briefing.Shares(facts, assessed.Told(c.ticket.Round))
	i := slices.IndexFunc(shares, func(s briefing.Share) bool { return s.Organization.ID == c.ticket.Authority })
	if i >= 0 {
		told := briefing.New(c.speaker, h.Pack, assessed, shares[i])
		c.told = &told
	}
	return nil
}

// lost answers why a link leads to nothing.
func (h *Handler) lost(r request, c *referred, err error) response {
	if c != nil {
		r.lang = c.speaker.Lang()
	}
	refuse := func(status int, code string) response {
		answer := h.problemWith(r, status, code, h.offer(r, c, err))
		answer.note = c.note("refused: " + code)
		return answer
	}
	switch {
	case errors.Is(err, ticket.ErrInvalid):
		return refuse(http.StatusNotFound, "link_invalid")
	case errors.Is(err, ticket.ErrExpired):
		return refuse(http.StatusGone, "link_expired")
	case errors.Is(err, errRevoked):
		return refuse(http.StatusGone, "link_revoked")
	case errors.Is(err, errGone):
		return refuse(http.StatusGone, "referral_gone")
	}
	return h.failed(r, c, err)
}
