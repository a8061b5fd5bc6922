package match

import (
	"time"

	"github.com/miict/immerse/shared/hsds"
)

// Offered tells whether a service is offered to anybody at all on a day, given as midnight UTC: active, with our
// extension, and checked as lately as it must be. unassured says that the country offers what nobody has checked. What
// people choose by itself (hsds.Service.Chosen) is not offered by its needs.
func Offered(s *hsds.Service, today time.Time, unassured bool) bool {
	return Stands(s, today, unassured) && !s.Chosen()
}

// Stands is Offered for what people choose by itself, too: whether it is over is for its Span to say.
func Stands(s *hsds.Service, today time.Time, unassured bool) bool {
	if s.Immerse == nil || s.Status != hsds.StatusActive {
		return false
	}
	var e entry
	e.assuredOn, e.assured = s.Assured()
	_, ok := e.freshness(today)
	return ok && (e.assured || unassured)
}

// Day gives the day that a moment is in, in a place, as midnight UTC: what freshness is reckoned by. nil is UTC.
func Day(at time.Time, location *time.Location) time.Time {
	if location == nil {
		location = time.UTC
	}
	year, month, day := at.In(location).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}
