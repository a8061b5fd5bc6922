package index

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/match/internal/rank"
)

// Compile writes the index of a source; the same source gives the same bytes, in whatever order its services are. The
// errors are those of match.New, one for a time zone that Open could not load, and one for a catalogue that is too large
// (4 GiB of ids, or 2^30 of anything).
func Compile(source match.Source) ([]byte, error) {
	if err := source.Check(); err != nil {
		return nil, err
	}
	c := &compiler{source: source}
	if err := c.settings(); err != nil {
		return nil, err
	}
	c.gather()
	c.number()
	c.lanes()
	c.cells()
	c.tables()
	return c.file()
}

// compiler holds what is known of a catalogue on its way into the file.
type compiler struct {
	source      match.Source
	areas       map[string]uint32
	needs       []string
	offers      []offer // by ordinal
	languages   numbered[string]
	sets        numbered[string] // of languages, each as the bytes of its table
	dates       numbered[int64]
	capacities  numbered[capacity]
	priorities  numbered[float64]
	constraints numbered[string]
	words       [vocabularies]numbered[string]
	rules       numbered[string] // each as the bytes of its clauses
	clauses     [][][]uint32     // of each rule: constraints
	order       []uint32         // the rules, in the order in which they are stored
	out         [sections][]byte
}

// offer is a service on its way into the index.
type offer struct {
	id                                  string
	rule, set, date, capacity, priority uint32
	online                              bool
	areas, needs                        []uint32 // ascending
	static, aged                        float64  // see tierQuality and tierAged
}

// capacity is how many places a service has free, and what that adds to its score.
type capacity struct {
	share  float64
	places rank.Places
}

// numbered gives equal values one number, in the order of arrival.
type numbered[T comparable] struct {
	numbers map[T]uint32
	list    []T
}

func (n *numbered[T]) number(value T) uint32 {
	number, known := n.numbers[value]
	if !known {
		if n.numbers == nil {
			n.numbers = map[T]uint32{}
		}
		number = uint32(len(n.list))
		n.numbers[value] = number
		n.list = append(n.list, value)
	}
	return number
}

func (c *compiler) u32(s section, values ...uint32) {
	for _, v := range values {
		c.out[s] = binary.LittleEndian.AppendUint32(c.out[s], v)
	}
}

func (c *compiler) u64(s section, v uint64) { c.out[s] = binary.LittleEndian.AppendUint64(c.out[s], v) }

func (c *compiler) f64(s section, v float64) { c.u64(s, math.Float64bits(v)) }

// end notes that a list whose values are elements of so many bytes ends here.
func (c *compiler) end(ends, values section, size int) { c.u32(ends, uint32(len(c.out[values])/size)) }

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

// settings writes what holds for the whole catalogue.
func (c *compiler) settings() error {
	w := c.source.Weights
	for _, weight := range []float64{w.Closeness, w.Language, w.Level, w.Capacity, w.Freshness, w.Priority} {
		c.f64(secSettings, weight)
	}
	zone, offset, err := nameZone(c.source.Location)
	if err != nil {
		return err
	}
	c.u64(secSettings, uint64(offset))
	c.u64(secSettings, uint64(len(c.source.Areas.All())))
	for _, text := range []string{c.source.Version, zone} {
		c.u64(secSettings, uint64(len(text)))
		c.out[secSettings] = append(c.out[secSettings], text...)
	}
	return nil
}

// nameZone gives the name by which a time zone can be loaded, or "" and the seconds by which one without daylight saving
// is east of UTC. Zones are compared where their offsets may differ: every month for two hundred years.
func nameZone(location *time.Location) (name string, offset int, err error) {
	if location == nil {
		location = time.UTC
	}
	loaded, err := time.LoadLocation(location.String())
	named, fixed := err == nil && location.String() != "Local", true
	_, offset = time.Unix(0, 0).In(location).Zone()
	for month := range 200 * 12 {
		at := time.Date(1900, time.Month(month+1), 1, 0, 0, 0, 0, time.UTC)
		_, here := at.In(location).Zone()
		fixed = fixed && here == offset
		if named {
			_, there := at.In(loaded).Zone()
			named = here == there
		}
	}
	switch {
	case fixed:
		return "", offset, nil
	case named:
		return location.String(), 0, nil
	}
	return "", 0, fmt.Errorf("index: the time zone %q can't be written down", location)
}

