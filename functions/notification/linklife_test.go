package notification

import (
	"testing"
	"time"

	offered "github.com/miict/immerse/shared/catalogue"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/workdays"
)

// TestALinkLivesUntilTheOutcomeIsOverdue, in each country, from each day of a year, for an authority with the longest time to answer
// that accepts in the last moment, with three weeks to spare.
func TestALinkLivesUntilTheOutcomeIsOverdue(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: much work, one thing after the other; make test runs it")
	}
	for _, code := range country.Codes() {
		pack, err := country.Load(code)
		check(t, err)
		pack.ResponseDays = offered.MaxResponseDays
		calendar, err := workdays.New(pack)
		check(t, err)
		p := planner(pack)
		p.Calendar = calendar
		for day := range 365 {
			h := hearing{matched: time.Date(2026, 1, 1+day, 12, 0, 0, 0, time.UTC)}
			h.assessment.Region = pack.Code
			end := p.clock(h, Mail{ID: store.ReferralID("somebody", 0), Due: p.due(h, "somebody")}, h.matched).Lapse.Add(referral.OutcomeTime)
			if link := h.matched.Add(linkLife); link.Before(end.AddDate(0, 0, 21)) {
				t.Fatalf("%s: of %s the link ends on %s, the time for the outcome on %s", code, h.matched, link, end)
			}
		}
	}
}
