package followup_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/miict/immerse/functions/followup"
	"github.com/miict/immerse/shared/store"
)

func (h *halting) Strike(ctx context.Context, country string, mail store.WaitingMail) error {
	return h.around("strike", func() error { return h.Store.Strike(ctx, country, mail) })
}

// wait puts referrals to an authority on the list.
func (w *world) wait(t *testing.T, organization string, at time.Time, references ...string) {
	t.Helper()
	for _, reference := range references {
		must(t, w.store.Wait(t.Context(), "ES", store.WaitingMail{Organization: organization, Reference: reference, Mail: "authority-" + organization, At: at}))
	}
}

// left is what still waits for an authority.
func (w *world) left(t *testing.T, organization string) (references []string) {
	t.Helper()
	page, _, err := w.store.Waiting(t.Context(), "ES", organization, "", 100)
	must(t, err)
	for _, mail := range page {
		references = append(references, mail.Reference)
	}
	return references
}

// send does what notification would, to the end or only a part of the way.
func (w *world) send(t *testing.T, organization, day string, part int, full, closed bool, references ...string) {
	t.Helper()
	d := store.Digest{Organization: organization, Day: day, Part: part, State: store.MailSent, At: w.now, Holder: fmt.Sprint(w.now), Full: full, Closed: closed}
	for _, reference := range references {
		d.Told = append(d.Told, store.WaitingMail{Organization: organization, Reference: reference, Mail: "authority-" + organization, At: w.now})
	}
	found, err := w.store.Digest(t.Context(), "ES", d.Key())
	must(t, err)
	must(t, w.store.ClaimDigest(t.Context(), "ES", found, d, w.now))
}

func (w *world) asked(t *testing.T, want string) {
	t.Helper()
	if got := strings.Join(w.told, "; "); got != want {
		t.Errorf("asked for %q, want %q", got, want)
	}
	w.told = nil
}

// tuesday is a working day, at eight o'clock in Madrid.
var tuesday = time.Date(2026, 11, 24, 7, 0, 0, 0, time.UTC)

// TestOneDigestADay: from eight on it is asked for until it went, what it took is struck off, and what came later is for the next day.
func TestOneDigestADay(t *testing.T) {
	w := newWorld(t)
	w.wait(t, authority, tuesday.Add(-time.Hour), "ES-1", "ES-2")
	w.wait(t, town, tuesday, "ES-3") // at eight sharp
	w.sweepAt(t, tuesday.Add(-time.Minute))
	w.asked(t, "")
	w.sweepAt(t, tuesday)
	w.asked(t, "Tue 24 Nov 08:00 digest 1 of 2026-11-24 to "+authority)
	w.sweepAt(t, tuesday.Add(15*time.Minute)) // it is lost, or on its way
	w.asked(t, "Tue 24 Nov 08:15 digest 1 of 2026-11-24 to "+authority)
	w.send(t, authority, "2026-11-24", 1, false, false, "ES-1", "ES-2")
	w.sweepAt(t, tuesday.Add(30*time.Minute)) // it went, and is not gone on with
	w.asked(t, "Tue 24 Nov 08:30 digest 1 of 2026-11-24 to "+authority)
	w.send(t, authority, "2026-11-24", 1, false, true, "ES-1", "ES-2")
	w.wait(t, authority, tuesday.Add(-time.Second), "ES-4") // a moment too late for it
	w.sweepAt(t, tuesday.Add(45*time.Minute))
	w.asked(t, "")
	if got := fmt.Sprint(w.left(t, authority), w.left(t, town)); got != "[ES-4] [ES-3]" {
		t.Errorf("left %s", got)
	}
	w.sweepAt(t, tuesday.Add(24*time.Hour))
	w.asked(t, "Wed 25 Nov 08:00 digest 1 of 2026-11-25 to "+authority+"; Wed 25 Nov 08:00 digest 1 of 2026-11-25 to "+town)
}

