package match

import (
	"time"

	"github.com/miict/immerse/shared/eligibility"
)

// How long an assurance counts, in calendar months: over staleAfter it is marked and ranked down, over expiredAfter
// the service is not offered.
const (
	staleAfter   = 6
	expiredAfter = 12
)

var unchecked = eligibility.Reason{Code: eligibility.ReasonUnchecked}

// freshness gives the component of the score: 1 on the day of the check down to 0.75 six months on, then from 0.5 down
// to 0.25, and 0 for a service that nobody has checked. ok is false when the check is too old for an offer.
func (e *entry) freshness(today time.Time) (component float64, ok bool) {
	if !e.assured {
		return 0, true
	}
	stale, expired := e.assuredOn.AddDate(0, staleAfter, 0), e.assuredOn.AddDate(0, expiredAfter, 0)
	switch {
	case today.After(expired):
		return 0, false
	case today.After(stale):
		return 0.5 - 0.25*part(stale, today, expired), true
	}
	return 1 - 0.25*part(e.assuredOn, today, stale), true
}

// part gives how much of the time from start to end has passed, in [0,1]; a date in the future counts as today.
func part(start, now, end time.Time) float64 {
	return clamp(float64(now.Sub(start)) / float64(end.Sub(start)))
}

func (e *entry) freshnessReason(today time.Time) eligibility.Reason {
	if !e.assured {
		return unchecked
	}
	code := eligibility.ReasonLastChecked
	if today.After(e.assuredOn.AddDate(0, staleAfter, 0)) {
		code = eligibility.ReasonLastCheckedLongAgo
	}
	return eligibility.Reason{Code: code, Params: eligibility.Params{"date": e.assuredOn.Format(time.DateOnly)}}
}
