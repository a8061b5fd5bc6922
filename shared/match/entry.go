package match

import (
	"slices"
	"time"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match/internal/rank"
)

// entry is a service made ready for matching. What does not depend on the person is worked out here, once.
type entry struct {
	id        string
	areas     []string
	online    bool
	rules     *eligibility.Rules
	levels    [][]rank.Level // of each clause
	languages []string       // primary subtags in which the service is given; empty when nobody says
	capacity  float64        // component of the score
	places    *eligibility.Reason
	priority  float64
	assured   bool
	assuredOn time.Time // midnight UTC
}

func newEntry(s *hsds.Service, organizationLanguage string) *entry {
	x := s.Immerse
	e := &entry{
		id:        s.ID,
		areas:     slices.Clone(x.Areas),
		online:    x.Online,
		rules:     eligibility.Compile(x.Eligibility),
		languages: rank.Languages(s, organizationLanguage),
		priority:  rank.Clamp(x.Priority),
	}
	e.assuredOn, e.assured = s.Assured()
	var places rank.Places
	e.capacity, places = rank.Capacity(s.Capacities)
	e.places = placesReasons[places]
	for i := range x.Eligibility {
		e.levels = append(e.levels, rank.Levels(x.Eligibility[i].Constraints()))
	}
	return e
}

var placesReasons = map[rank.Places]*eligibility.Reason{
	rank.Free: {Code: eligibility.ReasonPlacesAvailable},
	rank.Full: {Code: eligibility.ReasonNoPlaces},
}

// place is where a service is offered, seen from the person.
type place struct {
	area      string // the service's area that holds the person's region, the nearest; "" when only online
	closeness float64
}

// locate tells whether the service is offered where the person lives: area is a hard condition. The person's own
// region is 1 away, the one around it 2, and so on; online is one further than the country; closeness is the inverse.
func (e *entry) locate(p *person) (place, bool) {
	for i, region := range p.regions {
		if slices.Contains(e.areas, region) {
			return place{region, rank.Closeness(i)}, true
		}
	}
	if e.online && len(p.regions) > 0 {
		return place{closeness: rank.Closeness(len(p.regions))}, true
	}
	return place{}, false
}

// freshness is 0 for a service that nobody has checked; ok is false when the check is too old for an offer.
func (e *entry) freshness(today time.Time) (component float64, ok bool) {
	if !e.assured {
		return 0, true
	}
	return rank.Freshness(e.assuredOn, today)
}

var unchecked = eligibility.Reason{Code: eligibility.ReasonUnchecked}

func (e *entry) freshnessReason(today time.Time) eligibility.Reason {
	if !e.assured {
		return unchecked
	}
	code := eligibility.ReasonLastChecked
	if rank.Stale(e.assuredOn, today) {
		code = eligibility.ReasonLastCheckedLongAgo
	}
	return eligibility.Reason{Code: code, Params: eligibility.Params{"date": e.assuredOn.Format(time.DateOnly)}}
}

func (e *entry) levelFit(p *person, clause int) float64 {
	if clause < 0 || clause >= len(e.levels) {
		return rank.Neutral
	}
	return rank.LevelFit(e.levels[clause], &p.facts)
}
