package matching

import (
	"context"
	"errors"
	"time"

	immerse "github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/store"
)

// orphanAge is how old a message must be before a missing application means that it was never written. Intake sends
// the message and writes the application within one invocation, which lasts 10 seconds at the most; the rest is for
// clocks that differ.
const orphanAge = time.Minute

// pauses are the waits for an application that isn't written yet: about a second in all. It nearly always is there at
// the first or second look; if not, the message comes back after the queue's visibility timeout.
var pauses = []time.Duration{20, 40, 80, 160, 320, 400}

// await reads the application that a message names, waiting a little if the message was quicker.
func (h *Handler) await(ctx context.Context, event immerse.Envelope) (store.Application, error) {
	for _, pause := range pauses {
		application, err := h.Store.Application(ctx, event.Subject)
		if !errors.Is(err, store.ErrNotFound) || h.Now().Sub(event.Time) > orphanAge || ctx.Err() != nil {
			return application, err
		}
		h.Pause(ctx, pause*time.Millisecond)
	}
	return h.Store.Application(ctx, event.Subject)
}

// Pause waits for the duration, or until the context ends.
func Pause(ctx context.Context, duration time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(duration):
	}
}
