package intake

import (
	"strconv"
	"time"

	"github.com/miict/immerse/shared/application"
)

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

// checkTrap is the problem with an application whose honeypot is filled in. It is told like any other, with the form
// ready to be sent again: what filled it in may have been a person's browser (decision 0503).
func checkTrap(controls application.Controls) []application.Problem {
	if controls.Website != "" {
		return []application.Problem{{Field: application.FieldWebsite, Code: "honeypot"}}
	}
	return nil
}

// checkPace is the problem with an application that came too fast.
func checkPace(controls application.Controls, now time.Time) []application.Problem {
	if tooFast(controls.StartedAt, now) {
		return []application.Problem{{Field: application.FieldStartedAt, Code: "too_fast"}}
	}
	return nil
}
