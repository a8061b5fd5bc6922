package laptop

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// ErrPast is the error of Move for a time that isn't ahead.
var ErrPast = errors.New("the clock goes forwards only")

// stopsAt are the hours of a day at which Move stops, a minute after each: in the night, when figures are counted; when digests go; when
// offices open, from which on people are reminded; and before they close.
var stopsAt = []int{3, 8, 9, 17}

// Move lets the time pass until to, as quick as the functions can work. It stops several times a day: what waits is worked off, the
// schedules come round, and what follows from that is worked off, too, so that everything happens on the day on which it would have.
// tell, if it isn't nil, hears of each stop, and of how many mails were sent since the one before. When ctx ends, the time stays where it has come to.
func (s *System) Move(ctx context.Context, to time.Time, tell func(at time.Time, mails int)) error {
	s.moving.Lock()
	defer s.moving.Unlock()
	from := s.Now()
	if !to.After(from) {
		return fmt.Errorf("%w: it is %s", ErrPast, from.In(s.zone()).Format("2006-01-02T15:04"))
	}
	had := len(s.Mailbox.All())
	if err := s.round(ctx); err != nil {
		return err
	}
	for _, at := range s.stops(from, to) {
		if err := s.settle(ctx, at); err != nil {
			return err
		}
		if err := s.set(ctx, at); err != nil {
			return err
		}
		if err := s.round(ctx); err != nil {
			return err
		}
		have := len(s.Mailbox.All())
		s.log.Info("the clock was moved", "to", at.Format(time.RFC3339), "mails", have-had)
		if tell != nil {
			tell(at, have-had)
		}
		had = have
	}
	return nil
}

func (s *System) zone() *time.Location {
	if zone := s.options.Definition.Zone; zone != nil {
		return zone
	}
	return time.UTC
}

// stops are the moments after from at which Move stops, of which to is the last.
func (s *System) stops(from, to time.Time) (all []time.Time) {
	year, month, day := from.In(s.zone()).Date()
	for ; ; day++ {
		for _, hour := range stopsAt {
			at := time.Date(year, month, day, hour, 1, 0, 0, s.zone())
			if !at.Before(to) {
				return append(all, to)
			}
			if at.After(from) {
				all = append(all, at)
			}
		}
	}
}

// round lets each schedule come round, the one that does so most often before and after the others.
func (s *System) round(ctx context.Context) error {
	schedules := slices.Clone(s.options.Definition.Schedules)
	slices.SortStableFunc(schedules, func(a, b Schedule) int { return int(a.Every - b.Every) })
	if len(schedules) > 1 {
		schedules = append(schedules, schedules[0])
	}
	for _, schedule := range schedules {
		if err := s.settle(ctx, time.Time{}); err != nil {
			return err
		}
		if schedule.Function == "feedback" && len(s.Queues.Bodies(s.Feedback())) == 0 {
			continue // it would wait a second for what isn't there
		}
		if _, err := s.Invoke(ctx, schedule.Function, schedule.Payload); err != nil {
			return fmt.Errorf("%s at %s: %w", schedule.Name, s.Now().Format(time.RFC3339), err)
		}
	}
	return s.settle(ctx, time.Time{})
}

// settle waits until the functions have nothing left to do. A message that is hidden, as it is to be tried again or was sent for later,
// is had when its time has come: until then the clock is moved, from one to the next.
func (s *System) settle(ctx context.Context, until time.Time) error {
	for {
		if err := s.rest(ctx); err != nil {
			return err
		}
		next := until.Add(time.Nanosecond)
		for _, m := range s.options.Definition.Mappings {
			if at, ok := s.Queues.Next(m.Queue); ok && at.Before(next) {
				next = at
			}
		}
		if next.After(until) {
			return nil
		}
		if err := s.set(ctx, next); err != nil {
			return err
		}
	}
}

// rest waits until nothing is done and nothing can be had. Between a queue and a function a message is in nobody's hands for a moment,
// so it looks twice.
func (s *System) rest(ctx context.Context) error {
	for quiet := 0; quiet < 2; {
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for the functions to end what they do: %w", ctx.Err())
		case <-time.After(3 * time.Millisecond):
		}
		quiet++
		if !s.idle() {
			quiet = 0
		}
	}
	return nil
}

func (s *System) idle() bool {
	if s.inHand.Load() > 0 {
		return false
	}
	for _, pool := range s.pools {
		if !pool.Idle() {
			return false
		}
	}
	now := s.Now()
	for _, m := range s.options.Definition.Mappings {
		if at, ok := s.Queues.Next(m.Queue); ok && !at.After(now) {
			return false
		}
	}
	return true
}
