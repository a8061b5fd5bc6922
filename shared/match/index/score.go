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
	rule    uint32
	place   uint32
	need    uint32
}

func foundOf(verdict eligibility.Verdict, points, ordinal uint32) uint64 {
	return uint64(eligibility.True-verdict)<<62 | uint64(rank.Best-points)<<32 | uint64(ordinal)
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

// points gives the score of a posting. ok is false for a service that was checked too long ago, and for one that the
// person finds in a nearer cell. level is what the level fit adds.
func (s *search) points(c *cell, level float64, posting *[postingSize]byte) (points uint32, ok bool) {
	set := binary.LittleEndian.Uint32(posting[postingSet:])
	if set&flagAgain != 0 && s.nearer(c, posting) {
		return 0, false
	}
	fit := &s.sets[set&setMask]
	if fit.turn != s.turn {
		s.fitSet(set & setMask)
	}
	fresh, date := s.shares.unchecked, binary.LittleEndian.Uint32(posting[postingDate:])
	if date != none {
		f := &s.fresh[date]
		if f.state != known {
			if s.ageDate(date); f.state == expired {
				return 0, false
			}
		}
		fresh = f.share
	}
	at := int(binary.LittleEndian.Uint32(posting[postingQuality:])) * qualitySize
	quality := record(s.qualities[at : at+qualitySize])
	// The order of the sums is that of rank.Components.Score, or the last digit could be another.
	sum := c.closeness + fit.share
	sum += level
	sum += quality.f64(qualityCapacity)
	sum += fresh
	sum += quality.f64(qualityPriority)
	return rank.Points(sum, date != none), true
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

// ageDate works out what a date adds to a score.
func (s *search) ageDate(date uint32) {
	if s.fresh[date].state != unknown {
		return
	}
	component, ok := rank.Freshness(s.day(date), s.today)
	s.fresh[date] = freshness{float64(component * s.weights.Freshness), known}
	if !ok {
		s.fresh[date].state = expired
	}
}

// levelShare is what the level fit of a rule that holds, or may hold, adds to a score.
func (s *search) levelShare(number uint32) float64 {
	if s.wordLevels.at(number/64)>>(number%64)&1 == 0 {
		return s.shares.neutralLevel
	}
	known := &s.levels[number]
	if known.turn != s.turn {
		rule := s.rule(number)
		decides := 0
		if len(rule.levels) > 1 {
			decides = rule.Judge(&s.facts).Clause
		}
		*known = levelFit{s.turn, float64(rank.LevelFit(rule.levels[decides], &s.facts) * s.weights.Level)}
	}
	return known.share
}
