package percolation

import (
	"slices"
	"time"

	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/match/percolate"
)

// matches are what of the services is for a person as they are now. Who registered for an event is matched with that alone, as
// of when they registered, unless it is over meanwhile.
func (q question) matches(p percolate.Person, now time.Time) []match.Match {
	source := q.release.Source
	if p.Profile.Event == "" {
		return q.engine.Match(percolate.AsOf(p, now, source.Location), now).Matches
	}
	event := q.event(p.Profile.Event)
	if event == nil {
		return nil
	}
	if span, _, err := event.Span(source.Location); err != nil || !now.Before(span.End) {
		return nil
	}
	return match.Registration(source, event, p.Profile, p.Submitted).Matches
}

// event is the one of the services with an id, nil if there is none.
func (q question) event(id string) *hsds.Service {
	i := slices.IndexFunc(q.services, func(s *hsds.Service) bool { return s.ID == id })
	if i < 0 {
		return nil
	}
	return q.services[i]
}

// registered gives the indices of those who registered for one of the services.
func (q question) registered(candidates []*candidate) []int {
	var all []int
	for i, c := range candidates {
		if id := c.person.Profile.Event; id != "" && q.event(id) != nil {
			all = append(all, i)
		}
	}
	return all
}
