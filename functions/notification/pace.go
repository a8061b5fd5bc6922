package notification

import (
	"context"
	"errors"
	"time"
)

// How long a mail waits that SES refused because too many came at once, before it is tried again. SES counts by the second
// and takes 14 in each from a new account. Two invocations with four mails each are all that others than the urgent have at
// a time (infra/functions.go), so those come with eight a second at most once they are refused, and leave the rest to the
// urgent, who try five times as often (decision 2003).
const (
	patience       = time.Second
	urgentPatience = 200 * time.Millisecond
)

// patiently hands a mail over, again and again while SES only says that it is too much at once and there is time. What it
// refused for that it does not have, so that nothing goes twice.
func (h *Handler) patiently(ctx context.Context, m Mail) (made result) {
	pause := patience
	if m.Urgent {
		pause = urgentPatience
	}
	for {
		made.messageID, made.err = h.Postbox.send(ctx, m)
		if !tooFast(made.err) || !h.timeToWait(ctx, pause) {
			return made
		}
		made.throttled++
		h.Pause(ctx, pause)
	}
}

func tooFast(err error) bool {
	why := new(refusal)
	return errors.As(err, &why) && why.kind == throttled && why.reason == rateExceeded
}

// timeToWait tells whether a mail can wait and still be handed over within the invocation.
func (h *Handler) timeToWait(ctx context.Context, pause time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return ok && ctx.Err() == nil && deadline.Sub(h.Now()) >= pause+h.Postbox.Timeout+recordTime
}
