package workdays

import "time"

// Between counts the working days of a region after the day of from, up to the day of to: 0 for the same day, as for a Friday and
// the Sunday after it.
func (c *Calendar) Between(from, to time.Time, region string) (days int) {
	last := c.day(to)
	for day := c.day(from); day.Before(last); {
		if day = next(day); c.working(day, region) {
			days++
		}
	}
	return days
}
