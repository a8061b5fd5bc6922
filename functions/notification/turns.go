package notification

import (
	"context"
	"errors"
	"log/slog"
	"time"

	lambdaevents "github.com/aws/aws-lambda-go/events"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/telemetry"
)

// The mails of an application have one sender at a time (decision 0401), so messages about the same one wait for each other. The
// other is nearly always done in a moment, which is waited for here; it may also have died, and then holds the mails until its
// lease is over. A message that came back by itself for that would be gone for the queue's visibility timeout, a minute, and
// have used one of the five times that it may come back: so it is put back as a new one (decision 2901).

// Queue is one that messages come from. *queue.Queue is the real one.
type Queue interface {
	// Holds tells whether the queue has this ARN.
	Holds(arn string) bool
	// SendLater puts an event into the queue that is handed out after a while only; after nil, it is kept.
	SendLater(ctx context.Context, event events.Envelope, after time.Duration) error
}

// turnPauses are the waits for another sender: three seconds in all, as an invocation of ten must leave six for the mails.
var turnPauses = []time.Duration{50, 100, 200, 400, 750, 1500}

// inTurn acts, and again for as long as another holds the mails and there is time. Each time everything is read anew: what the
// other did may leave nothing to do.
func (h *Handler) inTurn(ctx context.Context, act func() (tally, error)) (told tally, err error) {
	for _, pause := range turnPauses {
		pause *= time.Millisecond
		if told, err = act(); !errors.Is(err, errHeld) || !h.timeToWait(ctx, pause) {
			return told, err
		}
		h.Pause(ctx, pause)
	}
	return act()
}

const (
	// mostPatience is how old an event may be to be put back. One that is older comes back by itself, and ends among the dead
	// letters: then something is wrong that waiting doesn't mend.
	mostPatience = 10 * time.Minute
	// A message that is put back waits half as long as it has waited already, within these bounds.
	shortestWait, longestWait = 2 * time.Second, 30 * time.Second
)

// putBack puts a message that is only too early back into its queue, for a while. It gives whether that is done; if not, the
// message comes back by itself. Whoever dies in between leaves two of it, which do the same once.
func (h *Handler) putBack(ctx context.Context, log *slog.Logger, record lambdaevents.SQSMessage, event events.Envelope, why error) bool {
	age := h.Now().Sub(event.Time)
	early := errors.Is(why, errHeld) || errors.Is(why, errNotYet) || errors.Is(why, errNotMatched)
	if !early || age > mostPatience {
		return false
	}
	after := min(max(age/2, shortestWait), longestWait)
	for _, queue := range h.Queues {
		if !queue.Holds(record.EventSourceARN) {
			continue
		}
		if err := queue.SendLater(ctx, event, after); err != nil {
			log.Warn("a message could not be put back", "error", err.Error())
			return false
		}
		log.Info("message put back", "outcome", "put_back", "why", why.Error(), "seconds", int(after/time.Second),
			telemetry.Metrics(h.Now(), telemetry.One(telemetry.Retried)))
		return true
	}
	return false
}
