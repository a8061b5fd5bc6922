package proof

import (
	"strings"
	"time"
)

// clocks are the countries' time zones, written down here once more: what the test holds the system to isn't the system's.
var clocks = map[string]string{"ES": "Europe/Madrid", "IT": "Europe/Rome", "CY": "Asia/Nicosia"}

// daysOff are the national holidays of the year and of the weeks after, written down by hand from the countries' calendars.
var daysOff = map[string]string{
	"ES": "2026-01-01 2026-01-06 2026-04-03 2026-05-01 2026-08-15 2026-10-12 2026-11-01 2026-12-08 2026-12-25 " +
		"2027-01-01 2027-01-06 2027-03-26 2027-05-01 2027-10-12 2027-11-01 2027-12-06 2027-12-08 2027-12-25",
	"IT": "2026-01-01 2026-01-06 2026-04-06 2026-04-25 2026-05-01 2026-06-02 2026-08-15 2026-11-01 2026-12-08 2026-12-25 2026-12-26 " +
		"2027-01-01 2027-01-06 2027-03-29 2027-04-25 2027-05-01 2027-06-02 2027-08-15 2027-11-01 2027-12-08 2027-12-25 2027-12-26",
	"CY": "2026-01-01 2026-01-06 2026-02-23 2026-03-25 2026-04-01 2026-04-10 2026-04-13 2026-05-01 2026-06-01 2026-08-15 2026-10-01 2026-10-28 2026-12-24 2026-12-25 2026-12-26 " +
		"2027-01-01 2027-01-06 2027-03-15 2027-03-25 2027-04-01 2027-04-30 2027-05-03 2027-05-01 2027-06-21 2027-08-15 2027-10-01 2027-10-28 2027-12-24 2027-12-25 2027-12-26",
}

// dayOff tells whether nobody works on a day, by its weekday and the list above.
func (y *year) dayOff(at time.Time) bool {
	local := at.In(y.zone)
	return local.Weekday() == time.Saturday || local.Weekday() == time.Sunday || strings.Contains(daysOff[y.pack.Code], local.Format(time.DateOnly))
}
