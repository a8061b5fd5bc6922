package fairness

import (
	"slices"
	"time"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
)

// rules are what a catalogue offers to whom, looked up service by service: no index, no score, nothing of package match.
type rules struct {
	pack *country.Pack
	at   time.Time // in the country's time zone
}

// pair is a service for a need.
type pair struct{ service, need string }

// hold compares what an engine offers a person with the rules: every service for every need.
func (r rules) hold(p eligibility.Profile, matches []match.Match) (pairs, violations, missed int) {
	offered := make(map[pair]eligibility.Verdict, len(matches))
	for _, m := range matches {
		if _, twice := offered[pair{m.Service, m.Need}]; twice {
			violations++
		}
		offered[pair{m.Service, m.Need}] = m.Verdict
	}
	for i := range r.pack.Services {
		s := &r.pack.Services[i]
		for n, need := range p.Needs {
			if slices.Contains(p.Needs[:n], need) {
				continue
			}
			pairs++
			at := pair{s.ID, need}
			verdict, told := offered[at]
			delete(offered, at)
			switch rule := r.verdict(s, need, p); {
			case told && verdict != rule:
				violations++
			case !told && rule != eligibility.False:
				missed++
			}
		}
	}
	return pairs, violations + len(offered), missed // what is left is of no service at all
}

// verdict is design §8 for one service: False where it is not offered.
func (r rules) verdict(s *hsds.Service, need string, p eligibility.Profile) eligibility.Verdict {
	if s.Immerse == nil || s.Status != hsds.StatusActive || !slices.Contains(s.Immerse.Needs, need) || !r.here(s, p) || !r.fresh(s) {
		return eligibility.False
	}
	return eligibility.Evaluate(s.Immerse.Eligibility, p, r.at).Verdict
}

func (r rules) here(s *hsds.Service, p eligibility.Profile) bool {
	if _, known := r.pack.Areas.Lookup(p.Residence.Region); !known {
		return false
	}
	return s.Immerse.Online || slices.ContainsFunc(s.Immerse.Areas, func(area string) bool {
		return r.pack.Areas.Contains(p.Residence.Region, area)
	})
}

// fresh: checked within twelve months, or never where the pack offers that.
func (r rules) fresh(s *hsds.Service) bool {
	day, assured := s.Assured()
	if !assured {
		return r.pack.OfferUnassured
	}
	return r.at.Format(time.DateOnly) <= day.AddDate(1, 0, 0).Format(time.DateOnly)
}
