package percolation

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	immerse "github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/match/percolate"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/telemetry"
	"github.com/miict/immerse/shared/vault"
)

// A question is what a page of people is asked: which of them are these services for?
type question struct {
	release  Release
	digest   string // of the release; empty for the pack in the program
	services []*hsds.Service
	engine   match.Engine    // of these services alone
	full     map[string]bool // of those that count places
}

// serves tells whether any of the services is for any of the needs.
func (q question) serves(needs []string) bool {
	return slices.ContainsFunc(q.services, func(s *hsds.Service) bool {
		if s.Chosen() {
			return slices.Contains(needs, codes.Participation)
		}
		return slices.ContainsFunc(s.Immerse.Needs, func(need string) bool { return slices.Contains(needs, need) })
	})
}

// An outcome is what a message has done.
type outcome struct {
	lookedAt, told int
	pending        []string // references
	last           string   // place of the last entry
	more           bool
}

func (o outcome) metrics() []telemetry.Metric {
	return []telemetry.Metric{{Name: telemetry.MatchedLater, Value: float64(o.told), Unit: telemetry.Count}}
}

// A candidate is an application that was opened.
type candidate struct {
	found      store.Application
	sealer     *vault.Person
	person     percolate.Person
	assessment assessment.Assessment
}

// page looks at the applications of a message.
func (h *Handler) page(ctx context.Context, ring Ring, q question, event immerse.Envelope, changed immerse.CatalogueChangedV1) (outcome, error) {
	var done outcome
	entries, err := h.entries(ctx, &done, changed)
	if err != nil {
		return done, err
	}
	entries = slices.DeleteFunc(entries, func(e store.OpenEntry) bool { return changed.Pending == nil && !q.serves(e.Needs) })
	done.lookedAt = len(entries)
	candidates, err := h.open(ctx, ring, entries)
	if err != nil {
		return done, err
	}
	for _, i := range whom(q, candidates, h.Now()) {
		told, err := h.add(ctx, q, event, candidates[i])
		switch {
		case errors.Is(err, errPending):
			done.pending = append(done.pending, candidates[i].found.Reference)
		case err != nil:
			return done, err
		case told:
			done.told++
		}
	}
	return done, nil
}

// entries are those that a message is about: the pending, or a page of the list.
func (h *Handler) entries(ctx context.Context, done *outcome, changed immerse.CatalogueChangedV1) ([]store.OpenEntry, error) {
	if changed.Pending != nil {
		var entries []store.OpenEntry
		for _, reference := range changed.Pending {
			entries = append(entries, store.OpenEntry{Reference: reference})
		}
		return entries, nil
	}
	entries, more, err := h.Store.Open(ctx, h.Country, changed.After, h.Page)
	if err != nil {
		return nil, err
	}
	if len(entries) > 0 {
		done.last, done.more = entries[len(entries)-1].Place, more
	}
	return entries, nil
}

// atOnce is how many applications are read at the same time.
const atOnce = 8

// open reads and opens applications, several at a time. Those that are gone, erased or not open are left out, in the order of
// the others.
func (h *Handler) open(ctx context.Context, ring Ring, entries []store.OpenEntry) ([]*candidate, error) {
	opened, errs := make([]*candidate, len(entries)), make([]error, len(entries))
	var reading sync.WaitGroup
	turns := make(chan struct{}, atOnce)
	for i, entry := range entries {
		turns <- struct{}{}
		reading.Go(func() {
			defer func() { <-turns }()
			opened[i], errs[i] = h.openOne(ctx, ring, entry)
		})
	}
	reading.Wait()
	return slices.DeleteFunc(opened, func(c *candidate) bool { return c == nil }), errors.Join(errs...)
}

// openOne gives nil for an application about which nothing can or need be said any more, and takes its entry off the list.
func (h *Handler) openOne(ctx context.Context, ring Ring, entry store.OpenEntry) (*candidate, error) {
	found, err := h.Store.Application(ctx, entry.Reference)
	// One that is being told may have been taken off by a run that died before it said so: it stays until it is notified.
	unconfirmed := entry.Place != "" && (found.State == store.Notified && found.OpenSince != entry.Place || found.Withdrawn != nil)
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && (found.State == store.Erased || unconfirmed):
		return nil, h.unlist(ctx, entry)
	case err != nil:
		return nil, err
	}
	keys, err := h.Store.Keys(ctx, found.KeysID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil // its erasure is under way
	}
	if err != nil {
		return nil, err
	}
	person, err := ring.Person(found.Reference, keys)
	if err != nil {
		return nil, err
	}
	c := &candidate{found: found, sealer: person, person: percolate.Person{Submitted: found.SubmittedAt}}
	if err := person.OpenJSON(vault.Profile, found.Profile, &c.person.Profile); err != nil {
		return nil, err
	}
	if found.Withdrawn != nil {
		return nil, nil // whatever is for it, nobody is to be asked
	}
	if found.State != store.Received {
		c.assessment, err = assessment.Open(person, found.Result)
	}
	return c, err
}

func (h *Handler) unlist(ctx context.Context, entry store.OpenEntry) error {
	if entry.Place == "" {
		return nil
	}
	return h.Store.Unlist(ctx, h.Country, entry)
}

// whom asks the index of all candidates for whom the services are. It gives their indices, ascending.
func whom(q question, candidates []*candidate, now time.Time) []int {
	people := make([]percolate.Person, len(candidates))
	for i, c := range candidates {
		people[i] = c.person
	}
	source := q.release.Source
	index := percolate.New(percolate.Rules{Areas: source.Areas, Location: source.Location, OfferUnassured: source.OfferUnassured}, people)
	fit := q.registered(candidates)
	for _, s := range q.services {
		for _, f := range index.Find(s, match.Day(now, source.Location)) {
			fit = append(fit, f.Person)
		}
	}
	slices.Sort(fit)
	return slices.Compact(fit)
}
