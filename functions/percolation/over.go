package percolation

import (
	"context"
	"errors"
	"fmt"
	"time"

	immerse "github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/places"
	"github.com/miict/immerse/shared/store"
)

// orphanAge is how old a message about an erasure must be before one that isn't there was never made.
const orphanAge = time.Minute

var errNotErased = errors.New("the application isn't erased yet")

// over finds places that are free without anybody having given them back, and has those looked for who wait for one. An
// erased application's are given back first: at whatever services count places, as nothing says any more which they were.
// The work for who waits is a message of its own, so that this one may come again.
func (h *Handler) over(ctx context.Context, event immerse.Envelope, over immerse.PlacesOverV1) (reopened []string, err error) {
	if gone, err := h.gone(ctx, event, over.Application); err != nil || !gone {
		return nil, err
	}
	edition, err := h.Catalogue.UpTo(ctx, "") // whatever it is, looked for just now
	if err != nil {
		return nil, err
	}
	source := edition.Made.Source
	for i := range source.Services {
		service := &source.Services[i]
		offered, counted := service.Places()
		if !counted || service.Status != hsds.StatusActive {
			continue
		}
		standing, err := h.standing(ctx, over.Application, service.ID, offered)
		if err != nil {
			return nil, err
		}
		if standing.Reopened() {
			reopened = append(reopened, service.ID)
		}
	}
	return reopened, h.announce(ctx, event, source.Version, reopened)
}

// standing is how a service stands, once an application has given its place back.
func (h *Handler) standing(ctx context.Context, application, service string, offered int) (places.Standing, error) {
	if application == "" {
		return h.Places.Standing(ctx, service, offered)
	}
	return h.Places.Release(ctx, service, application, offered)
}

// gone tells whether an application has no use for its places any more. Whoever erases says so before.
func (h *Handler) gone(ctx context.Context, event immerse.Envelope, reference string) (bool, error) {
	if reference == "" {
		return true, nil
	}
	found, err := h.Store.Application(ctx, reference)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return true, nil
	case err != nil:
		return false, err
	case found.State == store.Erased:
		return true, nil
	case h.Now().Sub(event.Time) <= orphanAge:
		return false, fmt.Errorf("the places of %s: %w", reference, errNotErased)
	}
	h.Log.Info("an erasure that was never made", "outcome", "orphan", "reference", reference)
	return false, nil
}

// announce has those looked for who wait for services.
func (h *Handler) announce(ctx context.Context, cause immerse.Envelope, version string, services []string) error {
	made, err := immerse.CatalogueChanges(h.Country, version, services, immerse.Origin{
		Source: immerse.Source(h.Country, "percolation"), Time: h.Now(), TraceParent: cause.TraceParent,
	}, h.NewID)
	if err != nil {
		return err
	}
	for _, event := range made {
		if err := h.Queue.Send(ctx, event); err != nil {
			return err
		}
	}
	return nil
}
