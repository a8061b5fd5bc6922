package proof

import (
	"time"

	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

// free tells whether nobody works on a day where somebody lives: by the list written down by hand, or as the pack has it of their region.
func (y *year) free(day time.Time, region string) bool {
	_, holiday := y.calendar.Holiday(day, region)
	return holiday || y.dayOff(day)
}

// workday is noon of the working day that lies so many after a day, or before it, counted here once more, day by day.
func (y *year) workday(from time.Time, region string, count int) time.Time {
	step := 1
	if count < 0 {
		step, count = -1, -count
	}
	year, month, day := from.In(y.zone).Date()
	at := time.Date(year, month, day, 12, 0, 0, 0, y.zone)
	for count > 0 {
		day += step
		if at = time.Date(year, month, day, 12, 0, 0, 0, y.zone); !y.free(at, region) {
			count--
		}
	}
	return at
}

// daysOf are the days on which an authority that gets each mail at once is reminded of a referral that nobody answers, on which whoever
// is behind it is told, and on which it ends: a working day before the last on which it may answer, or on that day if the case can't
// wait; the working day after; and after as many again.
func (y *year) daysOf(c *simulated, o *hsds.Organization, begun time.Time) (remind, escalate, lapse string) {
	answer, before := y.pack.ResponseDays, -1
	if o.Immerse.ResponseDays > 0 {
		answer = o.Immerse.ResponseDays
	}
	if c.urgent {
		answer, before = 1, 0
	}
	last := y.workday(begun, c.region, answer)
	on := func(day time.Time) string { return day.Format(time.DateOnly) }
	if eve := y.workday(last, c.region, before); eve.YearDay() != begun.In(y.zone).YearDay() {
		remind = on(eve)
	}
	return remind, on(y.workday(last, c.region, 1)), on(y.workday(last, c.region, answer+1))
}

// onTime promises what follows when nobody answers on the days on which it must.
func (y *year) onTime(c *simulated, o *hsds.Organization, mail store.Mail, life referral.Referral) {
	if o.Immerse.Delivery == hsds.DeliveryDaily && !c.urgent || !y.takes(o.Immerse.Inbox) || life.Reason() != referral.NoAnswer {
		return
	}
	for _, begun := range y.mails {
		if begun.reference != c.reference || begun.id != mail.ID {
			continue
		}
		remind, escalate, lapse := y.daysOf(c, o, begun.at)
		if remind != "" {
			y.promise(c.reference, mail.Follow("remind"))
			y.promiseOn(c.reference, mail.Follow("remind"), remind)
		}
		if y.behind(o) {
			y.promise(c.reference, mail.Follow("escalate"))
			y.promiseOn(c.reference, mail.Follow("escalate"), escalate)
		}
		if c.tells() {
			y.promiseOn(c.reference, mail.Follow("lapse"), lapse)
		}
		if got := mail.Answer.At.In(y.zone).Format(time.DateOnly); got != lapse {
			y.t.Errorf("%s: %s ended on %s, want %s", c.reference, mail.ID, got, lapse)
		}
		y.deeds["held to its days"]++
	}
}
