package followup_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/functions/followup"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/figures"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/workdays"
)

// shelf keeps what is published.
type shelf struct{ releases []figures.Release }

func (s *shelf) Has(_ context.Context, period string) (bool, error) {
	return slices.ContainsFunc(s.releases, func(r figures.Release) bool { return r.Period == period }), nil
}

func (s *shelf) Put(_ context.Context, release figures.Release) error {
	if has, _ := s.Has(context.Background(), release.Period); !has {
		s.releases = append(s.releases, release)
	}
	return nil
}

var around = figures.Around{
	Country: "ES", Regions: []string{"ES", "ES-AN"}, Needs: []string{"legal", "language"}, Authorities: map[string]figures.Authority{
		authority: {Name: "Junta", Region: "ES-AN", Needs: []string{"language"}}, town: {Name: "Ayuntamiento", Region: "ES-AN", Needs: []string{"language"}},
	},
}

func (w *world) counter(t *testing.T, s *shelf) *followup.Counter {
	t.Helper()
	pack, err := country.Load("es")
	must(t, err)
	calendar, err := workdays.New(pack)
	must(t, err)
	return &followup.Counter{
		Country: "ES", Zone: w.zone, Calendar: calendar, Retention: 10 * 24 * time.Hour, Least: figures.K, Applications: w.store,
		Book: &haltingBook{w.store, w}, Shelf: &haltingShelf{s, w}, Around: func(context.Context) (figures.Around, error) { return around, w.fail("around") },
		Now: func() time.Time { return w.now }, Log: slog.New(slog.DiscardHandler),
	}
}

type haltingBook struct {
	*store.Store
	w *world
}

func (h *haltingBook) Count(ctx context.Context, country string, found, now store.Counting) error {
	return (&halting{h.Store, h.w}).around("count", func() error { return h.Store.Count(ctx, country, found, now) })
}

func (h *haltingBook) Counted(ctx context.Context, country string) error {
	return (&halting{h.Store, h.w}).around("counted", func() error { return h.Store.Counted(ctx, country) })
}

type haltingShelf struct {
	*shelf
	w *world
}

func (h *haltingShelf) Put(ctx context.Context, release figures.Release) error {
	return (&halting{w: h.w}).around("put", func() error { return h.shelf.Put(ctx, release) })
}

// population makes cases of which 12 of each authority are accepted and 12 declined, in the last quarter of 2026.
func (w *world) population(t *testing.T) {
	t.Helper()
	for i := range 24 {
		reference := fmt.Sprintf("ES-%04d-9QXT-40AB", i)
		w.refer(t, reference)
		w.now = monday.AddDate(0, 0, 1+i%2)
		for _, id := range []string{authority, town} {
			found, err := w.store.Application(t.Context(), reference)
			must(t, err)
			act, err := referral.NewAct(referral.Accept, "", "")
			if i%2 == 0 {
				act, err = referral.NewAct(referral.Decline, "", "no_capacity")
			}
			must(t, err)
			next, err := referral.Answer{}.After(act)
			must(t, err)
			must(t, w.store.Answer(t.Context(), store.Step{Reference: reference, Authority: id, Found: found.Ledger,
				Audit: store.Audit{At: w.now, Actor: "authority", Action: next.Code() + ":" + id}}, store.AnswerOf(next, w.now, "form")))
		}
	}
	w.now = time.Date(2027, 1, 3, 2, 0, 0, 0, w.zone)
}

func rowOf(t *testing.T, r figures.Release, m figures.Measure, dimension, group string) []int {
	t.Helper()
	for _, table := range r.Tables {
		for _, row := range table.Rows {
			if table.Measure == m && row.Dimension == dimension && row.Group == group {
				return row.Counts
			}
		}
	}
	return nil
}

func TestAQuarterIsCountedOnce(t *testing.T) {
	w, s := newWorld(t), &shelf{}
	w.population(t)
	counter := w.counter(t, s)
	if got, err := counter.Count(t.Context(), "night"); err != nil || got != "2026-Q4" {
		t.Fatalf("%q %v", got, err)
	}
	r := s.releases[0]
	if r.From != "2026-10-01" || r.To != "2026-12-31" || r.Published != "2027-01-03" {
		t.Errorf("%+v", r)
	}
	for group, want := range map[string][]int{figures.All: {24, 24}, authority: {12, 12}, town: {12, 12}, "ES-AN": {24, 24}} {
		dimension := map[string]string{figures.All: figures.ByAll, "ES-AN": figures.ByRegion}[group]
		if dimension == "" {
			dimension = figures.ByAuthority
		}
		if got := rowOf(t, r, figures.Answer, dimension, group); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", group, got, want)
		}
	}
	if left, err := w.store.Counting(t.Context(), "ES"); err != nil || left.Version != 0 {
		t.Errorf("what was counted is still there: %+v %v", left, err)
	}
	again := w.counter(t, s)
	w.now = w.now.AddDate(0, 1, 0)
	for range 2 {
		if got, err := again.Count(t.Context(), "another night"); err != nil || got != "" || len(s.releases) != 1 {
			t.Errorf("%q %v %d", got, err, len(s.releases))
		}
	}
}

