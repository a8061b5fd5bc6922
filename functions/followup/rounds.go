package followup

import (
	"context"
	"errors"
	"time"
)

// Rounds are what the function does when it is started: it looks for what was put aside, goes through what is due and, when nobody
// is written to, counts.
type Rounds struct {
	Watch   *Watch
	Sweep   *Handler
	Figures *Counter
}

// Handle makes a round. Neither queues that can't be looked into nor figures that can't be counted keep anybody from being written to.
func (r Rounds) Handle(ctx context.Context, order Order) (Report, error) {
	aside, watchErr := r.Watch.Look(ctx)
	done, err := r.Sweep.Handle(ctx, order)
	done.Aside, err = aside, errors.Join(watchErr, err)
	now := r.Figures.Now()
	night := r.Figures.night(now)
	switch {
	case order.AtOnce:
		night = now.Format(time.RFC3339Nano) // what is due was just moved: only what is counted at one go is right
	case r.Sweep.open(now):
		return done, err
	}
	published, countErr := r.Figures.Count(ctx, night)
	if countErr != nil {
		r.Figures.Log.Error("figures could not be counted", "outcome", "failed", "error", countErr.Error())
	}
	done.Figures = published
	return done, errors.Join(err, countErr)
}
