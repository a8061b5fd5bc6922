package notification

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/places"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
)

// reserve holds a place at each service of the round that counts its places, before anybody is written to. Where none is
// left the authority isn't written to, and the person is told: now that there is no place, and when there is one
// (functions/percolation). Doing it again finds the places that are held, and perhaps one that has become free.
func (h *Handler) reserve(ctx context.Context, log *slog.Logger, planner Planner, found store.Application, heard *hearing) error {
	waiting := slices.Clone(heard.assessment.Waiting)
	asked := map[string]bool{}
	for _, m := range heard.assessment.Round(heard.round) {
		service, ok := planner.facts().Service(m.Service)
		if !ok || asked[m.Service] {
			continue
		}
		offered, counted := service.Places()
		if !counted {
			continue
		}
		asked[m.Service] = true
		_, err := h.Places.Reserve(ctx, places.Claim{
			Service: m.Service, Reference: found.Reference, Offered: offered, Until: h.until(planner, heard, service),
		})
		waiting = slices.DeleteFunc(waiting, func(id string) bool { return id == m.Service })
		switch {
		case errors.Is(err, places.ErrFull):
			waiting = append(waiting, m.Service)
		case err != nil:
			return err
		}
	}
	slices.Sort(waiting)
	if slices.Equal(waiting, heard.assessment.Waiting) {
		return nil
	}
	log.Info("places", "outcome", "waiting", "services", len(waiting))
	heard.assessment.Waiting = waiting
	return h.recordWaiting(ctx, found, heard)
}

// until is how long a place is held for an answer: two weeks longer than its authority may take for one. Whoever knows that no
// answer comes gives it back before.
func (h *Handler) until(planner Planner, heard *hearing, service *hsds.Service) time.Time {
	authority := ""
	if service.Immerse != nil {
		authority = service.Immerse.Authority
	}
	region := heard.assessment.Region
	end := planner.lapse(*heard, planner.Calendar.Deadline(heard.matched, region, planner.days(*heard, authority)), authority)
	if now := h.Now(); end.Before(now) {
		end = now // it was held up
	}
	return end.AddDate(0, 0, 14)
}

// recordWaiting writes down what the person waits for, before any mail says so.
func (h *Handler) recordWaiting(ctx context.Context, found store.Application, heard *hearing) error {
	encoded, err := heard.assessment.Encode()
	if err != nil {
		return err
	}
	sealed, err := heard.sealer.Seal(vault.Result, encoded)
	if err != nil {
		return err
	}
	if err := h.Applications.Waits(ctx, found, sealed, h.Now()); err != nil {
		return fmt.Errorf("recording what %s waits for: %w", found.Reference, err)
	}
	return nil
}
