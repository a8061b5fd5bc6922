package percolation

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	immerse "github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/match/percolate"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
)

// unmet looks for the next-best service after a referral that ended without help (decision 2202): for each need of it that
// nobody takes care of, one that the person may use, whose authority was never asked about this case and that has a place. It
// becomes a round of its own, with all that belongs to one.
func (h *Handler) unmet(ctx context.Context, event immerse.Envelope, failed immerse.ReferralUnmetV1) (outcome, error) {
	if failed.Tries > mostTries {
		return outcome{}, errStuck
	}
	ring, err := h.Ring(ctx)
	if errors.Is(err, vault.ErrNoRoot) {
		return outcome{}, nil
	}
	if err != nil {
		return outcome{}, err
	}
	done := outcome{lookedAt: 1}
	c, err := h.openOne(ctx, ring, store.OpenEntry{Reference: event.Subject})
	if err != nil || c == nil || c.found.Withdrawn != nil || !c.ended(failed) {
		return done, err
	}
	told, err := h.askNext(ctx, event, c, failed)
	if errors.Is(err, errPending) {
		done.pending = []string{event.Subject}
		return done, h.later(ctx, event, failed)
	}
	if told {
		done.told = 1
	}
	return done, err
}

// ended tells whether the referral has ended in a way after which another authority may help.
func (c *candidate) ended(failed immerse.ReferralUnmetV1) bool {
	answer := c.found.Ledger.Mail(store.ReferralID(failed.Authority, failed.Round)).Answer
	switch {
	case answer == nil || !slices.Contains(codes.Seeking, cmp.Or(c.person.Profile.Kind, codes.Support)):
		return false
	case answer.State == referral.Declined:
		return slices.Contains(referral.Elsewhere, answer.Reason)
	}
	return answer.State == referral.Expired && answer.Reason == "" // who accepted and told no outcome may have helped
}

// askNext adds what was found as a round, and has notification tell it. A run that died before it could send is gone on with.
func (h *Handler) askNext(ctx context.Context, event immerse.Envelope, c *candidate, failed immerse.ReferralUnmetV1) (told bool, err error) {
	begun := slices.ContainsFunc(c.assessment.Instead, func(i assessment.Instead) bool {
		return i.Authority == failed.Authority && i.After == failed.Round
	})
	switch {
	case begun && c.found.State == store.Matched:
		return false, h.sendOn(ctx, event, c)
	case begun:
		return false, nil
	}
	edition, err := h.Catalogue.UpTo(ctx, "")
	if err != nil {
		return false, err
	}
	q := question{release: edition.Made, digest: edition.Digest}
	extended, any, err := h.next(ctx, q, c, failed)
	switch {
	case err != nil || !any:
		return false, err
	case c.found.State != store.Notified:
		return false, errPending
	}
	addition, err := h.seal(q, c, extended)
	if err != nil {
		return false, err
	}
	if err := h.Store.MatchedAgain(ctx, c.found, addition); errors.Is(err, store.ErrState) {
		return false, errPending // another was quicker, or it was erased: the next look tells
	} else if err != nil {
		return false, err
	}
	c.found.Versions = addition.Made
	return true, h.sendOn(ctx, event, c)
}

// next gives the assessment with the best service for each need that is left without help. any tells whether there is one.
func (h *Handler) next(ctx context.Context, q question, c *candidate, failed immerse.ReferralUnmetV1) (extended assessment.Assessment, any bool, err error) {
	extended = c.assessment
	authorityOf := map[string]string{}
	for i := range q.release.Source.Services {
		if s := &q.release.Source.Services[i]; s.Immerse != nil {
			authorityOf[s.ID] = s.Immerse.Authority
		}
	}
	var added []string // services: one may serve several of the needs
	for _, need := range c.left(authorityOf, failed) {
		m, ok, err := h.best(ctx, q, c, need, added)
		if err != nil {
			return extended, false, err
		}
		if !ok || !extended.Add(m, c.person.Profile.Needs, c.found.Round+1) {
			continue
		}
		extended.Instead = append(slices.Clone(extended.Instead), assessment.Instead{
			Need: need, Service: m.Service, Round: c.found.Round + 1, Authority: failed.Authority, After: failed.Round,
		})
		any = true
		added = append(added, m.Service)
	}
	return extended, any, nil
}