// TestNoDigestOnASundayOrHolidayOrAtNight, unless an operator says so.
func TestNoDigestOnASundayOrHolidayOrAtNight(t *testing.T) {
	w := newWorld(t)
	w.wait(t, authority, monday, "ES-1")
	for _, closed := range []time.Time{
		time.Date(2026, 11, 29, 11, 0, 0, 0, time.UTC), time.Date(2026, 12, 8, 11, 0, 0, 0, time.UTC), // Sunday, the Immaculate
		time.Date(2026, 11, 30, 6, 59, 0, 0, time.UTC), time.Date(2026, 11, 30, 17, 0, 0, 0, time.UTC),
	} {
		w.sweepAt(t, closed)
	}
	w.asked(t, "")
	w.now = time.Date(2026, 11, 29, 11, 0, 0, 0, time.UTC)
	if _, err := w.Handle(t.Context(), followup.Order{AtOnce: true}); err != nil {
		t.Fatal(err)
	}
	w.asked(t, "Sun 29 Nov 12:00 digest 1 of 2026-11-29 to "+authority+" at once")
}

// TestWhatOneMailCannotHold follows on the same day; and a digest that was left half done is gone on with on another.
func TestWhatOneMailCannotHold(t *testing.T) {
	w := newWorld(t)
	w.wait(t, authority, monday, "ES-1", "ES-2")
	w.now = tuesday
	w.send(t, authority, "2026-11-24", 1, true, true, "ES-1")
	w.sweepAt(t, tuesday.Add(15*time.Minute))
	w.asked(t, "Tue 24 Nov 08:15 digest 2 of 2026-11-24 to "+authority)
	w.send(t, authority, "2026-11-24", 2, false, false, "ES-2")
	w.sweepAt(t, tuesday.Add(24*time.Hour))
	w.asked(t, "Wed 25 Nov 08:00 digest 2 of 2026-11-24 to "+authority)
}

// TestAStopInAStrikeIsGoneOnWith, and is no trouble of other authorities.
func TestAStopInAStrikeIsGoneOnWith(t *testing.T) {
	for _, at := range []string{"strike", "strike done", "send"} {
		w := newWorld(t)
		w.wait(t, authority, monday, "ES-1", "ES-2")
		w.wait(t, town, monday, "ES-3")
		w.now = tuesday
		w.send(t, authority, "2026-11-24", 1, false, true, "ES-1", "ES-2")
		stopped := false
		w.fails = func(what string) error {
			if what == at && !stopped {
				stopped = true
				return errStop
			}
			return nil
		}
		if _, err := w.Handle(t.Context(), followup.Order{}); !errors.Is(err, errStop) {
			t.Errorf("stopped at %s: %v", at, err)
		}
		if at != "send" {
			w.asked(t, "Tue 24 Nov 08:00 digest 1 of 2026-11-24 to "+town)
		}
		w.sweepAt(t, tuesday)
		w.asked(t, "Tue 24 Nov 08:00 digest 1 of 2026-11-24 to "+town)
		if left := w.left(t, authority); len(left) != 0 {
			t.Errorf("stopped at %s: left %v", at, left)
		}
	}
}

// TestAReferralOfADigestIsFollowedUpByItself: its appointment ends with it, and leaves the application's end to the other.
func TestAReferralOfADigestIsFollowedUpByItself(t *testing.T) {
	w := newWorld(t)
	w.refer(t, ref)
	own := store.Appointment{
		Reference: ref, Of: town, Day: store.Day(remind, w.zone),
		Clocks: []store.Clock{{Mail: store.ReferralID(town, 0), Remind: remind, Escalate: escalate, Lapse: lapse}},
	}
	must(t, w.store.Appoint(t.Context(), "ES", own))
	w.answer(t, town, "declined", "no_capacity")
	w.sweepAt(t, remind)
	all := 0
	for day := remind; day.Before(remind.AddDate(1, 0, 0)); day = day.AddDate(0, 0, 1) {
		for shard := range store.DueShards {
			page, _, err := w.store.Appointments(t.Context(), "ES", store.Day(day, w.zone), shard, "", 10)
			must(t, err)
			for _, a := range page {
				if all++; a.Of != "" {
					t.Errorf("kept: %+v", a)
				}
			}
		}
	}
	if all != 1 {
		t.Errorf("%d appointments", all)
	}
}
