package index

import (
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"
	"time"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/match/internal/rank"
)

// Services is how many services can be offered; their ordinals are below it.
func (e *Engine) Services() int { return e.services.ends.len() }

// ID gives the id of the service with an ordinal.
func (e *Engine) ID(ordinal uint32) string { return string(e.services.at(ordinal)) }

// Version is the catalogue's.
func (e *Engine) Version() string { return e.version }

// Append appends all matches of a person, need by need, those of a need in no particular order. It allocates nothing else
// once it has been called a few times.
func (e *Engine) Append(found []Found, p *eligibility.Profile, at time.Time) []Found {
	s := e.begin(p, at)
	defer s.end()
	own := s.found
	s.found = found
	for i := range p.Needs {
		s.all(i)
	}
	found, s.found = s.found, own
	return found
}

// Match implements match.Engine.
func (e *Engine) Match(p eligibility.Profile, at time.Time) match.Result { return e.Top(p, at, 0) }

// Top gives what match.Limit keeps of Match: the best of each need, perNeed at the most, and the nearest misses. 0 or less
// gives all. It looks at the services that may score best first, and stops when no other can be better.
func (e *Engine) Top(p eligibility.Profile, at time.Time, perNeed int) match.Result {
	s := e.begin(&p, at)
	defer s.end()
	result := match.Result{Catalogue: e.version, Matches: []match.Match{}, Misses: []match.Miss{}}
	for i, need := range p.Needs {
		s.found = s.found[:0]
		if perNeed > 0 {
			s.top(i, perNeed)
		} else {
			s.all(i)
			slices.SortFunc(s.found, func(a, b Found) int { return cmp.Compare(a.order, b.order) })
		}
		result.Matches = slices.Grow(result.Matches, len(s.found))
		for _, found := range s.found {
			result.Matches = append(result.Matches, s.match(need, found))
		}
		for _, missed := range s.misses(i) {
			result.Misses = append(result.Misses, s.miss(need, missed))
		}
	}
	return result
}

// all finds every match of a need.
func (s *search) all(need int) {
	for i := range s.open(need) {
		c := &s.cells[i]
		for tier := c.tier; tier < c.end; tier++ {
			for entries := s.tierEntries(tier); len(entries) > 0; entries = entries[entrySize:] {
				entry := record(entries[:entrySize])
				word := s.word(entry.u32(entryWord))
				for rules := entry.u64(entryRules) & word.may; rules != 0; rules &= rules - 1 {
					s.collect(c, need, word, entry, rules&-rules)
				}
			}
		}
	}
}

// collect keeps the services of the group of one rule.
func (s *search) collect(c *cell, need int, word *word, entry record, rule uint64) {
	number := 64*entry.u32(entryWord) + uint32(bits.TrailingZeros64(rule))
	verdict := eligibility.Unknown
	if word.is&rule != 0 {
		verdict = eligibility.True
	}
	level := s.levelShare(number)
	found := s.found
	at, end := s.group(entry, rule)
	for ; at < end; at++ {
		posting := s.posting(at)
		if points, ok := s.points(c, level, posting); ok {
			order := foundOf(verdict, points, binary.LittleEndian.Uint32(posting[postingService:]))
			found = append(found, Found{order, at, number, c.place, uint32(need)})
		}
	}
	s.found = found
}

func (e *Engine) posting(number uint32) *[postingSize]byte {
	return (*[postingSize]byte)(e.postings[int(number)*postingSize:])
}

// match explains what was found.
func (s *search) match(need string, f Found) match.Match {
	rule := s.rule(f.rule)
	explained := rule.Explain(&s.facts, rule.Judge(&s.facts))
	posting := record(s.posting(f.posting)[:])
	reasons := slices.Grow(explained.Reasons, 5)
	if int(f.place) < len(s.path) {
		reasons = append(reasons, s.inArea(s.path[f.place].area))
	}
	set := posting.u32(postingSet)
	if set&flagOnline != 0 {
		reasons = append(reasons, online)
	}
	if language := s.sharedLanguage(set & setMask); language != none {
		reasons = append(reasons, s.inLanguage(language))
	}
	switch rank.Places(record(s.qualities[int(posting.u32(postingQuality))*qualitySize:]).u64(qualityPlaces)) {
	case rank.Free:
		reasons = append(reasons, placesAvailable)
	case rank.Full:
		reasons = append(reasons, noPlaces)
	default:
	}
	missing := explained.Missing
	if missing == nil {
		missing = []string{} // [] in JSON, not null
	}
	return match.Match{
		Service: s.ID(f.Service()), Need: need, Verdict: explained.Verdict, Missing: missing, Score: f.Score(),
		Reasons: append(reasons, s.checked(posting.u32(postingDate))),
	}
}

var (
	online          = eligibility.Reason{Code: eligibility.ReasonOnline}
	placesAvailable = eligibility.Reason{Code: eligibility.ReasonPlacesAvailable}
	noPlaces        = eligibility.Reason{Code: eligibility.ReasonNoPlaces}
	unchecked       = eligibility.Reason{Code: eligibility.ReasonUnchecked}
)

// checked says when a service was last checked.
func (s *search) checked(date uint32) eligibility.Reason {
	if date == none {
		return unchecked
	}
	code := eligibility.ReasonLastChecked
	if rank.Stale(s.day(date), s.today) {
		code = eligibility.ReasonLastCheckedLongAgo
	}
	return eligibility.Reason{Code: code, Params: s.checkedOn(date)}
}
