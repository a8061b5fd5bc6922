package notification

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	lambdaevents "github.com/aws/aws-lambda-go/events"

	"github.com/miict/immerse/shared/queue"
)

// A Handler consumes the notification queue. Every field is required.
type Handler struct {
	Applications Applications
	Outbox       Outbox
	Ring         Ring
	Planner      Planner
	Postbox      Postbox
	Now          func() time.Time
	Log          *slog.Logger
}

// Handle works through a batch. The messages that it names must come back: all others are done. Once nothing more can
// be sent, the rest of the batch is named without being tried.
func (h *Handler) Handle(ctx context.Context, batch lambdaevents.SQSEvent) (lambdaevents.SQSEventResponse, error) {
	stopped := false
	answer := queue.Each(ctx, batch, func(ctx context.Context, record lambdaevents.SQSMessage) error {
		if stopped {
			return errStop
		}
		err := h.safely(ctx, []byte(record.Body))
		stopped = errors.Is(err, errStop)
		return err
	})
	return answer, nil
}

// safely makes a panic an error of this message alone. What it panicked with stays out of the log: it may be personal.
func (h *Handler) safely(ctx context.Context, body []byte) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %T", cause)
			h.Log.Error("message comes back after a panic", "outcome", "panic", "cause", fmt.Sprintf("%T", cause), "stack", string(debug.Stack()))
		}
	}()
	return h.message(ctx, body)
}
