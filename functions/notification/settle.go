package notification

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

// settle does with the places that are held at an authority what follows from its answer: who was accepted keeps them until
// the application's time is over, and all others give them back. Doing it again changes nothing.
func (h *Handler) settle(ctx context.Context, found store.Application, event events.Envelope, d *events.ReferralDecidedV1, answer store.Answer) error {
	heard, err := h.open(ctx, found)
	if errors.Is(err, errErased) {
		return nil // nobody knows any more which places they are: whoever erases has them given back
	}
	if err != nil {
		return err
	}
	heard.round = d.Round
	facts, err := h.Catalogue.Facts(ctx, heard.assessment.MadeWith(d.Round).Snapshot)
	if err != nil {
		return err
	}
	if answer.State == referral.Accepted || answer.State == referral.Done {
		return h.keep(ctx, facts, heard, d.Authority, answer.At.Add(h.Planner.Pack.Retention()))
	}
	return h.giveBack(ctx, facts, heard, d.Authority, event.TraceParent)
}

// keep makes places outlast the wait for an answer.
func (h *Handler) keep(ctx context.Context, facts published.Facts, heard hearing, authority string, until time.Time) error {
	for _, service := range heldAt(facts, heard, authority) {
		if err := h.Places.Keep(ctx, service.ID, heard.reference, until); err != nil {
			return err
		}
	}
	return nil
}

// unmet has another authority looked for: whoever looks knows whether that is so, and that it was done before.
func (h *Handler) unmet(ctx context.Context, cause events.Envelope, authority string, round int) error {
	code := h.Planner.Pack.Code
	event, err := events.New(events.Origin{
		ID: h.NewID(), Source: events.Source(code, "notification"), Subject: cause.Subject, Time: h.Now(), TraceParent: cause.TraceParent,
	}, &events.ReferralUnmetV1{Country: code, Authority: authority, Round: round})
	if err != nil {
		return err
	}
	if err := h.Percolation.Send(ctx, event); err != nil {
		return fmt.Errorf("having another authority looked for: %w", err)
	}
	return nil
}

// giveBack gives back the places that are held at an authority that refused or did not answer, and has those looked for who
// wait for one. Whoever dies in between finds the services reopened still, when the message comes back.
func (h *Handler) giveBack(ctx context.Context, facts published.Facts, heard hearing, authority, trace string) error {
	var reopened []string
	for _, service := range heldAt(facts, heard, authority) {
		offered, _ := service.Places()
		after, err := h.Places.Release(ctx, service.ID, heard.reference, offered)
		if err != nil {
			return err
		}
		if after.Reopened() {
			reopened = append(reopened, service.ID)
		}
	}
	code := h.Planner.Pack.Code
	made, err := events.CatalogueChanges(code, heard.assessment.MadeWith(heard.round).Catalogue, reopened, events.Origin{
		Source: events.Source(code, "notification"), Time: h.Now(), TraceParent: trace,
	}, h.NewID)
	if err != nil {
		return err
	}
	for _, event := range made {
		if err := h.Percolation.Send(ctx, event); err != nil {
			return fmt.Errorf("having those looked for who wait: %w", err)
		}
	}
	return nil
}

// heldAt gives the services of the round that an authority answers for and that count their places, each once.
func heldAt(facts published.Facts, heard hearing, authority string) (held []*hsds.Service) {
	seen := map[string]bool{}
	for _, m := range heard.assessment.Told(heard.round) {
		service, ok := facts.Service(m.Service)
		if !ok || seen[m.Service] || service.Immerse == nil || service.Immerse.Authority != authority {
			continue
		}
		seen[m.Service] = true
		if _, counted := service.Places(); counted {
			held = append(held, service)
		}
	}
	return held
}
