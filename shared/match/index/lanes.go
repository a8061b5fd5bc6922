package index

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/miict/immerse/shared/eligibility"
)

// number puts the rules in the order in which they are stored, 64 to a word. A word costs as many lanes as its longest
// rule has clauses, and a lane as many pairs as it has different constraints; a cell costs an entry for each word of which
// it has a rule. So rules of one length stand together; of these, first those that several cells have, the most used first
// and then those that begin alike; then the others, cell by cell.
func (c *compiler) number() {
	type use struct {
		rule   uint32
		common int       // 0 for a rule of one cell only, else 1 + log2 of how many services have it
		cell   [2]uint32 // a need and an area in which it stands
		key    []uint32
	}
	uses := make([]use, len(c.clauses))
	count := make([]int, len(c.clauses))
	for i := range c.offers {
		o := &c.offers[i]
		u := &uses[o.rule]
		for _, need := range o.needs {
			for _, area := range append(o.areas[:len(o.areas):len(o.areas)], none) {
				if area == none && !o.online {
					continue
				}
				if cell := [2]uint32{need, area}; count[o.rule] == 0 {
					u.cell = cell
				} else if u.cell != cell {
					u.common = 1
				}
				count[o.rule]++
			}
		}
	}
	often := c.oftenFirst()
	for i := range uses {
		u := &uses[i]
		u.rule = uint32(i)
		if u.common > 0 {
			u.common += bits.Len(uint(count[i]))
		}
		for _, clause := range c.clauses[i] {
			at := len(u.key)
			for _, constraint := range clause {
				u.key = append(u.key, often[constraint])
			}
			slices.Sort(u.key[at:])
		}
	}
	slices.SortFunc(uses, func(a, b use) int {
		return cmp.Or(cmp.Compare(len(c.clauses[a.rule]), len(c.clauses[b.rule])), cmp.Compare(b.common, a.common),
			slices.Compare(a.cell[:], b.cell[:])*btoi(a.common == 0), slices.Compare(a.key, b.key), cmp.Compare(a.rule, b.rule))
	})
	place := make([]uint32, len(uses))
	for i, u := range uses {
		c.order = append(c.order, u.rule)
		place[u.rule] = uint32(i)
	}
	for i := range c.offers {
		c.offers[i].rule = place[c.offers[i].rule]
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// oftenFirst gives the place of each constraint when those of the most clauses come first.
func (c *compiler) oftenFirst() []uint32 {
	count := make([]int, len(c.constraints.list))
	order := make([]uint32, len(count))
	for i := range order {
		order[i] = uint32(i)
	}
	for _, rule := range c.clauses {
		for _, clause := range rule {
			for _, constraint := range clause {
				count[constraint]++
			}
		}
	}
	slices.SortFunc(order, func(a, b uint32) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) })
	place := make([]uint32, len(order))
	for i, constraint := range order {
		place[constraint] = uint32(i)
	}
	return place
}

// lanes writes the words: lane j of a word holds clause j of each of its rules, as pairs of a constraint and the rules
// whose clause has it. A rule without clauses counts as one with a clause that asks for nothing.
func (c *compiler) lanes() {
	type pair struct {
		constraint uint32
		rules      uint64
	}
	for start := 0; start < len(c.order); start += 64 {
		word := c.order[start:min(start+64, len(c.order))]
		longest, levels := 1, uint64(0)
		for i, rule := range word {
			longest = max(longest, len(c.clauses[rule]))
			for _, clause := range c.clauses[rule] {
				if slices.ContainsFunc(clause, c.asksLevel) {
					levels |= 1 << i
				}
			}
		}
		for lane := range longest {
			var present uint64
			var pairs []pair
			for i, rule := range word {
				clauses := c.clauses[rule]
				if lane < len(clauses) || lane == 0 {
					present |= 1 << i
				}
				if lane >= len(clauses) {
					continue
				}
				for _, constraint := range clauses[lane] {
					pairs = append(pairs, pair{constraint, 1 << i})
				}
			}
			slices.SortFunc(pairs, func(a, b pair) int {
				return cmp.Or(cmp.Compare(a.constraint, b.constraint), cmp.Compare(a.rules, b.rules))
			})
			for i := 0; i < len(pairs); {
				constraint, rules := pairs[i].constraint, uint64(0)
				for ; i < len(pairs) && pairs[i].constraint == constraint; i++ {
					rules |= pairs[i].rules
				}
				c.u32(secPairConstraints, constraint)
				c.u64(secPairMasks, rules)
			}
			c.u64(secLanePresent, present)
			c.end(secLaneEnds, secPairConstraints, 4)
		}
		c.u64(secWordLevels, levels)
		c.end(secWordEnds, secLaneEnds, 4)
	}
}

// asksLevel tells whether a constraint is a bound on a language or on education.
func (c *compiler) asksLevel(constraint uint32) bool {
	switch eligibility.Kind(c.constraints.list[constraint][0]) {
	case eligibility.LanguageAtLeast, eligibility.LanguageAtMost, eligibility.Education:
		return true
	default:
		return false
	}
}
