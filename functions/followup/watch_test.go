package followup_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/miict/immerse/functions/followup"
)

// aside is what lies in dead-letter queues.
type aside struct {
	found map[string]int
	err   error
}

func (a *aside) Count(context.Context) (map[string]int, error) { return a.found, a.err }

func watch(a *aside) (followup.Watch, *bytes.Buffer) {
	log := new(bytes.Buffer)
	return followup.Watch{Aside: a, Now: time.Now, Log: slog.New(slog.NewJSONHandler(log, nil))}, log
}

// TestWhatLiesAsideIsSaidWithEachLook, and nothing is when nothing does: a metric costs while it is written.
func TestWhatLiesAsideIsSaidWithEachLook(t *testing.T) {
	w, log := watch(&aside{})
	if all, err := w.Look(t.Context()); all != 0 || err != nil || log.Len() > 0 {
		t.Errorf("of nothing: %d %v %s", all, err, log)
	}
	w, log = watch(&aside{found: map[string]int{"immerse-es-matching-dlq": 2, "immerse-es-feedback-dlq": 1}})
	for range 2 {
		if all, err := w.Look(t.Context()); all != 3 || err != nil {
			t.Errorf("%d %v", all, err)
		}
	}
	if got := log.String(); strings.Count(got, `"DeadLetters":3`) != 2 || !strings.Contains(got, `"immerse-es-matching-dlq":2`) {
		t.Errorf("said %s", got)
	}
}

// TestAWatchThatCantSeeAllFails, so that somebody is woken, and says what it saw; the round goes on all the same.
func TestAWatchThatCantSeeAllFails(t *testing.T) {
	w, log := watch(&aside{found: map[string]int{"one": 1}, err: errors.New("throttled")})
	if all, err := w.Look(t.Context()); all != 1 || err == nil || !strings.Contains(log.String(), `"DeadLetters":1`) {
		t.Errorf("%d %v %s", all, err, log)
	}
	world := newWorld(t)
	world.wait(t, authority, tuesday.Add(-time.Hour), "ES-1")
	world.now = tuesday
	rounds := followup.Rounds{Watch: &w, Sweep: world.Handler, Figures: world.counter(t, &shelf{})}
	report, err := rounds.Handle(t.Context(), followup.Order{})
	if err == nil || report.Aside != 1 || report.Digests != 1 {
		t.Errorf("%+v %v", report, err)
	}
}
