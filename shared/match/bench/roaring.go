package main

import (
	"math/bits"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
)

// A compressed engine is the dense one with Roaring bitmaps: what is offered where the person lives is worked out first, and
// is small; the rest is intersected with it.
type compressed struct {
	*model
	table
	needs, areas, status, gender, requires []*roaring.Bitmap
	online, alive                          *roaring.Bitmap
	ranges                                 [4][]*roaring.Bitmap
	stretches                              [4]intervals
	levels                                 map[uint16][]*roaring.Bitmap
	speaks                                 map[uint16]*roaring.Bitmap
	jobs                                   map[string]*roaring.Bitmap
	has                                    map[uint16]*roaring.Bitmap
}

func newCompressed(d *dense) *compressed {
	c := &compressed{
		model: d.model, table: d.table, levels: map[uint16][]*roaring.Bitmap{}, speaks: map[uint16]*roaring.Bitmap{},
		jobs: map[string]*roaring.Bitmap{}, has: map[uint16]*roaring.Bitmap{},
		needs: compressAll(d.needs), areas: compressAll(d.areas), status: compressAll(d.status),
		gender: compressAll(d.gender), requires: compressAll(d.requires), online: compress(d.online), alive: compress(d.alive),
	}
	for i := range d.ranges {
		c.stretches[i] = intervals{starts: d.ranges[i].starts}
		c.ranges[i] = compressAll(d.ranges[i].holds)
	}
	for language, holds := range d.levels {
		c.levels[language] = compressAll(holds)
	}
	for language, bitmap := range d.speaks {
		c.speaks[language] = compress(bitmap)
	}
	for job, bitmap := range d.jobs {
		c.jobs[job] = compress(bitmap)
	}
	for field, bitmap := range d.has {
		c.has[field] = compress(bitmap)
	}
	return c
}

func compressAll(bitmaps [][]uint64) (list []*roaring.Bitmap) {
	for _, b := range bitmaps {
		list = append(list, compress(b))
	}
	return list
}

func compress(bitmap []uint64) *roaring.Bitmap {
	b := roaring.New()
	for w, word := range bitmap {
		for ; word != 0; word &= word - 1 {
			b.Add(uint32(w*64 + bits.TrailingZeros64(word)))
		}
	}
	b.RunOptimize()
	return b
}

func (c *compressed) find(p *person, list []found) []found {
	places := []*roaring.Bitmap{c.online}
	for _, area := range p.path {
		places = append(places, c.areas[area])
	}
	var needs []*roaring.Bitmap
	for _, need := range p.needs {
		needs = append(needs, c.needs[need])
	}
	rows := roaring.FastOr(places...)
	rows.And(roaring.FastOr(needs...))
	rows.And(c.alive)
	lacks := roaring.New()
	and := func(field uint16, holds func() *roaring.Bitmap) {
		switch has := c.has[field]; {
		case has == nil:
		case p.said&field != 0:
			rows.And(holds())
		default:
			lacks.Or(has)
		}
	}
	status := func() *roaring.Bitmap { return c.status[bits.TrailingZeros16(p.status)] }
	and(hasStatus, status)
	and(hasNotStatus, status)
	and(hasGender, func() *roaring.Bitmap { return c.gender[bits.TrailingZeros8(p.gender)] })
	for i, field := range []uint16{hasAge, hasChildren, hasMonths, hasLearning} {
		value := []int32{p.age, p.children, p.months, p.learning}[i]
		and(field, func() *roaring.Bitmap { return c.ranges[i][c.stretches[i].place(value)] })
	}
	and(hasLanguages, func() *roaring.Bitmap {
		for language, holds := range c.levels {
			rows.And(holds[p.levels[language]])
		}
		return rows
	})
	and(hasRegistrations, func() *roaring.Bitmap {
		for i, requires := range c.requires {
			if p.registrations>>i&1 == 0 {
				rows.AndNot(requires)
			}
		}
		return rows
	})
	and(hasSpeaks, func() *roaring.Bitmap {
		bad := c.has[hasSpeaks].Clone()
		for language, b := range c.speaks {
			if p.levels[language] >= 3 {
				bad.AndNot(b)
			}
		}
		rows.AndNot(bad)
		return rows
	})
	and(hasOccupation, func() *roaring.Bitmap {
		bad, open := c.has[hasOccupation].Clone(), roaring.New()
		for job, b := range c.jobs {
			if strings.HasPrefix(p.occupation, job) {
				bad.AndNot(b)
			} else if strings.HasPrefix(job, p.occupation) {
				open.Or(b)
			}
		}
		open.And(bad)
		bad.AndNot(open)
		rows.AndNot(bad)
		lacks.Or(open)
		return rows
	})
	return c.emit(p, list, rows, lacks)
}

func (c *compressed) emit(p *person, list []found, bitmap, lacks *roaring.Bitmap) []found {
	lacks.And(bitmap)
	out := rows{person: p, table: &c.table, list: list, service: 1<<32 - 1}
	next := lacks.Iterator()
	all := bitmap.Iterator()
	for all.HasNext() {
		row := all.Next()
		open := next.HasNext() && next.PeekNext() == row
		if open {
			next.Next()
		}
		out.add(int(row), open)
	}
	out.flush()
	return out.list
}
