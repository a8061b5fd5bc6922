package proof

import (
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/miict/immerse/functions/followup"
	"github.com/miict/immerse/infra/local/lambda"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/mailtag"
	"github.com/miict/immerse/shared/population"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

const (
	// casesOfAYear are those of each country.
	casesOfAYear = 30
	// settled is when every referral of a case must have ended: the time to answer twice, and 90 days for an outcome.
	settled = 140 * 24 * time.Hour
)

// TestAYearOfCases runs a year of each country, from submission to outcome, over weekends and holidays, in simulated time: the
// functions' own handlers on a real store and vault, with an SES that tells early, twice and in any order, queues that repeat
// themselves, officers who click twice, answer late or never, and an inbox that is dead.
func TestAYearOfCases(t *testing.T) {
	if testing.Short() {
		t.Skip("a year takes a while")
	}
	if lambda.Race {
		t.Skip("SKIPPED: the race detector makes a year ten times as long; CI runs it without")
	}
	var ran, shown atomic.Int32
	t.Cleanup(func() {
		if int(ran.Load()) == len(country.Codes()) && shown.Load() == 0 {
			t.Error("no country has figures to show")
		}
	})
	for _, code := range country.Codes() {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			ran.Add(1)
			y := newYear(t, code)
			y.run()
			y.mailsOnce()
			y.evidence()
			if y.figured() {
				shown.Add(1)
			}
		})
	}
}

func (y *year) run() {
	people, err := population.Draw(y.pack, 2026, casesOfAYear, 3)
	ok(y.t, err)
	for i := range y.pack.Organizations {
		if x := y.pack.Organizations[i].Immerse; x != nil && x.Inbox != "" {
			y.dead = x.Inbox // the last one
		}
	}
	end := y.now.AddDate(1, 0, 0).Add(y.pack.Retention())
	for day := 0; y.now.Before(end); day++ {
		midnight := time.Date(2026, 1, 1+day, 0, 0, 0, 0, y.zone)
		for _, hour := range []int{3, 9, 15} {
			y.now = midnight.Add(time.Duration(hour) * time.Hour)
			if hour == 15 && day%(365/casesOfAYear) == 0 && len(y.cases) < len(people) {
				y.submit(people[len(y.cases)], len(y.cases))
			}
			y.act()
			if hour == 9 || day%30 == 0 { // at night it must do nothing, which a look a month shows
				if _, err := y.followup.Handle(y.t.Context(), followup.Order{}); err != nil {
					y.t.Fatal(err)
				}
			}
			y.work()
			if hour == 3 {
				y.count()
			}
		}
		for _, c := range y.cases {
			if !c.checked && y.now.Sub(c.submitted) > settled {
				y.check(c)
			}
		}
	}
}

// check looks at a case when everything must have ended.
func (y *year) check(c *simulated) {
	c.checked = true
	found, err := y.store.Application(y.t.Context(), c.reference)
	ok(y.t, err)
	if found.State != store.Notified {
		y.t.Errorf("%s is %s", c.reference, found.State)
	}
	actions := map[string]int{}
	for _, line := range found.Ledger.Trail {
		actions[line.Action]++
	}
	for action, count := range actions {
		if count > 1 && !strings.HasPrefix(action, "viewed") {
			y.t.Errorf("%s: %s happened %d times", c.reference, action, count)
		}
	}
	for _, mail := range found.Ledger.Referrals() {
		answer, err := mail.Decided()
		ok(y.t, err)
		life := referral.Referral{Answer: answer, Mails: map[string]referral.Facts{mail.ID: mail.Facts()}}
		if !life.State().Final() || life.Reason() == "" && answer.Outcome() == "" {
			y.t.Errorf("%s: %s ended as %q with reason %q", c.reference, mail.ID, life.State(), life.Reason())
		}
		y.ends[string(life.State())+" "+life.Reason()+answer.Outcome()]++
		if life.State() == referral.Expired && life.Reason() != referral.NoOutcome && found.Ledger.Mail(mail.Follow("lapse")).State != store.MailSent {
			y.t.Errorf("%s was not told that %s did not answer", c.reference, mail.ID)
		}
	}
	for _, mail := range found.Ledger.Mails {
		if !mail.Ended() {
			y.t.Errorf("%s: %s is %s", c.reference, mail.ID, mail.State)
		}
	}
}

// mailsOnce looks at all mails of the year: each was sent once, and nobody was reminded on a day off or at night.
func (y *year) mailsOnce() {
	region := map[string]string{}
	for _, c := range y.cases {
		region[c.reference] = c.region
	}
	sent := map[string]int{}
	kinds := map[string]int{}
	digests := map[string]bool{} // by reader and day
	for _, mail := range y.mails {
		id := mail.reference + " " + mail.id
		if sent[id]++; sent[id] > 1 {
			y.t.Errorf("%s was sent %d times", id, sent[id])
		}
		kind := mail.kind()
		kinds[kind]++
		local := mail.at.In(y.zone)
		if kind == mailtag.Digest {
			region[mail.reference] = y.pack.Code
			if day := mail.to + local.Format(" 2006-01-02"); digests[day] {
				y.t.Errorf("two digests to %s", day)
			} else {
				digests[day] = true
			}
		}
		if kind != "remind" && kind != "escalate" && kind != mailtag.Digest {
			continue
		}
		if !y.calendar.Working(mail.at, region[mail.reference]) || local.Hour() < 9 || local.Hour() >= 18 {
			y.t.Errorf("%s was sent on %s", id, local.Format("Mon 2 Jan 15:04"))
		}
	}
	y.t.Logf("%s: %d cases, %d mails %v, referrals %v", y.pack.Code, len(y.cases), len(y.mails), kinds, y.ends)
	wanted := []string{"authority", "receipt", "remind", "lapse"}
	if slices.ContainsFunc(y.pack.Organizations, func(o hsds.Organization) bool { return o.Immerse != nil && o.Immerse.Delivery == hsds.DeliveryDaily }) {
		wanted = append(wanted, mailtag.Digest)
	}
	for _, kind := range wanted {
		if kinds[kind] == 0 {
			y.t.Errorf("no mail of the kind %s", kind)
		}
	}
	for _, end := range []string{"done helped", "declined no_capacity", "expired no_answer"} {
		if y.ends[end] == 0 {
			y.t.Errorf("no referral was %s: %v", end, y.ends)
		}
	}
}

// evidence looks whether everybody's time was over in the end, and they were erased with evidence.
func (y *year) evidence() {
	for _, c := range y.cases {
		if at, err := y.store.Attested(y.t.Context(), y.pack.Code, c.reference); err != nil || at.IsZero() || at.Sub(c.submitted) > y.pack.Retention() {
			y.t.Errorf("%s: erased %s after it was submitted, %v", c.reference, at.Sub(c.submitted), err)
		}
	}
}
