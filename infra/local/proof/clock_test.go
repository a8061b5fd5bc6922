package proof

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miict/immerse/infra/local/laptop"
)

// TestNoReferralIsForgotten: a case that no authority answers, on a laptop whose user lets eighteen days pass. On the way authorities are
// reminded, whoever is behind them is told, the person hears that nobody answered, and others are asked: each once, on a working day by
// the list that the year of cases has, written down by hand.
func TestNoReferralIsForgotten(t *testing.T) {
	deployed, err := laptop.Immerse("cy")
	ok(t, err)
	s := start(t, "cy", func(o *laptop.Options) {
		o.Definition.Schedules = deployed.Schedules
		o.Window, o.Visibility = 100*time.Millisecond, 0
		o.Begin = time.Date(2026, 12, 21, 10, 0, 0, 0, o.Definition.Zone) // a Monday
	})
	zone, err := time.LoadLocation(clocks["CY"])
	ok(t, err)
	own := application("en")
	own["residence"] = map[string]any{"region": "CY-01"}
	own["needs"] = []any{"language", "employment"}
	receipt := s.submit(t, own, "forgotten").receipt(t)
	passed := s.letTimePass(t, "2027-01-08T12:00")
	if !strings.Contains(passed, "Sun 2027-01-03  0 mails") || !strings.Contains(passed, "It is Fri 2027-01-08 12:0") {
		t.Fatal(passed)
	}
	days := map[string][]string{} // of mails, by kind
	for id, mails := range s.mails(t, receipt) {
		if len(mails) != 1 {
			t.Errorf("%s was sent %d times", id, len(mails))
		}
		kind, _, _ := strings.Cut(id, "-")
		if strings.Contains(id, "+") {
			kind += " again"
		}
		at := mails[0].At.In(zone)
		day := at.Format(time.DateOnly)
		if at.Weekday() == time.Saturday || at.Weekday() == time.Sunday || strings.Contains(daysOff["CY"], day) || at.Hour() < 9 || at.Hour() > 17 {
			t.Errorf("%s was sent at %s", id, at)
		}
		if !slices.Contains(days[kind], day) {
			days[kind] = append(days[kind], day)
		}
	}
	t.Logf("mails by day: %v", days)
	before := ""
	for _, kind := range []string{"authority", "remind", "escalate", "lapse", "authority again"} {
		first := slices.Min(append(days[kind], "never"))
		if first == "never" || first < before {
			t.Errorf("the first mail %q is of %s, after one of %s", kind, first, before)
		}
		before = first
	}
	status := s.must(t, http.MethodPost, "/status?lang=en", "reference="+receipt.Reference+"&secret="+receipt.Secret+"&lang=en",
		"Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin", "Accept", "text/html")
	if !strings.Contains(status.body, "Nobody answered us in time.") {
		t.Errorf("the status page says:\n%s", status.body)
	}
	s.putAside(t, "cy")
}

// letTimePass is a user who moves the clock. It takes as long as the functions take for what is due on the way.
func (s *system) letTimePass(t *testing.T, to string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/_local/clock", strings.NewReader("to="+to))
	ok(t, err)
	response, err := new(http.Client).Do(request)
	ok(t, err)
	defer response.Body.Close()
	passed, err := io.ReadAll(response.Body)
	ok(t, err)
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", response.StatusCode, passed)
	}
	return string(passed)
}
