package notification

import (
	"context"
	"errors"
	"log/slog"
	"time"

	lambdaevents "github.com/aws/aws-lambda-go/events"

	"github.com/miict/immerse/shared/queue"
	"github.com/miict/immerse/shared/vault"
)

// A Handler consumes the notification queue. Every field is required.
type Handler struct {
	Applications Applications
	Outbox       Outbox
	Ring         Ring
	Catalogue    Catalogue
	Places       Places
	Percolation  Sender  // has those looked for who wait for a place that is free again
	Queues       []Queue // those that messages come from; that of the urgent is the last
	Inboxes      Inboxes
	Agenda       Agenda
	Waits        Waits
	Digests      Digests
	Releases     Releases
	Receiver     func(ctx context.Context) (*vault.Receiver, error) // whom the contact's key is released to
	Pause        func(ctx context.Context, duration time.Duration)
	Planner      Planner // its facts are set anew for each application
	Postbox      Postbox
	LeaseMargin  time.Duration // how far a claim outlives its invocation
	Group        int           // mails handed over at once, between two writes: see GroupSize
	Most         int           // referrals in one digest: see MostInDigest
	Now          func() time.Time
	NewID        func() string // a name never used before
	Log          *slog.Logger
}

// Handle works through a batch. The messages that it names must come back: all others are done. Once nothing more can
// be sent, the rest of the batch is named without being tried.
func (h *Handler) Handle(ctx context.Context, batch lambdaevents.SQSEvent) (lambdaevents.SQSEventResponse, error) {
	stopped := false
	answer := queue.Each(ctx, h.Log, batch, func(ctx context.Context, record lambdaevents.SQSMessage) error {
		if stopped {
			return errStop
		}
		err := h.message(ctx, record)
		stopped = errors.Is(err, errStop)
		return err
	})
	return answer, nil
}