// tables writes what was numbered.
func (c *compiler) tables() {
	for i := range c.offers {
		o := &c.offers[i]
		c.out[secServiceIDs] = append(c.out[secServiceIDs], o.id...)
		c.end(secServiceEnds, secServiceIDs, 1)
		c.u32(secServiceAreas, o.areas...)
		c.end(secServiceAreaEnds, secServiceAreas, 4)
	}
	for _, language := range c.languages.list {
		c.out[secLanguages] = append(c.out[secLanguages], language...)
		c.end(secLanguageEnds, secLanguages, 1)
	}
	for _, set := range c.sets.list {
		c.out[secSets] = append(c.out[secSets], set...)
		c.end(secSetEnds, secSets, 4)
	}
	for _, day := range c.dates.list {
		c.u64(secDates, uint64(day))
	}
	for _, capacity := range c.capacities.list {
		c.f64(secCapacities, capacity.share)
		c.u64(secCapacities, uint64(capacity.places))
	}
	for _, priority := range c.priorities.list {
		c.f64(secPriorities, priority)
	}
	for _, constraint := range c.constraints.list {
		c.out[secConstraints] = append(c.out[secConstraints], constraint...)
		c.end(secConstraintEnds, secConstraints, 1)
		c.atom(readConstraint([]byte(constraint)))
	}
	for _, vocabulary := range c.words {
		for _, word := range vocabulary.list {
			c.out[secVocabulary] = append(c.out[secVocabulary], word...)
			c.end(secVocabularyEnds, secVocabulary, 1)
		}
		c.end(secWordListEnds, secVocabularyEnds, 4)
	}
	c.clauseTables()
}

// clauseTables writes the clauses of all rules, in their order. Clauses that ask for the same levels share a number.
func (c *compiler) clauseTables() {
	var levels numbered[string]
	for _, rule := range c.order {
		for _, clause := range c.clauses[rule] {
			var asked []uint32
			for _, constraint := range clause {
				if c.asksLevel(constraint) {
					asked = append(asked, constraint)
				}
			}
			number := uint32(none)
			if len(asked) > 0 {
				if number = levels.number(string(bytesOf(asked))); int(number)*4 == len(c.out[secLevels]) {
					c.u32(secLevels, uint32(len(c.out[secClauseEnds])/4))
				}
			}
			c.u32(secClauseLevels, number)
			c.u32(secClauseConstraints, clause...)
			c.end(secClauseEnds, secClauseConstraints, 4)
		}
		c.end(secRuleEnds, secClauseEnds, 4)
	}
}

// file puts the sections together.
func (c *compiler) file() ([]byte, error) {
	length := headLength
	ends := make([]int, sections)
	for s, content := range c.out {
		if len(content) > math.MaxUint32 || cmp.Compare(len(c.offers), setMask) > 0 || len(c.sets.list) > setMask {
			return nil, fmt.Errorf("index: %d services are too many, or too large", len(c.offers))
		}
		length = (length+7)/8*8 + len(content)
		ends[s] = length
	}
	data := make([]byte, headLength, length)
	copy(data, Format)
	binary.LittleEndian.PutUint32(data[countAt:], uint32(sections))
	for s, content := range c.out {
		binary.LittleEndian.PutUint64(data[endsAt+8*s:], uint64(ends[s]))
		for len(data)%8 != 0 {
			data = append(data, 0)
		}
		data = append(data, content...)
	}
	binary.LittleEndian.PutUint32(data[checksumAt:], crc32.Checksum(data[countAt:], castagnoli))
	return data, nil
}
