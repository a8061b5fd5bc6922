package index

import (
	"cmp"
	"slices"
	"time"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match"
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
	for i := range p.Needs {
		found = s.all(found, i)
	}
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
			s.inOrder(i)
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

// inOrder finds all matches of a need, the best first.
func (s *search) inOrder(need int) {
	s.group = s.all(s.group[:0], need)
	slices.SortFunc(s.group, func(a, b Found) int { return cmp.Compare(a.order, b.order) })
	for _, f := range s.group {
		s.found = append(s.found, s.whose(f))
	}
}

// all appends every match of a need.
func (s *search) all(found []Found, need int) []Found {
	cells := s.open(need)
	for i := range cells {
		c := &cells[i]
		for entries := s.entriesOf(c.tier, c.end); len(entries) >= entrySize; entries = entries[entrySize:] {
			entry := record(entries[:entrySize])
			word := s.word(entry.u32(entryWord))
			for rules := entry.u64(entryRules) & word.may; rules != 0; rules &= rules - 1 {
				g := s.groupOf(entry, rules&-rules)
				s.rank(&g, word, rules&-rules)
				found = s.collect(found, c, uint32(need), g)
			}
		}
	}
	return found
}

func (e *Engine) posting(number uint32) *[postingSize]byte {
	return (*[postingSize]byte)(e.postings[int(number)*postingSize:])
}
