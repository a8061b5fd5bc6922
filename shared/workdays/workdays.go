// Package workdays counts the working days of a country and region: weekends and public holidays are none, as the
// country's pack has them. Holidays are rules (a date, days from Western or Orthodox Easter, an area), so that a year that
// nobody thought of works as well. Every day here is a day of the country's own time zone.
package workdays

import (
	"fmt"
	"time"

	"github.com/miict/immerse/shared/country"
)

// Morning is the hour, on the clock of the country, at which people are reminded of something.
const Morning = 9

// A Calendar is one country's. It is safe for concurrent use.
type Calendar struct {
	zone     *time.Location
	holidays []country.Holiday
	areas    *country.Areas
}

// New makes the calendar of a pack. The error is about a time zone that Validate refuses.
func New(pack *country.Pack) (*Calendar, error) {
	zone, err := pack.Location()
	if err != nil {
		return nil, fmt.Errorf("the time zone of %s: %w", pack.Code, err)
	}
	return &Calendar{zone: zone, holidays: pack.Holidays, areas: pack.Areas}, nil
}

// Working tells whether the day that a moment lies in is a working day in a region. The region is an ISO 3166-2 code of the
// country, or the country's own code: then only what is a holiday everywhere counts.
func (c *Calendar) Working(at time.Time, region string) bool {
	return c.working(c.day(at), region)
}

// Deadline is the end of the given number of working days after a moment: the first moment of the day after the last
// of them. The day of the moment itself doesn't count, whatever its hour. With less than 1 day it is the end of the day of
// the moment.
func (c *Calendar) Deadline(from time.Time, region string, days int) time.Time {
	day := c.day(from)
	for counted := 0; counted < days; {
		if day = next(day); c.working(day, region) {
			counted++
		}
	}
	return c.at(next(day), 0)
}

// NextMorning is the first moment, from the given one on, at which somebody in the region may be reminded: 9:00 on a
// working day.
func (c *Calendar) NextMorning(from time.Time, region string) time.Time {
	return c.NextAt(from, region, Morning)
}

// NextAt is the first moment, from the given one on, at which it is an hour of the clock on a working day in the region.
func (c *Calendar) NextAt(from time.Time, region string, hour int) time.Time {
	day := c.day(from)
	for {
		if at := c.at(day, hour); c.working(day, region) && !at.Before(from) {
			return at
		}
		day = next(day)
	}
}

// Before is 9:00 on the working day that lies the given number of working days before the last day of a deadline: the
// moment to remind of it. With 0 it is the morning of the last day itself.
func (c *Calendar) Before(deadline time.Time, region string, days int) time.Time {
	day := c.day(deadline.Add(-time.Nanosecond))
	for !c.working(day, region) {
		day = previous(day)
	}
	for counted := 0; counted < days; {
		if day = previous(day); c.working(day, region) {
			counted++
		}
	}
	return c.at(day, Morning)
}

// A date is a day without a time, as midnight UTC, so that counting days meets no change of the clock.
type date = time.Time

func (c *Calendar) day(at time.Time) date {
	year, month, day := at.In(c.zone).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// at is the moment at which it is the given hour of a day in the country.
func (c *Calendar) at(day date, hour int) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), hour, 0, 0, 0, c.zone)
}

func next(day date) date     { return day.AddDate(0, 0, 1) }
func previous(day date) date { return day.AddDate(0, 0, -1) }

func (c *Calendar) working(day date, region string) bool {
	if day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		return false
	}
	_, holiday := c.holiday(day, region)
	return !holiday
}
