package figures_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/figures"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/workdays"
)

func calendar(t *testing.T) (*workdays.Calendar, *time.Location) {
	t.Helper()
	pack, err := country.Load("es")
	if err != nil {
		t.Fatal(err)
	}
	made, err := workdays.New(pack)
	if err != nil {
		t.Fatal(err)
	}
	zone, err := pack.Location()
	if err != nil {
		t.Fatal(err)
	}
	return made, zone
}

// TestCasesAreOfTheQuarterInWhichTheyWereAnswered follows one application through two quarters.
func TestCasesAreOfTheQuarterInWhichTheyWereAnswered(t *testing.T) {
	calendar, zone := calendar(t)
	day := func(month, day int) time.Time { return time.Date(2026, time.Month(month), day, 10, 0, 0, 0, zone) }
	around := figures.Around{Country: "ES", Authorities: map[string]figures.Authority{
		"a": {Region: "ES-AN", Needs: []string{"language", "legal"}}, "b": {Region: "ES", Needs: []string{"legal", "health"}},
		"c": {Region: "ES", Needs: []string{"work"}}, "late": {Region: "ES", Needs: []string{"legal"}},
	}}
	sent := func(id string, at time.Time, answer *store.Answer, rating *store.Rating) store.Mail {
		return store.Mail{ID: id, State: store.MailSent, At: at, Answer: answer, Rating: rating}
	}
	a := store.Application{Needs: []string{"language", "legal"}, Ledger: store.Ledger{
		Mails: []store.Mail{
			// Accepted on Monday after a Friday, over in the next quarter.
			sent("authority-a", day(9, 11), &store.Answer{State: referral.Done, Outcome: "helped", At: day(10, 20)}, &store.Rating{Code: "yes", At: day(10, 21)}),
			sent("authority-b", day(9, 1), &store.Answer{State: referral.Declined, Reason: "no_capacity", At: day(9, 16)}, nil),
			sent("authority-b+1", day(10, 1), &store.Answer{State: referral.Accepted, At: day(10, 5)}, nil),
			sent("authority-c", day(9, 1), &store.Answer{State: referral.Expired, At: day(9, 21)}, nil),
			sent("authority-gone", day(8, 1), &store.Answer{State: referral.Expired, Reason: referral.NoOutcome, At: day(11, 20)}, nil),
			sent("authority-late", day(9, 30), nil, nil),
			sent("authority-x", day(9, 1), &store.Answer{State: referral.Withdrawn, Reason: "changed_mind", At: day(9, 2)}, nil),
			sent("receipt", day(9, 1), nil, nil),
		},
		Trail: []store.Audit{
			{At: day(9, 14), Actor: "authority", Action: "accepted:a"}, {At: day(9, 14), Actor: "notification", Action: "contact_released:a"},
			{At: day(10, 20), Actor: "authority", Action: "done:helped:a"}, {At: day(9, 16), Actor: "authority", Action: "declined:no_capacity:b"},
			{At: day(10, 5), Actor: "authority", Action: "accepted:b"}, {At: day(9, 21), Actor: "followup", Action: "expired:c"},
			{At: day(8, 3), Actor: "authority", Action: "accepted:gone"}, {At: day(11, 20), Actor: "followup", Action: "expired:gone"},
			{At: day(9, 2), Actor: "person", Action: "withdrawn:changed_mind"},
		},
	}}
	third := figures.LastQuarter(day(10, 3), zone)
	fourth := figures.LastQuarter(day(12, 31).AddDate(0, 0, 3), zone)
	want := map[string][]figures.Case{
		"2026-Q3": {
			{Authority: "a", Need: figures.Several, Said: map[figures.Measure]string{figures.Answer: "accepted", figures.Time: "0-2"}},
			{Authority: "b", Need: "legal", Said: map[figures.Measure]string{figures.Answer: "declined", figures.Time: "11+", figures.Reason: "no_capacity"}},
			{Authority: "c", Need: figures.Several, Said: map[figures.Measure]string{figures.Answer: "no_answer"}},
			{Authority: "gone", Need: figures.Several, Said: map[figures.Measure]string{figures.Answer: "accepted", figures.Time: "0-2"}},
		},
		"2026-Q4": {
			{Authority: "a", Need: figures.Several, Said: map[figures.Measure]string{figures.Outcome: "helped", figures.Rating: "yes"}},
			{Authority: "gone", Need: figures.Several, Said: map[figures.Measure]string{figures.Outcome: "no_outcome"}},
		},
	}
	for _, q := range []figures.Quarter{third, fourth} {
		got := figures.CasesOf(a, around, calendar, q)
		if diff := cmp.Diff(want[q.String()], got); diff != "" {
			t.Errorf("%s: %s", q, diff)
		}
	}
}

