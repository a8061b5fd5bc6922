package figures

import (
	"fmt"
	"time"
)

// A Quarter is three months of the calendar, in a country's own time. Quarters don't overlap, and each is published once: so that two
// releases can't be subtracted from each other.
type Quarter struct {
	year, n int // n from 0
	zone    *time.Location
}

// settling is how long after the end of a quarter it is over: what was decided in its last moment is written down by then.
const settling = 24 * time.Hour

// LastQuarter is the latest quarter that is over at a moment.
func LastQuarter(now time.Time, zone *time.Location) Quarter {
	at := now.Add(-settling).In(zone)
	q := Quarter{at.Year(), (int(at.Month())-1)/3 - 1, zone}
	if q.n < 0 {
		q.year, q.n = q.year-1, 3
	}
	return q
}

// From is the first moment, To the first moment after.
func (q Quarter) From() time.Time {
	return time.Date(q.year, time.Month(1+3*q.n), 1, 0, 0, 0, 0, q.zone)
}

// To is the first moment after the quarter.
func (q Quarter) To() time.Time { return q.From().AddDate(0, 3, 0) }

// Has tells whether a moment lies in the quarter.
func (q Quarter) Has(at time.Time) bool { return !at.Before(q.From()) && at.Before(q.To()) }

// String writes the quarter as releases name it: "2026-Q4".
func (q Quarter) String() string { return fmt.Sprintf("%d-Q%d", q.year, q.n+1) }
