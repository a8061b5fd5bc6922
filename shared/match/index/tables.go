package index

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"time"
)

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
