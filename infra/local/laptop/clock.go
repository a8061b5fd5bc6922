package laptop

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/miict/immerse/infra/local/lambda"
	"github.com/miict/immerse/shared/start"
)

// A clock is this machine's, or that of Options, moved. It goes on at the pace of real time.
type clock struct {
	real  func() time.Time
	ahead atomic.Int64 // nanoseconds
}

func newClock(o Options) *clock {
	c := &clock{real: o.Now}
	if c.real == nil {
		c.real = time.Now
	}
	if !o.Begin.IsZero() {
		c.set(o.Begin)
	}
	return c
}

// Now is what the clock says.
func (c *clock) Now() time.Time { return c.real().Add(c.offset()) }

func (c *clock) offset() time.Duration { return time.Duration(c.ahead.Load()) }

func (c *clock) set(to time.Time) { c.ahead.Store(int64(to.Sub(c.real()))) }

// Now is the time of the system: of its functions, queues and mailbox.
func (s *System) Now() time.Time { return s.clock.Now() }

// set moves the clock of everything at once: what the functions are doing ends on the old one, what comes meanwhile waits, and then
// there are programs with the new one.
func (s *System) set(ctx context.Context, to time.Time) error {
	held := make(chan error, len(s.pools))
	for _, pool := range s.pools {
		go func() { held <- pool.Hold(ctx) }()
	}
	var failed error
	for range s.pools {
		failed = errors.Join(failed, <-held)
	}
	var changes map[string]string
	if failed == nil && to.After(s.Now()) {
		s.clock.set(to)
		changes = map[string]string{start.Offset: s.clock.offset().String()}
	}
	renewed := make(chan struct{}, len(s.pools))
	for _, pool := range s.pools {
		go func(p *lambda.Pool) { p.Renew(changes); renewed <- struct{}{} }(pool)
	}
	for range s.pools {
		<-renewed
	}
	s.Queues.Wake()
	return failed
}
