package followup

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/miict/immerse/shared/telemetry"
)

// Aside counts the messages that were put aside, by dead-letter queue. *queue.Aside is the real one; what could be counted is given
// beside an error.
type Aside interface {
	Count(ctx context.Context) (map[string]int, error)
}

// A Watch tells the operator of messages that were put aside: one metric for all queues, written only while something lies in one, so
// that one alarm watches them and a quiet country pays for none (decision 2701). Another alarm watches that the function runs at all.
type Watch struct {
	Aside Aside
	Now   func() time.Time
	Log   *slog.Logger
}

// Look counts, and gives how many lie aside. It is said again with each look, so that the alarm lasts as long as they lie.
func (w *Watch) Look(ctx context.Context) (int, error) {
	found, err := w.Aside.Count(ctx)
	all := 0
	for _, lie := range found {
		all += lie
	}
	if all > 0 {
		w.Log.Error("messages lie in dead-letter queues", "outcome", "put_aside", "queues", found,
			telemetry.Metrics(w.Now(), telemetry.Metric{Name: telemetry.DeadLetters, Value: float64(all), Unit: telemetry.Count}))
	}
	if err != nil {
		w.Log.Error("dead-letter queues could not be looked into", "outcome", "failed", "error", err.Error())
		return all, errors.Join(errors.New("not all dead-letter queues were looked into"), err)
	}
	return all, nil
}
