package index

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match/internal/rank"
)

// gather reads the source: areas, needs and what is offered, in the order of ids.
func (c *compiler) gather() {
	c.gatherAreas()
	type offered struct {
		service      *hsds.Service
		organization string
	}
	var list []offered
	needs := map[string]uint32{}
	c.source.Offered(func(s *hsds.Service, organization string) {
		list = append(list, offered{s, organization})
		for _, need := range s.Immerse.Needs {
			needs[need] = 0
		}
	})
	slices.SortFunc(list, func(a, b offered) int { return strings.Compare(a.service.ID, b.service.ID) })
	for need := range needs {
		c.needs = append(c.needs, need)
	}
	slices.Sort(c.needs)
	for i, need := range c.needs {
		needs[need] = uint32(i)
	}
	c.offers = make([]offer, len(list))
	for i, o := range list {
		c.offers[i] = c.offer(o.service, o.organization)
		for _, need := range o.service.Immerse.Needs {
			c.offers[i].needs = append(c.offers[i].needs, needs[need])
		}
		c.offers[i].needs = distinct(c.offers[i].needs)
	}
}

func distinct(list []uint32) []uint32 {
	slices.Sort(list)
	return slices.Compact(list)
}

func (c *compiler) gatherAreas() {
	c.areas = map[string]uint32{}
	var list []string
	for _, area := range c.source.Areas.All() {
		if _, again := c.areas[area.Code]; !again {
			c.areas[area.Code] = 0
			list = append(list, area.Code)
		}
	}
	slices.Sort(list)
	for i, code := range list {
		c.areas[code] = uint32(i)
	}
	for _, code := range list {
		c.out[secAreaCodes] = append(c.out[secAreaCodes], code...)
		c.end(secAreaEnds, secAreaCodes, 1)
		area, _ := c.source.Areas.Lookup(code)
		parent, ok := c.areas[area.Parent]
		if !ok {
			parent = none
		}
		c.u32(secAreaParents, parent)
	}
}

// offer reads a service. Areas that the country does not have are left out: nobody lives there.
func (c *compiler) offer(s *hsds.Service, organization string) offer {
	w := c.source.Weights
	o := offer{id: s.ID, rule: c.rule(s.Immerse.Eligibility), date: none, online: s.Immerse.Online}
	for _, code := range s.Immerse.Areas {
		if area, ok := c.areas[code]; ok {
			o.areas = append(o.areas, area)
		}
	}
	o.areas = distinct(o.areas)
	free, places := rank.Capacity(s.Capacities)
	capacity := capacity{float64(free * w.Capacity), places}
	priority := float64(rank.Clamp(s.Immerse.Priority) * w.Priority)
	o.capacity, o.priority = c.capacities.number(capacity), c.priorities.number(priority)
	o.static = capacity.share + priority
	o.aged = o.static
	if day, assured := s.Assured(); assured {
		days := day.Unix() / secondsOfDay
		o.date = c.dates.number(days)
		o.aged += w.Freshness * float64(days) / slowest
	}
	var set []uint32
	for _, language := range rank.Languages(s, organization) {
		set = append(set, c.languages.number(language))
	}
	o.set = c.sets.number(string(bytesOf(distinct(set))))
	return o
}

const secondsOfDay = 24 * 60 * 60

// slowest is the number of days in which an assurance would lose all its freshness if it lost it as slowly as it ever
// does: a quarter in 184 days, which is the longest half year (see rank.Freshness).
const slowest = 4 * 184

func bytesOf(list []uint32) (bytes []byte) {
	for _, v := range list {
		bytes = binary.LittleEndian.AppendUint32(bytes, v)
	}
	return bytes
}

// rule gives equal lists of clauses one number.
func (c *compiler) rule(eligible []eligibility.Clause) uint32 {
	clauses := make([][]uint32, len(eligible))
	var key []byte
	for i := range eligible {
		for _, constraint := range eligible[i].Constraints() {
			clauses[i] = append(clauses[i], c.constraints.number(string(appendConstraint(nil, constraint))))
		}
		key = append(binary.LittleEndian.AppendUint32(key, uint32(len(clauses[i]))), bytesOf(clauses[i])...)
	}
	number := c.rules.number(string(key))
	if int(number) == len(c.clauses) {
		c.clauses = append(c.clauses, clauses)
	}
	return number
}
