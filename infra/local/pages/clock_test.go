package pages_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/miict/immerse/infra/local/pages"
	"github.com/miict/immerse/infra/local/ses"
	"github.com/miict/immerse/infra/local/sqs"
)

// still is a clock that shows Christmas Eve, and tells of two stops a day when it is moved.
type still struct {
	now   time.Time
	fails error
}

func (c *still) Now() time.Time { return c.now }

func (c *still) Move(_ context.Context, to time.Time, tell func(time.Time, int)) error {
	for at := c.now; at.Before(to); at = at.Add(12 * time.Hour) {
		tell(at, 1)
	}
	c.now = to
	return c.fails
}

var (
	madrid = time.FixedZone("CET", 3600)
	eve    = time.Date(2026, 12, 24, 9, 0, 0, 0, madrid)
)

func clocked(c *still) http.Handler {
	return pages.Pages{Country: "es", Mailbox: &ses.Mailbox{}, Queues: &sqs.Server{}, Clock: c, Zone: madrid, Log: slog.New(slog.DiscardHandler)}.Handler()
}

func post(c *still, body string, headers ...string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, "/_local/clock", strings.NewReader(body))
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	clocked(c).ServeHTTP(w, r)
	return w
}

func TestTheTimeThatIsAskedFor(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Time{
		"72h": eve.Add(72 * time.Hour), "90m": eve.Add(90 * time.Minute), " 3d": eve.AddDate(0, 0, 3),
		"2026-12-25T10:30": time.Date(2026, 12, 25, 10, 30, 0, 0, madrid), "2026-12-31": time.Date(2026, 12, 31, 0, 0, 0, 0, madrid),
		"2026-12-25T10:30:00Z": time.Date(2026, 12, 25, 10, 30, 0, 0, time.UTC),
	} {
		if got, err := pages.When(text, eve, madrid); err != nil || !got.Equal(want) {
			t.Errorf("%q is %s, %v, want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"", "soon", "-3d", "99999d", "2026-13-01", "<script>"} {
		if got, err := pages.When(text, eve, madrid); err == nil {
			t.Errorf("%q is %s", text, got)
		}
	}
}

func TestTheClockIsMovedAndTellsOfEachDay(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"to=2d", "2d", "to=2026-12-26T09%3A00"} {
		c := &still{now: eve}
		want := "Thu 2026-12-24  2 mails\nFri 2026-12-25  2 mails\nIt is Sat 2026-12-26 09:00 CET\n"
		if w := post(c, body); w.Code != 200 || w.Body.String() != want || !w.Flushed {
			t.Errorf("%s: %d %s", body, w.Code, w.Body)
		}
	}
	page := post(&still{now: eve, fails: errors.New("a secret of the inside")}, "to=1d", "Accept", "text/html")
	if got := page.Body.String(); !strings.Contains(got, "ended early") || strings.Contains(got, "secret") || !strings.Contains(got, "</html>") {
		t.Errorf("a browser got %s", got)
	}
}

func TestTheClockGoesForwardsOnlyAndForNobodyElse(t *testing.T) {
	t.Parallel()
	c := &still{now: eve}
	for _, body := range []string{"", "to=", "to=soon", "to=-1h", "to=0s", "to=2026-12-24T09:00", "to=2020-01-01", strings.Repeat("1", 2000)} {
		if w := post(c, body); w.Code != http.StatusBadRequest {
			t.Errorf("%.30q: %d %s", body, w.Code, w.Body)
		}
	}
	if w := post(c, "to=1d", "Sec-Fetch-Site", "cross-site"); w.Code != http.StatusForbidden {
		t.Errorf("another site: %d", w.Code)
	}
	if !c.now.Equal(eve) {
		t.Errorf("it was moved to %s", c.now)
	}
}

func TestThePageSaysWhatDayItIs(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/_local/": "Thursday 24 December 2026, 09:00", "/_local/clock.json": `"now":"2026-12-24T09:00:00+01:00"`,
	} {
		w := httptest.NewRecorder()
		clocked(&still{now: eve}).ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %s", path, w.Body)
		}
	}
}
