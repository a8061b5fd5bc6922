package followup

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/store"
)

// Digests are what waits for authorities' one mail a day, and those mails. *store.Store is the real one.
type Digests interface {
	Waiting(ctx context.Context, country, organization, after string, limit int32) (page []store.WaitingMail, next string, err error)
	LatestDigest(ctx context.Context, country, organization string) (store.Digest, error)
	Strike(ctx context.Context, country string, w store.WaitingMail) error
}

// digests has the authorities told that get one mail a day, from its hour on until the evening: notification writes it, and
// remembers that it did. Each sweep asks again for what has not gone, and takes off the list what has.
func (h *Handler) digests(ctx context.Context, order Order, now time.Time, done *Report) error {
	before := h.digestTime(now)
	switch {
	case order.AtOnce:
		before = now
	case !h.Calendar.Working(now, h.Country), now.Before(before), now.In(h.Zone).Hour() >= closing:
		return nil
	}
	waiting, err := h.waiting(ctx)
	if err != nil {
		return err
	}
	for _, organization := range slices.Sorted(maps.Keys(waiting)) {
		if timeIsOver(ctx, h.Now()) {
			return nil
		}
		due := &events.DigestDueV1{
			Country: h.Country, Authority: organization, Day: store.Day(now, h.Zone), Part: 1, Before: before.UTC(), AtOnce: order.AtOnce,
		}
		// One authority's trouble is not another's.
		err = errors.Join(err, h.digest(ctx, waiting[organization], due, done))
	}
	return err
}

// digestTime is when digests go on the day of a moment.
func (h *Handler) digestTime(now time.Time) time.Time {
	year, month, day := now.In(h.Zone).Date()
	return time.Date(year, month, day, h.DigestHour, 0, 0, 0, h.Zone)
}

// waiting is the whole list, by organization.
func (h *Handler) waiting(ctx context.Context) (map[string][]store.WaitingMail, error) {
	const pageSize = 500
	waiting := map[string][]store.WaitingMail{}
	for after := ""; ; {
		page, next, err := h.Digests.Waiting(ctx, h.Country, "", after, pageSize)
		if err != nil {
			return nil, err
		}
		for _, w := range page {
			waiting[w.Organization] = append(waiting[w.Organization], w)
		}
		if next == "" {
			return waiting, nil
		}
		after = next
	}
}

// digest goes on with one authority's digest: the last that was begun must be over before there is another.
func (h *Handler) digest(ctx context.Context, waiting []store.WaitingMail, due *events.DigestDueV1, done *Report) error {
	latest, err := h.Digests.LatestDigest(ctx, h.Country, due.Authority)
	if err != nil {
		return err
	}
	switch {
	case latest.Day == "":
	case !latest.Closed:
		due.Day, due.Part = latest.Day, latest.Part
		return h.askForDigest(ctx, due, done)
	default:
		if waiting, err = h.strike(ctx, waiting, latest); err != nil {
			return err
		}
		if latest.Day == due.Day && !latest.Full {
			return nil // the rest waits for another day
		}
		if latest.Day == due.Day {
			due.Part = latest.Part + 1
		}
	}
	if !slices.ContainsFunc(waiting, func(w store.WaitingMail) bool { return w.At.Before(due.Before) }) {
		return nil
	}
	return h.askForDigest(ctx, due, done)
}

// strike takes off the list what a digest took, and gives what is left.
func (h *Handler) strike(ctx context.Context, waiting []store.WaitingMail, over store.Digest) (left []store.WaitingMail, err error) {
	type key struct{ reference, mail string }
	took := map[key]bool{}
	for _, w := range over.Took() {
		took[key{w.Reference, w.Mail}] = true
	}
	for _, w := range waiting {
		if !took[key{w.Reference, w.Mail}] {
			left = append(left, w)
			continue
		}
		if err := h.Digests.Strike(ctx, h.Country, w); err != nil {
			return nil, err
		}
	}
	return left, nil
}

func (h *Handler) askForDigest(ctx context.Context, due *events.DigestDueV1, done *Report) error {
	event, err := events.New(events.Origin{
		ID: h.NewID(), Source: events.Source(h.Country, actor), Subject: h.Country, Time: h.Now(),
	}, due)
	if err != nil {
		return err
	}
	done.Digests++
	return h.Queue.Send(ctx, event)
}
