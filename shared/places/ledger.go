package places

import (
	"crypto/sha256"
	"encoding/base32"
	"maps"
	"time"
)

// ledger is a service's item: the rules of reserving, on a value.
type ledger struct {
	Version  int64           `dynamodbav:"version"`
	Held     map[string]hold `dynamodbav:"held,omitempty"`
	Capacity *int            `dynamodbav:"capacity,omitempty"` // the operator's
	Waiting  bool            `dynamodbav:"waiting"`
}

// A hold is one place. Until is in seconds since 1970.
type hold struct {
	Until int64 `dynamodbav:"until"`
	Kept  bool  `dynamodbav:"kept,omitempty"`
}

// holder is who holds a place: 80 bits of a digest, so that the table alone doesn't say whose case it is.
func holder(service, reference string) string {
	digest := sha256.Sum256([]byte("immerse place v1|" + service + "|" + reference))
	return base32.HexEncoding.EncodeToString(digest[:10])
}

// reserve gives the holder's reservation, old or new; full if there is none and no place for one.
func (l *ledger) reserve(holder string, offered int, until, now int64) (held Reservation, full bool) {
	if old, ok := l.Held[holder]; ok && old.Until > now {
		return old.reservation(), false
	}
	l.drop(now)
	if len(l.Held) >= l.capacity(offered) {
		l.Waiting = true
		return Reservation{}, true
	}
	made := hold{Until: until}
	l.Held[holder] = made
	return made.reservation(), false
}

func (l *ledger) keep(holder string, until int64) { l.Held[holder] = hold{Until: until, Kept: true} }

func (l *ledger) release(holder string) { delete(l.Held, holder) }

// drop forgets the holds that are over.
func (l *ledger) drop(now int64) {
	maps.DeleteFunc(l.Held, func(_ string, h hold) bool { return h.Until <= now })
}

// capacity is how many places there are.
func (l *ledger) capacity(offered int) int {
	if l.Capacity != nil {
		offered = *l.Capacity
	}
	return min(max(offered, 0), MostPlaces)
}

func (l *ledger) standing(id string, offered int, now int64) Standing {
	held := 0
	for _, h := range l.Held {
		if h.Until > now {
			held++
		}
	}
	capacity := l.capacity(offered)
	return Standing{
		Service: id, Capacity: capacity, Own: l.Capacity != nil, Held: held, Free: max(capacity-held, 0), Waiting: l.Waiting,
	}
}

func (l *ledger) clone() ledger {
	copied := *l
	copied.Held = maps.Clone(l.Held)
	return copied
}

// same tells whether a rule left everything as it was.
func (l *ledger) same(other ledger) bool {
	capacity := l.Capacity == other.Capacity
	if l.Capacity != nil && other.Capacity != nil {
		capacity = *l.Capacity == *other.Capacity
	}
	return capacity && l.Waiting == other.Waiting && maps.Equal(l.Held, other.Held)
}

// last is when the last hold is over; nought when something must outlast it: the operator's number, or that somebody waits.
func (l *ledger) last() (until int64) {
	if l.Capacity != nil || l.Waiting {
		return 0
	}
	for _, h := range l.Held {
		until = max(until, h.Until)
	}
	return until
}

func (h hold) reservation() Reservation {
	return Reservation{Until: time.Unix(h.Until, 0).UTC(), Kept: h.Kept}
}
