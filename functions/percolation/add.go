package percolation

import (
	"context"
	"errors"
	"slices"
	"time"

	immerse "github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
)

// errPending is for an application that something is for and that can't be added to yet: its former mails are on their way.
var errPending = errors.New("the application is not notified of its former matches yet")

// add adds to an application what of the services is new to it, and has notification told. It tells whether there was
// anything.
func (h *Handler) add(ctx context.Context, q question, event immerse.Envelope, c *candidate) (told bool, err error) {
	extended, any := h.extend(q, c)
	switch {
	case !any && c.found.State == store.Matched && c.found.Round > 0:
		// Added before, perhaps by a run that died before it could send this.
		return false, h.sendOn(ctx, event, c)
	case !any:
		return false, nil
	case c.found.State != store.Notified:
		return false, errPending
	}
	addition, err := h.seal(q, c, extended)
	if err != nil {
		return false, err
	}
	err = h.Store.MatchedAgain(ctx, c.found, addition)
	if errors.Is(err, store.ErrState) {
		return false, errPending // another was quicker, or it was erased: the next look tells
	}
	if err != nil {
		return false, err
	}
	c.found.Versions = addition.Made
	if err := h.sendOn(ctx, event, c); err != nil {
		return false, err
	}
	if !addition.Open {
		return true, h.unlist(ctx, store.OpenEntry{Reference: c.found.Reference, Place: c.found.OpenSince})
	}
	return true, nil
}

// extend gives the assessment with what of the services is new: matches for needs that have room, and services that had no
// place and have one again.
func (h *Handler) extend(q question, c *candidate) (extended assessment.Assessment, any bool) {
	extended = c.assessment
	now := h.Now()
	needs := c.person.Profile.Needs
	var arrived []string
	for _, m := range q.matches(c.person, now) {
		waited := extended.IsWaiting(m.Service) && extended.Has(m.Service, m.Need)
		if waited && q.full[m.Service] || !waited && extended.Room(m.Need, q.release.PerNeed) <= 0 {
			continue
		}
		if extended.Add(m, needs, c.found.Round+1) {
			any = true
			arrived = append(arrived, m.Service)
		}
	}
	slices.Sort(arrived)
	extended.Arrived(slices.Compact(arrived))
	return extended, any
}

// seal makes of an assessment what is recorded.
func (h *Handler) seal(q question, c *candidate, extended assessment.Assessment) (store.Addition, error) {
	extended.Record(assessment.Made{Round: c.found.Round + 1, Catalogue: q.release.Source.Version, Rules: q.release.Rules, Snapshot: q.digest})
	encoded, err := extended.Encode()
	if err != nil {
		return store.Addition{}, err
	}
	sealed, err := c.sealer.Seal(vault.Result, encoded)
	return store.Addition{
		Result: sealed, Made: store.Versions{Catalogue: q.release.Source.Version, Rules: q.release.Rules}, At: h.Now().UTC().Truncate(time.Millisecond),
		Open: extended.Open(c.found.Needs, q.release.PerNeed),
	}, err
}

// sendOn tells notification, by the queue that the case's urgency asks for.
func (h *Handler) sendOn(ctx context.Context, cause immerse.Envelope, c *candidate) error {
	of := c.found
	event, err := immerse.New(immerse.Origin{
		ID: h.NewID(), Source: immerse.Source(h.Country, "percolation"), Subject: of.Reference, Time: h.Now(), TraceParent: cause.TraceParent,
	}, immerse.ApplicationMatchedV1{Country: of.Country, SubmittedAt: of.SubmittedAt, Catalogue: of.Catalogue})
	if err != nil {
		return err
	}
	if codes.Urgent(c.assessment.Urgency) {
		return h.Urgent.Send(ctx, event)
	}
	return h.Next.Send(ctx, event)
}
