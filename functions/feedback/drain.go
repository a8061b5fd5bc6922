package feedback

import (
	"context"
	"encoding/json"
	"time"

	lambdaevents "github.com/aws/aws-lambda-go/events"
)

// A Source is the queue of SES's events. *queue.Reader is the real one.
type Source interface {
	// Take gives some messages and hides them; none: the queue is empty.
	Take(ctx context.Context) ([]lambdaevents.SQSMessage, error)
	// Done takes messages out, but for those that an answer names.
	Done(ctx context.Context, taken []lambdaevents.SQSMessage, answer lambdaevents.SQSEventResponse) error
}

const (
	// most is how many events are written down together, a few hundred bytes to three kilobytes each.
	most = 1000
	// toWrite is the time that a batch may take from when it is gathered; toEnd, from when it is written down.
	toWrite, toEnd = 15 * time.Second, 5 * time.Second
)

// Drain works off the queue until it is empty, when the schedule says so. Events come one by one within seconds, and each
// write of a ledger is paid by its size: so they wait for each other here, and those of one application are written
// together (docs/decisions/1902). What can't be written down stays in the queue, as do the rest when time runs out.
func (h *Handler) Drain(ctx context.Context, _ json.RawMessage) error {
	for h.timeFor(ctx, toWrite) {
		batch, err := h.take(ctx)
		if err != nil || len(batch) == 0 {
			return err
		}
		answer, err := h.Handle(ctx, lambdaevents.SQSEvent{Records: batch})
		if err != nil {
			return err
		}
		if err := h.Source.Done(ctx, batch, answer); err != nil || len(batch) < most {
			return err
		}
	}
	h.Log.Info("more to hear of than there was time for: the next run goes on", "outcome", "unfinished")
	return nil
}

// take gathers a batch.
func (h *Handler) take(ctx context.Context) (batch []lambdaevents.SQSMessage, err error) {
	for len(batch) < most && h.timeFor(ctx, toWrite) {
		some, err := h.Source.Take(ctx)
		if err != nil {
			return nil, err // what was taken comes back
		}
		if len(some) == 0 {
			break
		}
		batch = append(batch, some...)
	}
	return batch, nil
}

// timeFor tells whether the invocation still has so much time.
func (h *Handler) timeFor(ctx context.Context, needed time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return !ok || deadline.Sub(h.Now()) >= needed
}