// hurried gives a Counter so little time that it stops after each page.
type hurried struct {
	followup.Applications
	pages  int
	cancel context.CancelFunc
}

func (h *hurried) Appointments(ctx context.Context, country, day string, shard int, after string, _ int32) ([]store.Appointment, string, error) {
	page, next, err := h.Applications.Appointments(context.WithoutCancel(ctx), country, day, shard, after, 5)
	if h.pages++; len(page) > 0 {
		defer h.cancel()
	}
	return page, next, err
}

func (h *hurried) Application(ctx context.Context, reference string) (store.Application, error) {
	return h.Applications.Application(context.WithoutCancel(ctx), reference)
}

// TestCountingGoesOnWhereItStopped stops after each page, and at each write before and after it; the figures are the same.
func TestCountingGoesOnWhereItStopped(t *testing.T) {
	w, whole, parts := newWorld(t), &shelf{}, &shelf{}
	w.population(t)
	if _, err := w.counter(t, whole).Count(t.Context(), "night"); err != nil {
		t.Fatal(err)
	}
	stop, calls, at := errors.New("stopped"), 0, 0
	w.fails = func(string) error {
		if calls++; calls == at {
			return stop
		}
		return nil
	}
	rounds := 0
	for ; len(parts.releases) == 0 && rounds < 100; rounds++ {
		calls, at = 0, at+1
		if rounds%3 == 0 {
			at = 1 << 30
		}
		ctx, cancel := context.WithCancel(t.Context())
		counter := w.counter(t, parts)
		counter.Applications = &hurried{Applications: w.store, cancel: cancel}
		_, err := counter.Count(ctx, "night")
		if err != nil && !errors.Is(err, stop) && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		cancel()
		if at == 1<<30 {
			at = rounds % 3
		}
	}
	if diff := cmp.Diff(whole.releases, parts.releases); diff != "" || rounds < 5 {
		t.Errorf("after %d rounds:\n%s", rounds, diff)
	}
}

// TestAnotherNightBeginsAnew: by day appointments move, so that somebody would be counted twice.
func TestAnotherNightBeginsAnew(t *testing.T) {
	w, s := newWorld(t), &shelf{}
	w.population(t)
	ctx, cancel := context.WithCancel(t.Context())
	counter := w.counter(t, s)
	counter.Applications = &hurried{Applications: w.store, cancel: cancel}
	if _, err := counter.Count(ctx, "one"); err != nil {
		t.Fatal(err)
	}
	if left, err := w.store.Counting(t.Context(), "ES"); err != nil || len(left.Counts) == 0 {
		t.Fatalf("nothing was kept: %+v %v", left, err)
	}
	if _, err := w.counter(t, s).Count(t.Context(), "another"); err != nil {
		t.Fatal(err)
	}
	if got := rowOf(t, s.releases[0], figures.Answer, figures.ByAll, figures.All); !slices.Equal(got, []int{24, 24}) {
		t.Errorf("%v", got)
	}
}

// TestFiguresAreCountedAtNight, and at once when somebody says so.
func TestFiguresAreCountedAtNight(t *testing.T) {
	w, s := newWorld(t), &shelf{}
	quiet, _ := watch(&aside{})
	rounds := followup.Rounds{Watch: &quiet, Sweep: w.Handler, Figures: w.counter(t, s)}
	w.now = time.Date(2027, 1, 4, 10, 0, 0, 0, w.zone)
	if _, err := rounds.Handle(t.Context(), followup.Order{}); err != nil || len(s.releases) > 0 {
		t.Errorf("by day: %v, %d", err, len(s.releases))
	}
	w.now = time.Date(2027, 1, 4, 20, 0, 0, 0, w.zone)
	report, err := rounds.Handle(t.Context(), followup.Order{})
	if err != nil || len(s.releases) != 1 || report.Figures != "2026-Q4" || s.releases[0].Shown() {
		t.Errorf("at night: %+v %v, %d", report, err, len(s.releases))
	}
	w.now = time.Date(2027, 4, 5, 10, 0, 0, 0, w.zone)
	if report, err := rounds.Handle(t.Context(), followup.Order{AtOnce: true}); err != nil || report.Figures != "2027-Q1" {
		t.Errorf("at once: %+v %v", report, err)
	}
}

func TestAroundIsWhatThePackSays(t *testing.T) {
	for _, code := range country.Codes() {
		pack, err := country.Load(code)
		must(t, err)
		around := followup.OfPack(pack)
		for id, a := range around.Authorities {
			if a.Name == "" || len(a.Needs) == 0 || !slices.Contains(around.Regions, a.Region) {
				t.Errorf("%s: %s is %+v", code, id, a)
			}
		}
		if len(around.Authorities) < 5 {
			t.Errorf("%s: %d authorities", code, len(around.Authorities))
		}
	}
}
