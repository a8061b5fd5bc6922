package index

import (
	"cmp"
	"slices"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match/internal/rank"
)

// ranked is a tier with the most points that a service in it can have for this person.
type ranked struct {
	cell, tier uint32
	most       uint32
}

// top finds the best matches of a need, so many at the most, in order: first those that hold, then, if they are too few,
// those of which something is missing.
func (s *search) top(need, most int) {
	s.tiersInOrder(need)
	s.best(need, eligibility.True, most)
	if len(s.found) < most {
		s.best(need, eligibility.Unknown, most)
	}
}

// tiersInOrder lists the tiers of a need in which the person may look, those that may hold the best first.
func (s *search) tiersInOrder(need int) {
	s.ranked = s.ranked[:0]
	for i := range s.open(need) {
		c := &s.cells[i]
		for tier := c.tier; tier < c.end; tier++ {
			s.ranked = append(s.ranked, ranked{uint32(i), tier, s.most(c, tier)})
		}
	}
	slices.SortFunc(s.ranked, func(a, b ranked) int { return cmp.Compare(b.most, a.most) })
}

// rounding is more than sums of shares can be wrong by, and less than half a point.
const rounding = 1e-9

// most gives the points that no service of a tier exceeds.
func (s *search) most(c *cell, number uint32) uint32 {
	if !s.monotone {
		return rank.Best
	}
	tier := record(s.tiers[int(number)*tierSize:])
	flags := tier.u32(tierFlags)
	sum := c.closeness + s.shares.neutralLevel
	if flags&tierLevels != 0 {
		sum = c.closeness + s.weights.Level
	}
	switch set := tier.u32(tierSet); {
	case set != none:
		if s.sets[set].turn != s.turn {
			s.fitSet(set)
		}
		sum += s.sets[set].share
	case len(s.spoken) > 0:
		sum += s.shares.language
	default:
		sum += s.shares.neutralLanguage
	}
	if flags&tierChecked == 0 {
		return rank.Points(sum+tier.f64(tierQuality)+rounding, false)
	}
	// No service is fresher than fresh, and none loses freshness more slowly than in so many days.
	days := float64(s.today.Unix() / secondsOfDay)
	fresh := min(tier.f64(tierQuality), tier.f64(tierAged)-s.weights.Freshness*days/slowest)
	return rank.Points(sum+s.weights.Freshness+fresh+rounding, true)
}

// best adds the best matches with a verdict to those that were found, as long as there are fewer than most.
func (s *search) best(need int, verdict eligibility.Verdict, most int) {
	kept := len(s.found)
	for _, r := range s.ranked {
		if len(s.found) == most {
			last := s.found[most-1]
			if r.most < last.points() {
				return
			}
			if r.most == last.points() && record(s.tiers[int(r.tier)*tierSize:]).u32(tierLeast) > last.Service() {
				continue
			}
		}
		c := &s.cells[r.cell]
		for entries := s.entriesOf(r.tier, r.tier+1); len(entries) > 0; entries = entries[entrySize:] {
			entry := record(entries[:entrySize])
			word := s.word(entry.u32(entryWord))
			rules := word.is
			if verdict == eligibility.Unknown {
				rules = word.may &^ word.is
			}
			for rules &= entry.u64(entryRules); rules != 0; rules &= rules - 1 {
				g := s.groupOf(entry, rules&-rules)
				s.rank(&g, word, rules&-rules)
				s.group = s.collect(s.group[:0], c, uint32(need), g)
				s.keep(kept, most, g.rule, int(c.place))
			}
		}
	}
}

// keep sorts the matches of a group in among those found from kept on, and lets the last go when they are too many.
func (s *search) keep(kept, most int, rule uint32, place int) {
	for _, m := range s.group {
		if len(s.found) == most {
			if m.order > s.found[most-1].order {
				continue
			}
			s.found = s.found[:most-1]
		}
		at, _ := slices.BinarySearchFunc(s.found[kept:], m.order, func(a placed, order uint64) int { return cmp.Compare(a.order, order) })
		s.found = slices.Insert(s.found, kept+at, placed{m, rule, place})
	}
}
