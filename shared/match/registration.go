package match

import (
	"slices"
	"time"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
)

// Registrable tells whether a service is an event that somebody who registers at a moment may register for: active, checked as
// lately as it must be, and not closed.
func (s *Source) Registrable(event *hsds.Service, at time.Time) bool {
	closes, registers := event.Closes(s.zone())
	return registers && at.Before(closes) && Stands(event, Day(at, s.zone()), s.OfferUnassured)
}

// Registration matches a person with the one event that they chose, as any other service is matched: area and eligibility
// are asked of them, and nothing else is found. There is no match if it isn't Registrable at the time. Of the needs only
// codes.Participation is looked at. The source gives the rules; its services are not looked at.
func Registration(source Source, event *hsds.Service, p eligibility.Profile, at time.Time) Result {
	source.Services = nil
	c, err := New(source)
	if err != nil {
		return Result{Catalogue: source.Version, Matches: []Match{}, Misses: []Miss{}} // nobody lives anywhere
	}
	if source.Registrable(event, at) {
		c.byNeed[codes.Participation] = []*entry{newEntry(event, "")}
	}
	p.Needs = slices.DeleteFunc(slices.Clone(p.Needs), func(need string) bool { return need != codes.Participation })
	return NewLinear(c).Match(p, at)
}

// zone is the country's, UTC where none is given.
func (s *Source) zone() *time.Location {
	if s.Location == nil {
		return time.UTC
	}
	return s.Location
}
