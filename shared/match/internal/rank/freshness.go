package rank

import "time"

// How long an assurance counts, in calendar months: over staleAfter it is marked and ranked down, over expiredAfter
// the service is not offered.
const (
	staleAfter   = 6
	expiredAfter = 12
)

// Freshness gives the component of a service that was assured on a day (midnight UTC, as today): 1 on that day down to
// 0.75 six months on, then from 0.5 down to 0.25. ok is false when the check is too old for an offer. A service that
// nobody has checked has the component 0, and is not asked about here.
func Freshness(assured, today time.Time) (component float64, ok bool) {
	stale, expired := assured.AddDate(0, staleAfter, 0), assured.AddDate(0, expiredAfter, 0)
	switch {
	case today.After(expired):
		return 0, false
	case today.After(stale):
		return 0.5 - 0.25*part(stale, today, expired), true
	}
	return 1 - 0.25*part(assured, today, stale), true
}

// part gives how much of the time from start to end has passed, in [0,1]; a date in the future counts as today.
func part(start, now, end time.Time) float64 {
	return Clamp(float64(now.Sub(start)) / float64(end.Sub(start)))
}

// Stale tells whether a check is so old that this is said.
func Stale(assured, today time.Time) bool { return today.After(assured.AddDate(0, staleAfter, 0)) }

// Day gives the day of at in a time zone, as midnight UTC.
func Day(at time.Time, location *time.Location) time.Time {
	year, month, day := at.In(location).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}
