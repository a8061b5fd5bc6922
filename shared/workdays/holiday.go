package workdays

import (
	"time"

	"github.com/miict/immerse/shared/country"
)

// Holiday gives the name of the public holiday that the day of a moment is in a region; ok is false if it is none.
func (c *Calendar) Holiday(at time.Time, region string) (name string, ok bool) {
	return c.holiday(c.day(at), region)
}

func (c *Calendar) holiday(day date, region string) (name string, ok bool) {
	for _, rule := range c.holidays {
		if rule.Year != 0 && rule.Year != day.Year() {
			continue
		}
		if falls(rule, day) && (len(rule.Areas) == 0 || c.in(region, rule.Areas)) {
			return rule.Name, true
		}
		if day.Weekday() == time.Monday && falls(rule, previous(day)) && c.in(region, rule.MondayAfter) {
			return rule.Name, true
		}
	}
	return "", false
}

func (c *Calendar) in(region string, areas []string) bool {
	for _, area := range areas {
		if c.areas.Contains(region, area) {
			return true
		}
	}
	return false
}

// falls tells whether the day is the one that a rule names in its year.
func falls(rule country.Holiday, day date) bool {
	switch {
	case rule.Easter != nil:
		return day.Equal(Easter(day.Year()).AddDate(0, 0, *rule.Easter))
	case rule.OrthodoxEaster != nil:
		return day.Equal(OrthodoxEaster(day.Year()).AddDate(0, 0, *rule.OrthodoxEaster))
	}
	return rule.Date == monthAndDay(day)
}

// monthAndDay writes a day as packs do, "01-06". It is asked for each rule of each day, and several times as quick as
// Format.
func monthAndDay(day date) string {
	const digits = "0123456789"
	_, month, number := day.Date()
	return string([]byte{digits[month/10], digits[month%10], '-', digits[number/10], digits[number%10]})
}

// Easter is Western Easter Sunday of a year, at midnight UTC: the first Sunday after the full moon of the Gregorian
// calendar's own reckoning on or after 21 March (the anonymous algorithm of 1876, after Meeus, Astronomical Algorithms,
// chapter 8).
func Easter(year int) time.Time {
	century, ofCentury := year/100, year%100
	golden := year % 19
	epact := (19*golden + century - century/4 - (century-(century+8)/25+1)/3 + 15) % 30
	weekday := (32 + 2*(century%4) + 2*(ofCentury/4) - epact - ofCentury%4) % 7
	correction := (golden + 11*epact + 22*weekday) / 451
	days := epact + weekday - 7*correction + 114
	return time.Date(year, time.Month(days/31), days%31+1, 0, 0, 0, 0, time.UTC)
}

// OrthodoxEaster is Orthodox Easter Sunday of a year, at midnight UTC: reckoned in the Julian calendar (Meeus, ibid.), given
// in the Gregorian one.
func OrthodoxEaster(year int) time.Time {
	epact := (19*(year%19) + 15) % 30
	weekday := (2*(year%4) + 4*(year%7) - epact + 34) % 7
	days := epact + weekday + 114
	behind := year/100 - year/400 - 2 // how many days the Julian calendar is behind, in March and later
	return time.Date(year, time.Month(days/31), days%31+1+behind, 0, 0, 0, 0, time.UTC)
}
