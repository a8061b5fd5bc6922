package proof

import (
	"regexp"
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
	// settled is when every referral of a case must have ended: the time to answer twice for each of three authorities, one after
	// the other, and 90 days for an outcome.
	settled = 220 * 24 * time.Hour
)

// TestAYearOfCases runs a year of each country, from the form that is handed in to the outcome, over weekends and holidays, in
// simulated time: the functions' own handlers on a real store and vault, with an SES that tells early, twice and in any order,
// queues that repeat themselves, people who send their form twice, take it back or answer questions, officers who click twice,
// ask, answer late or never, and inboxes that are dead.
func TestAYearOfCases(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: a year takes minutes; .ci/run runs it")
	}
	if lambda.Race {
		t.Skip("SKIPPED: the race detector makes a year ten times as long; .ci/run runs it without")
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
	end := y.now.AddDate(1, 0, 0).Add(y.pack.Retention())
	drawn := 0
	for day := 0; y.now.Before(end); day++ {
		midnight := time.Date(2026, 1, 1+day, 0, 0, 0, 0, y.zone)
		for _, hour := range []int{3, 9, 15} {
			y.now = midnight.Add(time.Duration(hour) * time.Hour)
			if hour == 15 && day%(365/casesOfAYear) == 0 && drawn < len(people) {
				y.submit(people[drawn], drawn)
				drawn++
			}
			if hour == 15 && midnight.Format(time.DateOnly) == registerOn {
				y.register()
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
		if want := y.rated[c.reference+" "+mail.ID]; want != "" && (mail.Rating == nil || mail.Rating.Code != want) {
			y.t.Errorf("%s: %s was rated %s, and has %+v", c.reference, mail.ID, want, mail.Rating)
		}
		life := referral.Referral{Answer: answer, Mails: map[string]referral.Facts{mail.ID: mail.Facts()}}
		if !life.State().Final() || life.Reason() == "" && answer.Outcome() == "" {
			y.t.Errorf("%s: %s ended as %q with reason %q", c.reference, mail.ID, life.State(), life.Reason())
		}
		y.ends[string(life.State())+" "+life.Reason()+answer.Outcome()]++
		y.owed(c, mail, life)
		if c.registered {
			y.eve(c, mail, answer.State().Final())
		}
	}
	for _, mail := range found.Ledger.Mails {
		if !mail.Ended() {
			y.t.Errorf("%s: %s is %s", c.reference, mail.ID, mail.State)
		}
	}
}

// owed is what must have been sent about a referral that has ended: to the authority at once or with its next digest, a reminder
// and a word to whoever is behind it if nobody answered, and to the person.
func (y *year) owed(c *simulated, mail store.Mail, life referral.Referral) {
	id, round, _ := mail.Authority()
	o := y.organization(id)
	digests := y.digested[c.reference+" "+mail.ID]
	switch waits := o.Immerse.Delivery == hsds.DeliveryDaily; {
	case waits && !c.urgent && life.State() != referral.Withdrawn && digests == 0 && y.takes(o.Immerse.Inbox):
		y.t.Errorf("%s: no digest told of %s", c.reference, mail.ID)
	case waits && c.urgent:
		y.deeds["urgent past the digest"]++
		fallthrough
	case !waits && mail.State == store.MailSent:
		y.promise(c.reference, mail.ID)
	}
	if round > 0 {
		y.deeds["next-best"]++
	}
	if life.State() != referral.Expired {
		return
	}
	what := "lapse"
	if life.Reason() == referral.NoOutcome {
		what = "close"
	}
	if c.tells() {
		y.promise(c.reference, mail.Follow(what))
	}
	if what == "close" {
		return
	}
	y.onTime(c, o, mail, life)
}

// toOffice are the mails that go to an authority or to whoever is behind it; the others go to the person.
var toOffice = regexp.MustCompile(`^(authority|remind|escalate|fallback|withdrawn|answered1)-`)

// mailsOnce looks at all mails of the year: those that were promised were sent, each was sent once, the urgent ones at once, and
// nobody was reminded on a day off or at night.
func (y *year) mailsOnce() {
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
		if at, complained := y.spam[mail.reference]; complained && mail.at.After(at) && strings.HasSuffix(mail.to, "@person.example") {
			y.t.Errorf("%s was sent to a person who wants no more mail", id)
		}
		if day := y.promisedOn[id]; day != "" && local.Format(time.DateOnly) != day {
			y.t.Errorf("%s was sent on %s, and promised for %s", id, local.Format("Mon 2006-01-02"), day)
		}
		if kind == mailtag.Digest {
			if day := mail.to + local.Format(" 2006-01-02"); digests[day] {
				y.t.Errorf("two digests to %s", day)
			} else {
				digests[day] = true
			}
		}
		if kind == "authority" && !strings.Contains(mail.id, "_") {
			if c := y.caseOf(mail.reference); c.urgent && !mail.at.Equal(c.submitted) {
				y.t.Errorf("%s is urgent and was sent %s later", id, mail.at.Sub(c.submitted))
			}
		}
		if (kind == "remind" || kind == "escalate" || kind == "outcome" || kind == mailtag.Digest) && (y.dayOff(mail.at) || local.Hour() < 9 || local.Hour() >= 18) {
			y.t.Errorf("%s was sent on %s", id, local.Format("Mon 2 Jan 2006 15:04"))
		}
	}
	for id := range y.promised {
		if reference, mail, _ := strings.Cut(id, " "); sent[id] == 0 && !y.spam[reference].IsZero() && !toOffice.MatchString(mail) {
			continue // they called a mail of ours spam, and want no more
		}
		if sent[id] != 1 {
			y.t.Errorf("%s was promised, and sent %d times", id, sent[id])
		}
	}
	y.t.Logf("%s: %d cases, %d mails %v, %d promised, referrals %v, deeds %v", y.pack.Code, len(y.cases), len(y.mails), kinds, len(y.promised), y.ends, y.deeds)
	y.happened("mail", kinds, "authority", "receipt", "remind", "escalate", "fallback", "lapse", "withdrawn", "event", "asked1", "answered1", mailtag.Digest)
	y.happened("end", y.ends, "done helped", "declined no_capacity", "expired no_answer")
	y.happened("deed", y.deeds, "ask", "reply", "withdraw", "withdraw one", "rate", "next-best", "held to its days")
}

// happened looks whether the year had what it is there to show.
func (y *year) happened(what string, counts map[string]int, wanted ...string) {
	for _, one := range wanted {
		if counts[one] == 0 {
			y.t.Errorf("%s: no %s %q: %v", y.pack.Code, what, one, counts)
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
