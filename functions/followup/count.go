package followup

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/miict/immerse/shared/figures"
	"github.com/miict/immerse/shared/store"
)

// Applications reads applications and lists them by their appointments, of which each has one as long as it is kept.
// *store.Store is the real one.
type Applications interface {
	Application(ctx context.Context, reference string) (store.Application, error)
	Appointments(ctx context.Context, country, day string, shard int, after string, limit int32) (page []store.Appointment, next string, err error)
}

// Book remembers how far was counted. *store.Store is the real one.
type Book interface {
	Counting(ctx context.Context, country string) (store.Counting, error)
	// Count records how far was counted. The error wraps store.ErrState if another has counted on.
	Count(ctx context.Context, country string, found, now store.Counting) error
	Counted(ctx context.Context, country string) error
}

// Shelf is where figures are published. *shelf.Shelf is the real one.
type Shelf interface {
	Has(ctx context.Context, period string) (bool, error)
	// Put publishes a release, unless its period has one.
	Put(ctx context.Context, release figures.Release) error
}

// A Counter counts what referrals came to in the last quarter, when it is over, and publishes what may be. It counts at night, as
// appointments are moved by day, from the beginning in each: so nobody is counted twice. What it had no time for, the next call goes on
// with. Every field is required.
type Counter struct {
	Country      string // ISO 3166-1 alpha-2
	Zone         *time.Location
	Calendar     figures.Calendar
	Retention    time.Duration // how long applications are kept
	Least        int           // people of a group that anything is published of: figures.K, but in tests
	Applications Applications
	Book         Book
	Shelf        Shelf
	Around       func(ctx context.Context) (figures.Around, error) // what the catalogue says
	Now          func() time.Time
	Log          *slog.Logger
}

const (
	countPage  = 100
	atOnce     = 8 // applications that are read at the same time
	dayChanges = 12 * time.Hour
)

// night names the night, or day off, that a moment lies in.
func (c *Counter) night(now time.Time) string { return store.Day(now.Add(-dayChanges), c.Zone) }

// Count counts on, and gives the period that is published when that is done: empty while it isn't. What was begun under another name of a
// night begins anew.
func (c *Counter) Count(ctx context.Context, night string) (published string, err error) {
	now := c.Now()
	quarter := figures.LastQuarter(now, c.Zone)
	period := quarter.String()
	if has, err := c.Shelf.Has(ctx, period); err != nil || has {
		return "", err
	}
	found, err := c.Book.Counting(ctx, c.Country)
	if err != nil {
		return "", err
	}
	at := found
	if at.Period != period || at.Night != night {
		at = store.Counting{Period: period, Night: night, Day: store.Day(now.Add(-before), c.Zone)}
	}
	around, err := c.Around(ctx)
	if err != nil {
		return "", fmt.Errorf("what is counted: %w", err)
	}
	counts := new(figures.Counts)
	if len(at.Counts) > 0 {
		if err := counts.UnmarshalBinary(at.Counts); err != nil {
			return "", err
		}
	}
	over, err := c.days(ctx, &at, now, func(a store.Application) {
		counts.Add(figures.CasesOf(a, around, c.Calendar, quarter))
	})
	switch {
	case err != nil:
		return "", err
	case over:
		if at.Counts, err = counts.MarshalBinary(); err != nil {
			return "", err
		}
		return "", c.Book.Count(context.WithoutCancel(ctx), c.Country, found, at)
	}
	release := figures.Release{
		Period: period, From: store.Day(quarter.From(), c.Zone), To: store.Day(quarter.To().Add(-time.Second), c.Zone),
		Published: store.Day(now, c.Zone), Tables: figures.Publish(counts, around, c.Least),
	}
	if err := c.Shelf.Put(ctx, release); err != nil {
		return "", err
	}
	c.Log.Info("figures published", "outcome", "published", "period", period, "shown", release.Shown())
	return period, c.Book.Counted(ctx, c.Country) // and if it dies before, the item is gone in days
}

// days goes through the appointments of all days, from where at is on. over tells that the time is.
func (c *Counter) days(ctx context.Context, at *store.Counting, now time.Time, add func(store.Application)) (over bool, err error) {
	for last := store.Day(now.Add(c.Retention), c.Zone); at.Day <= last; at.Day, at.Shard = following(at.Day), 0 {
		for ; at.Shard < store.DueShards; at.Shard, at.After = at.Shard+1, "" {
			for more := true; more; more = at.After != "" {
				if timeIsOver(ctx, c.Now()) {
					return true, nil
				}
				page, next, err := c.Applications.Appointments(ctx, c.Country, at.Day, at.Shard, at.After, countPage)
				if err != nil {
					return false, err
				}
				if err := c.page(ctx, page, add); err != nil {
					return false, err
				}
				at.After = next
			}
		}
	}
	return false, nil
}

// page reads the applications of a page, several at once. Each has an appointment for its first round and may have more, also for
// single referrals.
func (c *Counter) page(ctx context.Context, page []store.Appointment, add func(store.Application)) error {
	found := make([]*store.Application, len(page))
	failed := make([]error, len(page))
	tickets := make(chan struct{}, atOnce)
	var reading sync.WaitGroup
	for i, a := range page {
		if a.Round > 0 || a.Of != "" {
			continue
		}
		tickets <- struct{}{}
		reading.Go(func() {
			defer func() { <-tickets }()
			application, err := c.Applications.Application(ctx, a.Reference)
			if errors.Is(err, store.ErrNotFound) {
				return
			}
			found[i], failed[i] = &application, err
		})
	}
	reading.Wait()
	if err := errors.Join(failed...); err != nil {
		return err
	}
	for _, application := range found {
		if application != nil {
			add(*application)
		}
	}
	return nil
}
