package proof

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/miict/immerse/shared/figures"
	"github.com/miict/immerse/shared/store"
)

// Has and Put make the year a shelf of figures.
func (y *year) Has(_ context.Context, period string) (bool, error) {
	return slices.ContainsFunc(y.releases, func(r figures.Release) bool { return r.Period == period }), nil
}

func (y *year) Put(_ context.Context, release figures.Release) error {
	y.releases = append(y.releases, release)
	return nil
}

const (
	// countedOn is the night in which the year's figures are counted: one, as minidyn reads its whole table for each query.
	countedOn = "2027-01-03"
	// leastShown are few people, as a year has few.
	leastShown = 3
)

// count counts the quarter that is over, once, and holds what is published to what the test itself finds.
func (y *year) count() {
	if y.now.In(y.zone).Format(time.DateOnly) != countedOn {
		return
	}
	before := len(y.releases)
	if _, err := y.counter.Count(y.t.Context(), "night"); err != nil {
		y.t.Fatal(err)
	}
	if len(y.releases) != before+1 {
		y.t.Fatalf("%s: nothing is published on %s", y.pack.Code, y.now)
	}
	release := y.releases[before]
	want, people := map[string]int{}, map[string]bool{}
	for _, c := range y.cases {
		found, err := y.store.Application(y.t.Context(), c.reference)
		if errors.Is(err, store.ErrNotFound) {
			continue // its time was over before the quarter began
		}
		ok(y.t, err)
		first := map[string]string{}
		slices.SortStableFunc(found.Ledger.Trail, func(a, b store.Audit) int { return a.At.Compare(b.At) })
		for _, line := range found.Ledger.Trail {
			words := strings.Split(line.Action, ":")
			answer := map[string]string{"accepted": figures.Accepted, "declined": figures.Declined, "expired": figures.NoAnswer}[words[0]]
			authority := words[len(words)-1]
			if answer == "" || first[authority] != "" {
				continue
			}
			first[authority] = answer
			if day := line.At.In(y.zone).Format(time.DateOnly); day >= release.From && day <= release.To {
				want[answer]++
				people[c.reference] = true
			}
		}
	}
	table := release.Tables[0]
	for i, category := range table.Categories {
		if got := table.Of(figures.ByAll)[0].Counts[i]; got != want[category.Codes[0]] {
			y.t.Errorf("%s %s: %s is counted %d times, it was %v", y.pack.Code, release.Period, category.Codes[0], got, want)
		}
	}
	y.t.Logf("%s %s: %v of %d people, shown: %v", y.pack.Code, release.Period, want, len(people), release.Shown())
}

// figured looks at all that was published of the years: no number is of too few. It tells whether there is something to show, which is chance in
// one country, as its people are few.
func (y *year) figured() (shown bool) {
	for _, release := range y.releases {
		for _, table := range release.Tables {
			for _, row := range table.Rows {
				for _, count := range row.Counts {
					if count > 0 && count < leastShown {
						y.t.Errorf("%s %s: %s %s of %s has %d", y.pack.Code, release.Period, row.Dimension, row.Group, table.Measure, count)
					}
				}
			}
		}
	}
	if len(y.releases) != 1 {
		y.t.Errorf("%s: %d quarters were published", y.pack.Code, len(y.releases))
		return false
	}
	return y.releases[0].Shown()
}