// left are the needs of a referral that nobody takes care of, and for which there are tries left.
func (c *candidate) left(authorityOf map[string]string, failed immerse.ReferralUnmetV1) (needs []string) {
	helped := map[string]bool{}
	for _, m := range c.assessment.Result.Matches {
		round := c.assessment.RoundOf(m)
		authority := authorityOf[m.Service]
		answer := c.found.Ledger.Mail(store.ReferralID(authority, round)).Answer
		if answer != nil && (answer.State == referral.Accepted || answer.State == referral.Done && answer.Outcome != referral.NotHelped) {
			helped[m.Need] = true
		}
		if authority == failed.Authority && round == failed.Round && !c.assessment.IsWaiting(m.Service) && !slices.Contains(needs, m.Need) {
			needs = append(needs, m.Need)
		}
	}
	return slices.DeleteFunc(needs, func(need string) bool { return helped[need] || c.assessment.Tries(need) >= assessment.MostTries })
}

// best is the best match for a need at an authority that was never asked about this case. What was added for another need of
// the same referral comes first, so that nobody is asked twice; what has no place is left out.
func (h *Handler) best(ctx context.Context, q question, c *candidate, need string, added []string) (m match.Match, ok bool, err error) {
	source := q.release.Source
	source.Services = nil
	for _, s := range q.release.Source.Services {
		if s.Immerse == nil || s.Status != hsds.StatusActive || !slices.Contains(s.Immerse.Needs, need) ||
			c.found.Ledger.Asked(s.Immerse.Authority) || c.assessment.Has(s.ID, need) {
			continue
		}
		source.Services = append(source.Services, s)
	}
	catalogue, err := match.New(source)
	if err != nil {
		return match.Match{}, false, err
	}
	now := h.Now()
	var found []match.Match
	for _, m := range match.NewLinear(catalogue).Match(percolate.AsOf(c.person, now, source.Location), now).Matches {
		if m.Need == need {
			found = append(found, m)
		}
	}
	slices.SortStableFunc(found, func(x, y match.Match) int {
		return cmp.Compare(rank(added, x.Service), rank(added, y.Service))
	})
	for _, m := range found {
		free, err := h.free(ctx, source, m.Service)
		if err != nil {
			return match.Match{}, false, err
		}
		if free {
			return m, true, nil
		}
	}
	return match.Match{}, false, nil
}

func rank(added []string, service string) int {
	if slices.Contains(added, service) {
		return 0
	}
	return 1
}

// free tells whether a service that counts places has one; others always have.
func (h *Handler) free(ctx context.Context, source match.Source, id string) (bool, error) {
	i := slices.IndexFunc(source.Services, func(s hsds.Service) bool { return s.ID == id })
	offered, counted := source.Services[i].Places()
	if !counted {
		return true, nil
	}
	standing, err := h.Places.Standing(ctx, id, offered)
	return standing.Free > 0, err
}

// later puts a message off while the application is busy with another round.
func (h *Handler) later(ctx context.Context, cause immerse.Envelope, failed immerse.ReferralUnmetV1) error {
	failed.Tries++
	event, err := immerse.New(immerse.Origin{
		ID: h.NewID(), Source: immerse.Source(h.Country, "percolation"), Subject: cause.Subject, Time: cause.Time, TraceParent: cause.TraceParent,
	}, failed)
	if err != nil {
		return err
	}
	return h.Queue.SendLater(ctx, event, min(h.Pause, time.Minute))
}
