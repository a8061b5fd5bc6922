package index

import (
	"encoding/binary"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match/internal/rank"
)

// Found is a match as a search finds it: small, without pointers, and not yet explained.
type Found struct {
	order   uint64 // the lower, the better: whether something is missing, the points that a best score has more, the ordinal
	posting uint32
	need    uint32
}

// Service is the ordinal of the service: its place among all that are offered, in the order of ids. See Engine.ID.
func (f Found) Service() uint32 { return uint32(f.order) }

// Need is the place of the need in the profile's list.
func (f Found) Need() int { return int(f.need) }

// Verdict is True or Unknown.
func (f Found) Verdict() eligibility.Verdict {
	return eligibility.True - eligibility.Verdict(f.order>>62)
}

// Score is in [0,1], to four decimals.
func (f Found) Score() float64 { return rank.Score(f.points()) }

func (f Found) points() uint32 { return rank.Best - uint32(f.order>>32)&(1<<30-1) }

// collect appends the services of a group, whose rule has this verdict and this share of the score for its level fit. Left
// out are those that were checked too long ago, and those that the person finds in a nearer cell.
func (s *search) collect(found []Found, c *cell, need uint32, g group) []Found {
	worse, days := uint64(eligibility.True-g.verdict)<<62, s.today.fresh
	for at := g.begin; at < g.end; at++ {
		posting := s.posting(at)
		set := binary.LittleEndian.Uint32(posting[postingSet:])
		if set&flagAgain != 0 && s.nearer(c, posting) {
			continue
		}
		fit := &s.sets[set&setMask]
		if fit.turn != s.turn {
			s.fitSet(set & setMask)
		}
		fresh, date := s.shares.unchecked, binary.LittleEndian.Uint32(posting[postingDate:])
		if date != none {
			f := &days[date]
			if f.expired {
				continue
			}
			fresh = f.share
		}
		free := int(binary.LittleEndian.Uint32(posting[postingCapacity:])) * capacitySize
		// The order of the sums is that of rank.Components.Score, or the last digit could be another.
		sum := c.closeness + fit.share
		sum += g.level
		sum += record(s.capacities[free : free+capacitySize]).f64(capacityShare)
		sum += fresh
		sum += s.priorities.f64(binary.LittleEndian.Uint32(posting[postingPriority:]))
		less := uint64(rank.Best - rank.Points(sum, date != none))
		ordinal := uint64(binary.LittleEndian.Uint32(posting[postingService:]))
		found = append(found, Found{worse | less<<32 | ordinal, at, need})
	}
	return found
}

// nearer tells whether the person finds the service in a cell that comes before this one.
func (s *search) nearer(c *cell, posting *[postingSize]byte) bool {
	if area := binary.LittleEndian.Uint32(posting[postingArea:]); area != none {
		return s.placeOf(area) < int(c.place)
	}
	service := binary.LittleEndian.Uint32(posting[postingService:])
	areas := s.serviceAreas
	for at := areas.ends.begin(service); at < areas.ends.at(service); at++ {
		if s.placeOf(areas.values.at(at)) < int(c.place) {
			return true
		}
	}
	return false
}

// fitSet works out what a set of languages adds to a score.
func (s *search) fitSet(set uint32) {
	languages := s.Engine.sets
	share := s.shares.noLanguage
	if s.sharedLanguage(set) != none {
		share = s.shares.language
	} else if languages.ends.begin(set) == languages.ends.at(set) || len(s.profile.Languages) == 0 {
		share = s.shares.neutralLanguage
	}
	s.sets[set] = setFit{s.turn, share}
}

// sharedLanguage gives the person's best language that a set has too, or none.
func (s *search) sharedLanguage(set uint32) uint32 {
	languages := s.Engine.sets
	for i := range s.spoken {
		for at := languages.ends.begin(set); at < languages.ends.at(set); at++ {
			if language := languages.values.at(at); string(s.languages.at(language)) == s.spoken[i].Code {
				return language
			}
		}
	}
	return none
}

// levelShare is what the level fit of the clause that decides adds to a score.
func (s *search) levelShare(rule uint32) float64 {
	clause := s.rules.begin(rule)
	switch s.rules.at(rule) - clause {
	case 0:
		return s.shares.neutralLevel
	case 1:
	default:
		clause, _ = s.decides(rule)
	}
	number := s.clauseLevels.at(clause)
	if number == none {
		return s.shares.neutralLevel
	}
	known := &s.fits[number]
	if known.turn != s.turn {
		*known = levelFit{s.turn, float64(rank.LevelFit(s.levelsOf(number), &s.facts) * s.weights.Level)}
	}
	return known.share
}
