package index

import (
	"cmp"
	"slices"
)

// stand is a service in one cell.
type stand struct {
	need, area uint32
	service    uint32
	flags      uint32
}

// cells writes, for each need and area, the services there, and those that are online under the area none.
func (c *compiler) cells() {
	var all []stand
	above := make([]uint32, len(c.areas)) // the last service of which another area lies in this one
	for i := range above {
		above[i] = none
	}
	for i := range c.offers {
		o := &c.offers[i]
		if len(o.areas) > 1 {
			c.above(above, uint32(i))
		}
		for _, need := range o.needs {
			var flags uint32
			if o.online {
				flags = flagOnline
			}
			for _, area := range o.areas {
				stands := stand{need, area, uint32(i), flags}
				if above[area] == uint32(i) {
					stands.flags |= flagAgain
				}
				all = append(all, stands)
			}
			if o.online {
				if len(o.areas) > 0 {
					flags |= flagAgain
				}
				all = append(all, stand{need, none, uint32(i), flags})
			}
		}
	}
	slices.SortFunc(all, func(a, b stand) int {
		return cmp.Or(cmp.Compare(a.need, b.need), cmp.Compare(a.area, b.area), cmp.Compare(a.service, b.service))
	})
	at := 0
	for need, code := range c.needs {
		c.out[secNeeds] = append(c.out[secNeeds], code...)
		c.end(secNeedEnds, secNeeds, 1)
		for at < len(all) && all[at].need == uint32(need) {
			end := at
			for end < len(all) && all[end].need == all[at].need && all[end].area == all[at].area {
				end++
			}
			c.u32(secCellAreas, all[at].area)
			first := uint32(len(c.out[secPostings]) / postingSize)
			for _, tier := range c.cut(all[at:end]) {
				c.tier(tier)
			}
			c.end(secCellEnds, secTiers, tierSize)
			c.cellServices(all[at:end], first)
			at = end
		}
		c.end(secNeedCells, secCellAreas, 4)
	}
}

// above marks the areas in which areas of a service lie: who lives in one of these may find the service in both.
func (c *compiler) above(marks []uint32, service uint32) {
	parents := u32s(c.out[secAreaParents])
	for _, area := range c.offers[service].areas {
		for at := parents.at(area); at != none && marks[at] != service; at = parents.at(at) {
			marks[at] = service
		}
	}
}

// cellServices writes the services of a cell, whose postings were written in this order, in the order of ordinals.
func (c *compiler) cellServices(services []stand, first uint32) {
	order := make([]uint32, len(services))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(a, b uint32) int { return cmp.Compare(services[a].service, services[b].service) })
	for _, i := range order {
		c.u32(secCellServices, c.offers[services[i].service].rule, first+i)
	}
	c.end(secCellServiceEnds, secCellServices, 4)
}

// How a cell is cut into tiers: a cell of up to small services is one tier; a language set with at least some services has
// tiers of its own; and each tier is growth times as large as the better one before it.
const (
	small  = 256
	some   = 64
	growth = 4
)

// cut gives the tiers of a cell: services that nobody has checked apart, then by set of languages, then the best first, by
// what their score has of its own. Any cut is right; a good one lets Top stop early.
func (c *compiler) cut(cell []stand) (tiers [][]stand) {
	type part struct{ checked, set uint32 }
	partOf := func(s stand) part {
		o := &c.offers[s.service]
		return part{uint32(btoi(o.date == none)), o.set}
	}
	count := map[part]int{}
	for _, s := range cell {
		count[partOf(s)]++
	}
	pooled := func(s stand) part {
		p := partOf(s)
		if len(cell) <= small || count[p] < some {
			p.set = none
		}
		return p
	}
	slices.SortFunc(cell, func(a, b stand) int {
		p, q := pooled(a), pooled(b)
		x, y := &c.offers[a.service], &c.offers[b.service]
		return cmp.Or(cmp.Compare(p.checked, q.checked), cmp.Compare(p.set, q.set), cmp.Compare(y.aged, x.aged),
			cmp.Compare(a.service, b.service))
	})
	for start := 0; start < len(cell); {
		end := start
		for end < len(cell) && pooled(cell[end]) == pooled(cell[start]) {
			end++
		}
		for size := small; start < end; size *= growth {
			next := min(start+size, end)
			if end-next < size/2 {
				next = end
			}
			tiers = append(tiers, cell[start:next])
			start = next
		}
	}
	return tiers
}

// tier writes the services of a tier, grouped by rule.
func (c *compiler) tier(services []stand) {
	slices.SortFunc(services, func(a, b stand) int {
		return cmp.Or(cmp.Compare(c.offers[a.service].rule, c.offers[b.service].rule), cmp.Compare(a.service, b.service))
	})
	first := &c.offers[services[0].service]
	set, least := first.set, uint32(none)
	static, aged := first.static, first.aged
	var flags, lastRule uint32
	word, rules, group := uint32(none), uint64(0), uint32(0)
	flush := func() {
		if rules != 0 {
			c.u32(secEntries, word, group)
			c.u64(secEntries, rules)
		}
	}
	levels := u64s(c.out[secWordLevels])
	for i, s := range services {
		o := &c.offers[s.service]
		if i == 0 || o.rule != lastRule {
			if i > 0 {
				c.end(secGroupEnds, secPostings, postingSize)
			}
			if o.rule/64 != word {
				flush()
				word, rules, group = o.rule/64, 0, uint32(len(c.out[secGroupEnds])/4)
			}
			rules |= 1 << (o.rule % 64)
			lastRule = o.rule
		}
		area := uint32(none)
		if len(o.areas) == 1 {
			area = o.areas[0]
		}
		c.u32(secPostings, s.service, o.capacity, o.priority, o.date, o.set|s.flags, area)
		if o.set != set {
			set = none
		}
		if o.date != none {
			flags |= tierChecked
		}
		if levels.at(o.rule/64)>>(o.rule%64)&1 != 0 {
			flags |= tierLevels
		}
		least, static, aged = min(least, s.service), max(static, o.static), max(aged, o.aged)
	}
	c.end(secGroupEnds, secPostings, postingSize)
	flush()
	c.u32(secTiers, uint32(len(c.out[secEntries])/entrySize), set, flags, least)
	c.f64(secTiers, static)
	c.f64(secTiers, aged)
}
