package intake

import (
	"strconv"
	"time"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/vault"
)

// metricTrapped counts what fell into the honeypot, so that an operator sees when it catches more than robots.
const metricTrapped = "Trapped"

// leastTime is how long a person takes for the form at the very least.
const leastTime = 3 * time.Second

// tooFast tells a form sent by a robot: sooner after the page was opened than anyone can fill it in. A time that is
// absent, unreadable or in the future says nothing: pages work without JavaScript, and clocks of phones go wrong.
func tooFast(startedAt string, now time.Time) bool {
	started, err := time.Parse(time.RFC3339, startedAt)
	if err != nil {
		millis, err := strconv.ParseInt(startedAt, 10, 64)
		if err != nil {
			return false
		}
		started = time.UnixMilli(millis)
	}
	elapsed := now.Sub(started)
	return elapsed >= 0 && elapsed < leastTime
}

// trapped answers a robot that filled in the field nobody sees. The answer looks like any other, with a reference that
// there is nothing behind, so that the robot learns nothing (decision 0503).
func (h *Handler) trapped(r request, a application.Application) response {
	nowhere := receipt{reference: vault.Reference(h.Pack.Code, h.NewID()), secret: vault.NewSecret()}
	answer := h.accepted(r, a, nowhere)
	answer.note = note{outcome: "trapped", metric: metricTrapped}
	return answer
}

// checkPace is the problem with an application that came too fast.
func checkPace(controls application.Controls, now time.Time) []application.Problem {
	if tooFast(controls.StartedAt, now) {
		return []application.Problem{{Field: application.FieldStartedAt, Code: "too_fast"}}
	}
	return nil
}
