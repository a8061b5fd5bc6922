package index

import (
	"encoding/binary"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match"
)

// missed is a service that the person may not use.
type missed struct {
	failed  int // constraints of the clause that fails the fewest
	service uint32
	rule    uint32
}

// misses finds the nearest misses of a need, the nearest first: those that fail the fewest constraints, ties by ordinal.
// Most people have enough that fail only one, which the words know, and nearly always a cell's first services have them;
// else all groups are gone through, and only if there are still too few, the rules that fail more are counted.
func (s *search) misses(need int) []missed {
	s.open(need)
	if !s.firstMisses() {
		s.missed = s.missed[:0]
		s.missesOf(func(w *word) uint64 { return w.near }, func(uint32) int { return 1 })
	}
	if len(s.missed) < match.MissesPerNeed {
		s.missesOf(func(w *word) uint64 { return ^(w.may | w.near) }, func(rule uint32) int {
			_, failed := s.decides(rule)
			return failed
		})
	}
	return s.missed
}

// patience is how many services of a cell firstMisses looks at.
const patience = 256

// firstMisses looks for misses that fail one constraint in the order of ordinals. ok is false if it gave up.
func (s *search) firstMisses() (ok bool) {
	s.missed = s.missed[:0]
	for i := range s.cells {
		c := &s.cells[i]
		at, end := s.cellServices.ends.begin(c.number), s.cellServices.ends.at(c.number)
		for last := at + 2*patience; at < end; at += 2 {
			if at == last {
				return false
			}
			rule := s.cellServices.values.at(at)
			if s.word(rule/64).near>>(rule%64)&1 == 0 {
				continue
			}
			posting := s.cellServices.values.at(at + 1)
			if !s.missesOfGroup(c, group{rule: rule, begin: posting, end: posting + 1}, 1) {
				break
			}
		}
	}
	return true
}

// missesOf looks through the rules that which gives of a word.
func (s *search) missesOf(which func(*word) uint64, failed func(rule uint32) int) {
	for i := range s.cells {
		c := &s.cells[i]
		for entries := s.entriesOf(c.tier, c.end); len(entries) > 0; entries = entries[entrySize:] {
			entry := record(entries[:entrySize])
			for rules := entry.u64(entryRules) & which(s.word(entry.u32(entryWord))); rules != 0; rules &= rules - 1 {
				g := s.groupOf(entry, rules&-rules)
				s.missesOfGroup(c, g, failed(g.rule))
			}
		}
	}
}

// missesOfGroup keeps the nearest; the postings are in the order of ordinals, so that the first that is too far ends it,
// and near is false.
func (s *search) missesOfGroup(c *cell, g group, failed int) (near bool) {
	for at := g.begin; at < g.end; at++ {
		posting := s.posting(at)
		miss := missed{failed, binary.LittleEndian.Uint32(posting[postingService:]), g.rule}
		place := len(s.missed)
		for place > 0 && miss.before(s.missed[place-1]) {
			place--
		}
		if place == match.MissesPerNeed {
			return false
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
	return true
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
	return date == none || !s.today.fresh[date].expired
}

// miss explains a miss.
func (s *search) miss(need string, m missed) match.Miss {
	return match.Miss{Service: s.ID(m.service), Need: need, Reasons: s.taken(s.explain(m.rule, eligibility.False).Reasons)}
}
