package index

import (
	"encoding/binary"
	"math/bits"

	"github.com/miict/immerse/shared/match"
)

// missed is a service that the person may not use.
type missed struct {
	failed  int // constraints of the clause that fails the fewest
	service uint32
	rule    uint32
}

// misses finds the nearest misses of a need, the nearest first: those that fail the fewest constraints, ties by ordinal.
// Most people have enough that fail only one, which the words know; the others are judged one by one, and only if need be.
func (s *search) misses(need int) []missed {
	s.missed = s.missed[:0]
	s.open(need)
	s.missesOf(func(w *word) uint64 { return w.near }, func(uint32) int { return 1 })
	if len(s.missed) < match.MissesPerNeed {
		s.missesOf(func(w *word) uint64 { return ^(w.may | w.near) }, func(rule uint32) int {
			return s.rule(rule).Judge(&s.facts).Failed
		})
	}
	return s.missed
}

// missesOf looks through the rules that which gives of a word.
func (s *search) missesOf(which func(*word) uint64, failed func(rule uint32) int) {
	for i := range s.cells {
		c := &s.cells[i]
		for tier := c.tier; tier < c.end; tier++ {
			for entries := s.tierEntries(tier); len(entries) > 0; entries = entries[entrySize:] {
				entry := record(entries[:entrySize])
				for rules := entry.u64(entryRules) & which(s.word(entry.u32(entryWord))); rules != 0; rules &= rules - 1 {
					begin, end := s.group(entry, rules&-rules)
					number := 64*entry.u32(entryWord) + uint32(bits.TrailingZeros64(rules))
					s.missesOfGroup(c, begin, end, missed{failed: failed(number), rule: number})
				}
			}
		}
	}
}

// missesOfGroup keeps the nearest; the postings are in the order of ordinals, so that the first that is too far ends it.
func (s *search) missesOfGroup(c *cell, begin, end uint32, miss missed) {
	for at := begin; at < end; at++ {
		posting := s.posting(at)
		miss.service = binary.LittleEndian.Uint32(posting[postingService:])
		place := len(s.missed)
		for place > 0 && miss.before(s.missed[place-1]) {
			place--
		}
		if place == match.MissesPerNeed {
			return
		}
		if !s.offered(c, posting) {
			continue
		}
		if len(s.missed) < match.MissesPerNeed {
			s.missed = append(s.missed, missed{})
		}
		copy(s.missed[place+1:], s.missed[place:])
		s.missed[place] = miss
	}
}

func (m missed) before(other missed) bool {
	return m.failed < other.failed || m.failed == other.failed && m.service < other.service
}

// offered tells whether a service is offered in a cell: not checked too long ago, and not found in a nearer one.
func (s *search) offered(c *cell, posting *[postingSize]byte) bool {
	if binary.LittleEndian.Uint32(posting[postingSet:])&flagAgain != 0 && s.nearer(c, posting) {
		return false
	}
	date := binary.LittleEndian.Uint32(posting[postingDate:])
	if date == none {
		return true
	}
	s.ageDate(date)
	return s.fresh[date].state != expired
}

// miss explains a miss.
func (s *search) miss(need string, m missed) match.Miss {
	rule := s.rule(m.rule)
	explained := rule.Explain(&s.facts, rule.Judge(&s.facts))
	return match.Miss{Service: s.ID(m.service), Need: need, Reasons: explained.Reasons}
}
