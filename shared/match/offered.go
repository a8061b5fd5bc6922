package match

import (
	"time"

	"github.com/miict/immerse/shared/hsds"
)

// Offered tells whether a service is offered to anybody at all on a day, given as midnight UTC: active, with our
// extension, and checked as lately as it must be. unassured says that the country offers what nobody has checked.
func Offered(s *hsds.Service, today time.Time, unassured bool) bool {
	if s.Immerse == nil || s.Status != hsds.StatusActive {
		return false
	}
	var e entry
	e.assuredOn, e.assured = s.Assured()
	_, ok := e.freshness(today)
	return ok && (e.assured || unassured)
}
