package followup

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/telemetry"
)

const (
	pageSize = 50
	// before is how far back the first sweep of all looks. Nothing can be due from before there was one.
	before = 60 * 24 * time.Hour
	// mostFailures is how many appointments in a row may fail until the sweep takes it for a trouble that all will meet.
	mostFailures = 3
	// spare is the time that is left for writing down how far a sweep came.
	spare = 4 * time.Second
	// The hours, on the clock of the country, between which people are written to.
	opening, closing = 9, 18
)

// A Handler sweeps. Every field is required.
type Handler struct {
	Country  string // ISO 3166-1 alpha-2
	Zone     *time.Location
	Calendar Calendar
	Store    Store
	Agenda   Agenda
	Digests  Digests
	// DigestHour is the hour, on the clock of the country, at which those who get one mail a day get it.
	DigestHour int
	Queue      Sender // the notification queue
	Urgent     Sender // that of the cases that can't wait (decision 2002)
	Freed      Sender // the percolation queue: who waits for a place is looked for
	Now        func() time.Time
	NewID      func() string
	Log        *slog.Logger
}

// A Report says what a sweep did.
type Report struct {
	Looked    int  `json:"looked_at"`
	Reminded  int  `json:"reminded"`
	Escalated int  `json:"escalated"`
	Outcomes  int  `json:"outcomes"` // that were asked for
	Expired   int  `json:"expired"`
	Digests   int  `json:"digests"` // that were asked for
	Erased    int  `json:"erased"`
	Events    int  `json:"events"` // people reminded of one
	Failed    int  `json:"failed"` // are tried again tomorrow
	Finished  bool `json:"finished"`
	Aside     int  `json:"aside"` // messages that lie in dead-letter queues

	Figures string `json:"figures,omitempty"` // the quarter that was published, if one was

	streak int // how many have failed in a row
}

// An Order is what a sweep is started with. A schedule gives none.
type Order struct {
	AtOnce bool `json:"at_once"` // whatever the hour and day: an operator catches up
}

// Handle makes one sweep: through everything that is due, or as far as the time of the invocation goes. The next goes on
// from there.
func (h *Handler) Handle(ctx context.Context, order Order) (Report, error) {
	var done Report
	now := h.Now()
	digests := h.digests(ctx, order, now, &done)
	if !order.AtOnce && !h.open(now) {
		if h.awake(now) {
			digests = errors.Join(digests, h.dayOff(ctx, now, &done))
		}
		h.report(done, digests)
		return done, digests // whatever is late waits for the next working day
	}
	at, err := h.Agenda.Swept(ctx, h.Country)
	if err != nil {
		return done, errors.Join(digests, err)
	}
	if at.Day == "" {
		at.Day = store.Day(now.Add(-before), h.Zone)
	}
	err = errors.Join(digests, h.sweep(ctx, &at, now, &done))
	h.report(done, err)
	return done, err
}

// open tells whether people may be written to.
func (h *Handler) open(now time.Time) bool { return h.Calendar.Working(now, h.Country) && h.awake(now) }

// awake tells whether it is an hour to write to people, on any day.
func (h *Handler) awake(now time.Time) bool {
	hour := now.In(h.Zone).Hour()
	return hour >= opening && hour < closing
}

// sweep goes through the days up to today. Today is never over: more may become due.
func (h *Handler) sweep(ctx context.Context, at *store.Sweep, now time.Time, done *Report) error {
	began, today := *at, store.Day(now, h.Zone)
	if began.Day < today { // once a day: holds end by themselves, and nobody says so
		if err := h.free(ctx, ""); err != nil {
			return err
		}
	}
	for at.Day <= today {
		for ; at.Shard < store.DueShards; at.Shard, at.After = at.Shard+1, "" {
			if over, err := h.shard(ctx, at, now, done); err != nil || over {
				return h.swept(ctx, began, *at, err)
			}
		}
		if at.Day == today {
			break // this day again, from its beginning
		}
		*at = store.Sweep{Day: following(at.Day)}
	}
	done.Finished = true
	return h.swept(ctx, began, store.Sweep{Day: at.Day}, nil)
}

// swept writes down how far a sweep came, if it came any further.
func (h *Handler) swept(ctx context.Context, began, at store.Sweep, err error) error {
	if err != nil || at == began {
		return err
	}
	return h.Agenda.Sweep(context.WithoutCancel(ctx), h.Country, at)
}

// shard goes through a part of a day. over tells that the time is.
func (h *Handler) shard(ctx context.Context, at *store.Sweep, now time.Time, done *Report) (over bool, err error) {
	for {
		page, next, err := h.Agenda.Appointments(ctx, h.Country, at.Day, at.Shard, at.After, pageSize)
		if err != nil {
			return false, err
		}
		for _, a := range page {
			if timeIsOver(ctx, h.Now()) {
				return true, nil
			}
			done.Looked++
			if err := h.try(ctx, a, now, done); err != nil {
				return false, err
			}
		}
		if next == "" {
			return false, nil
		}
		at.After = next
	}
}

// try keeps an appointment. One that can't be kept is put off until tomorrow, so that the list gets on; an error is one that
// others will meet, too.
func (h *Handler) try(ctx context.Context, a store.Appointment, now time.Time, done *Report) error {
	err := h.keep(ctx, a, now, done)
	if err == nil {
		done.streak = 0
		return nil
	}
	if err := h.cantKeep(a, err, done); err != nil {
		return err
	}
	return h.move(ctx, a, tomorrow(now, h.Zone))
}

// cantKeep notes why an appointment can't be kept, and gives that back if others will meet the same.
func (h *Handler) cantKeep(a store.Appointment, err error, done *Report) error {
	done.Failed++
	done.streak++
	h.Log.Warn("an appointment could not be kept", "outcome", "retry", "reference", a.Reference, "error", err.Error(),
		telemetry.Metrics(h.Now(), telemetry.One(telemetry.Retried)))
	if done.streak >= mostFailures {
		return err
	}
	return nil
}

// report says what was done, if anything was: most of the sweeps of a day find nothing.
func (h *Handler) report(done Report, err error) {
	switch {
	case err != nil:
		h.Log.Error("a sweep ended early", "outcome", "failed", "error", err.Error())
	case done.Looked > 0, done.Digests > 0:
		h.Log.Info("swept", "outcome", "swept", "looked_at", done.Looked, "reminded", done.Reminded, "escalated", done.Escalated,
			"outcomes", done.Outcomes, "expired", done.Expired, "erased", done.Erased, "digests", done.Digests, "events", done.Events, "failed", done.Failed,
			"finished", done.Finished,
			telemetry.Metrics(h.Now(), telemetry.Metric{Name: telemetry.Expired, Value: float64(done.Expired), Unit: telemetry.Count}))
	}
}

// timeIsOver tells whether too little of the invocation is left to begin something.
func timeIsOver(ctx context.Context, now time.Time) bool {
	deadline, ok := ctx.Deadline()
	return ctx.Err() != nil || ok && deadline.Sub(now) < spare
}

func tomorrow(now time.Time, zone *time.Location) string { return following(store.Day(now, zone)) }

// following is the day after another; both as appointments have them.
func following(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day // never: we wrote it
	}
	return at.AddDate(0, 0, 1).Format(time.DateOnly)
}
