package index

import (
	"time"

	"github.com/miict/immerse/shared/match/internal/rank"
)

// today is a day, and how fresh each date of the index is on it.
type today struct {
	time.Time
	fresh []freshness // by date
}

// freshness is what a date adds to a score, unless it is too long ago.
type freshness struct {
	share   float64
	expired bool
}

// on gives a day. The last one is kept: most people ask on the same.
func (e *Engine) on(day time.Time) *today {
	if last := e.today.Load(); last != nil && last.Equal(day) {
		return last
	}
	t := &today{day, make([]freshness, e.dates.len())}
	for i := range t.fresh {
		component, ok := rank.Freshness(e.day(uint32(i)), day)
		t.fresh[i] = freshness{float64(component * e.weights.Freshness), !ok}
	}
	e.today.Store(t)
	return t
}
