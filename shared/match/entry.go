package match

import (
	"maps"
	"math"
	"slices"
	"time"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
)

// entry is a service made ready for matching. What does not depend on the person is worked out here, once.
type entry struct {
	id        string
	areas     []string
	online    bool
	rules     *eligibility.Rules
	levels    [][]levelRange // of each clause
	languages []string       // primary subtags in which the service is given; empty when nobody says
	capacity  float64        // component of the score
	places    *eligibility.Reason
	priority  float64
	assured   bool
	assuredOn time.Time // midnight UTC
}

// levelRange is what a clause asks of a language, or of education when the language is empty, as ranks.
type levelRange struct {
	language  string
	low, high int
}

func newEntry(s *hsds.Service, organizationLanguage string) *entry {
	x := s.Immerse
	e := &entry{
		id:       s.ID,
		areas:    slices.Clone(x.Areas),
		online:   x.Online,
		rules:    eligibility.Compile(x.Eligibility),
		priority: clamp(x.Priority),
	}
	e.assuredOn, e.assured = s.Assured()
	e.capacity, e.places = capacityOf(s.Capacities)
	for _, clause := range x.Eligibility {
		e.levels = append(e.levels, levelsOf(clause))
	}
	for _, language := range s.Languages {
		if language.Code != "" {
			e.languages = append(e.languages, eligibility.Primary(language.Code))
		}
	}
	if len(e.languages) == 0 && organizationLanguage != "" {
		e.languages = []string{eligibility.Primary(organizationLanguage)}
	}
	return e
}

// levelsOf gives a clause's level constraints in a fixed order: sums of fractions depend on it.
func levelsOf(clause eligibility.Clause) (levels []levelRange) {
	for _, language := range slices.Sorted(maps.Keys(clause.Languages)) {
		bounds := clause.Languages[language]
		level := levelRange{language: eligibility.Primary(language), low: 0, high: len(codes.Levels) - 1}
		low, lowKnown := codes.Level(bounds.Min)
		high, highKnown := codes.Level(bounds.Max)
		if lowKnown {
			level.low = low
		}
		if highKnown {
			level.high = high
		}
		if lowKnown || highKnown {
			levels = append(levels, level)
		}
	}
	if r := clause.Education; r != nil && (r.Min != nil || r.Max != nil) {
		level := levelRange{low: codes.EducationMin, high: codes.EducationMax}
		if r.Min != nil {
			level.low = *r.Min
		}
		if r.Max != nil {
			level.high = *r.Max
		}
		levels = append(levels, level)
	}
	return levels
}

var (
	placesAvailable = &eligibility.Reason{Code: eligibility.ReasonPlacesAvailable}
	noPlaces        = &eligibility.Reason{Code: eligibility.ReasonNoPlaces}
)

// capacityOf gives the best of a service's capacities (it may count rooms and beds): nothing known is neutral, no free
// place is 0, a free place is better than not knowing, and the freer the better.
func capacityOf(capacities []hsds.Capacity) (component float64, reason *eligibility.Reason) {
	component = neutral
	for _, capacity := range capacities {
		if capacity.Available == nil {
			continue
		}
		free := 0.0
		if *capacity.Available > 0 {
			share := 1.0
			if capacity.Maximum != nil && *capacity.Maximum > 0 {
				share = clamp(*capacity.Available / *capacity.Maximum)
			}
			free = 0.5 + 0.5*share
		}
		switch {
		case free > 0:
			component, reason = max(component, free), placesAvailable
		case reason == nil:
			component, reason = 0, noPlaces
		}
	}
	return component, reason
}

// clamp brings a number into [0,1]; what is not a number is 0.
func clamp(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return min(max(x, 0), 1)
}