func TestQuartersDoNotOverlap(t *testing.T) {
	_, zone := calendar(t)
	q := figures.LastQuarter(time.Date(2027, 1, 1, 20, 0, 0, 0, zone), zone)
	if q.String() != "2026-Q3" {
		t.Errorf("a day after its end, a quarter is over: %s", q)
	}
	var last figures.Quarter
	for at := time.Date(2026, 1, 3, 0, 0, 0, 0, zone); at.Year() < 2028; at = at.AddDate(0, 0, 1) {
		q := figures.LastQuarter(at, zone)
		if last != (figures.Quarter{}) && q != last && !q.From().Equal(last.To()) {
			t.Errorf("%s follows %s", q, last)
		}
		if q.Has(at) || !q.Has(q.From()) || q.Has(q.To()) {
			t.Errorf("%s at %s", q, at)
		}
		last = q
	}
	if last.String() != "2027-Q3" {
		t.Errorf("the last is %s", last)
	}
}

// TestOnePersonIsNoGroup: someone with many cases is one person, whatever they are counted as.
func TestOnePersonIsNoGroup(t *testing.T) {
	publish := func(people int) figures.Table {
		var counts figures.Counts
		around := figures.Around{Country: "ES", Authorities: map[string]figures.Authority{}}
		for range people {
			var cases []figures.Case
			for i := range 40 {
				id := string(rune('A' + i))
				around.Authorities[id] = figures.Authority{Name: id, Region: "ES"}
				cases = append(cases, figures.Case{Authority: id, Need: "legal", Said: map[figures.Measure]string{figures.Answer: figures.Answers[i%2]}})
			}
			counts.Add(cases)
		}
		return figures.Publish(&counts, around, figures.K)[0]
	}
	if got := publish(9); len(got.Categories) != 0 {
		t.Errorf("9 people with 40 cases each are shown: %+v", got)
	}
	if got := publish(10); len(got.Categories) != 2 || got.Of(figures.ByAll)[0].Total() != 400 || len(got.Of(figures.ByAuthority)) != 0 {
		t.Errorf("10 people: %+v", got)
	}
}

// TestWhatEverybodyGotIsNotShown: of a group in which all have the same, who knows that somebody is in it would know it of them.
func TestWhatEverybodyGotIsNotShown(t *testing.T) {
	var counts figures.Counts
	around := figures.Around{Country: "ES", Regions: []string{"ES"}, Authorities: map[string]figures.Authority{"a": {Region: "ES"}, "b": {Region: "ES"}}}
	for i := range 60 {
		answer, id := figures.Declined, "a"
		if i%2 == 0 {
			id, answer = "b", figures.Answers[i/2%2]
		}
		counts.Add([]figures.Case{{Authority: id, Need: "legal", Said: map[figures.Measure]string{figures.Answer: answer}}})
	}
	table := figures.Publish(&counts, around, figures.K)[0]
	for _, row := range table.Rows {
		if row.Group == "a" && row.Counts != nil || row.Counts != nil && slices.Contains(row.Counts, row.Total()) {
			t.Errorf("%+v", row)
		}
	}
}
