package main

import (
	"math/bits"
	"slices"
	"strings"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/eligibility"
)

// A dense engine has a bit for each clause of each service (a row; a service for all has one row) and a bitmap for each
// value of each field: those rows that the value does not rule out. A person's bitmaps are combined word by word.
type dense struct {
	*model
	table
	needs    [][]uint64
	areas    [][]uint64
	online   []uint64
	alive    []uint64 // offered today
	status   [][]uint64
	gender   [][]uint64
	ranges   [4]intervals // age, children, months, learning
	levels   map[uint16][][]uint64
	speaks   map[uint16][]uint64
	jobs     map[string][]uint64
	requires [][]uint64
	has      map[uint16][]uint64
	words    int
}

// A table numbers the rows.
type table struct {
	rowService []uint32
	rowClause  []int32 // -1 for a service without clauses
}

func newTable(m *model) (t table) {
	for i := range m.services {
		for j := range max(1, len(m.services[i].clauses)) {
			if len(m.services[i].clauses) == 0 {
				j = -1
			}
			t.rowService, t.rowClause = append(t.rowService, uint32(i)), append(t.rowClause, int32(j))
		}
	}
	return t
}

// eachClause goes over the rows that have a clause.
func (t table) eachClause(m *model, visit func(row int, c *clause)) {
	for row, service := range t.rowService {
		if t.rowClause[row] >= 0 {
			visit(row, &m.services[service].clauses[t.rowClause[row]])
		}
	}
}

// intervals are the stretches of numbers between which no rule tells a difference.
type intervals struct {
	starts []int32 // of each stretch but the first
	holds  [][]uint64
}

func (i *intervals) place(value int32) int {
	at, found := slices.BinarySearch(i.starts, value)
	if found {
		at++
	}
	return at
}

func (i *intervals) of(value int32) []uint64 { return i.holds[i.place(value)] }

var allFields = []uint16{hasStatus, hasNotStatus, hasGender, hasAge, hasChildren, hasMonths, hasLearning, hasLanguages, hasSpeaks,
	hasOccupation, hasRegistrations}

func set(bitmap []uint64, row int)      { bitmap[row/64] |= 1 << (row % 64) }
func clearBit(bitmap []uint64, row int) { bitmap[row/64] &^= 1 << (row % 64) }

func newDense(m *model) *dense {
	d := &dense{model: m, table: newTable(m), levels: map[uint16][][]uint64{}, speaks: map[uint16][]uint64{},
		jobs: map[string][]uint64{}, has: map[uint16][]uint64{}}
	d.words = (len(d.rowService) + 63) / 64
	d.needs, d.areas = d.many(len(codes.Needs), 0), d.many(len(m.parents), 0)
	d.online, d.alive = make([]uint64, d.words), make([]uint64, d.words)
	for row, service := range d.rowService {
		r := &m.services[service]
		for need := range codes.Needs {
			if r.needs>>need&1 != 0 {
				set(d.needs[need], row)
			}
		}
		for _, area := range r.areas {
			set(d.areas[area], row)
		}
		if r.online {
			set(d.online, row)
		}
		if m.fresh[r.date] >= 0 {
			set(d.alive, row)
		}
	}
	d.fields()
	return d
}

// many makes bitmaps, all of whose words are fill.
func (d *dense) many(n int, fill uint64) [][]uint64 {
	list := make([][]uint64, n)
	for i := range list {
		list[i] = make([]uint64, d.words)
		for w := range list[i] {
			list[i][w] = fill
		}
	}
	return list
}

func (d *dense) fields() {
	for _, field := range allFields {
		bitmap := make([]uint64, d.words)
		some := false
		d.eachClause(d.model, func(row int, c *clause) {
			if c.has&field != 0 {
				set(bitmap, row)
				some = true
			}
		})
		if some {
			d.has[field] = bitmap
		}
	}
	d.status, d.gender = d.many(len(codes.LegalStatuses), ^uint64(0)), d.many(len(codes.Genders), ^uint64(0))
	d.requires = d.many(len(codes.Registrations), 0)
	d.eachClause(d.model, func(row int, c *clause) {
		for i := range d.status {
			if c.has&hasStatus != 0 && c.status>>i&1 == 0 || c.has&hasNotStatus != 0 && c.notStatus>>i&1 != 0 {
				clearBit(d.status[i], row)
			}
		}
		for i := range d.gender {
			if c.has&hasGender != 0 && c.gender>>i&1 == 0 {
				clearBit(d.gender[i], row)
			}
		}
		for i := range d.requires {
			if c.registrations>>i&1 != 0 {
				set(d.requires[i], row)
			}
		}
		for _, b := range c.languages {
			if d.levels[b.language] == nil {
				d.levels[b.language] = d.many(len(codes.Levels), ^uint64(0))
			}
			for level, holds := range d.levels[b.language] {
				if level < int(b.low) || level > int(b.high) {
					clearBit(holds, row)
				}
			}
		}
		for _, language := range c.speaks {
			if d.speaks[language] == nil {
				d.speaks[language] = make([]uint64, d.words)
			}
			set(d.speaks[language], row)
		}
		for _, job := range c.occupation {
			if d.jobs[job] == nil {
				d.jobs[job] = make([]uint64, d.words)
			}
			set(d.jobs[job], row)
		}
	})
	for i, ends := range rangesOf {
		d.ranges[i] = d.stretches(ends)
	}
}

var rangesOf = [4]func(*clause) [2]int32{
	func(c *clause) [2]int32 { return c.age }, func(c *clause) [2]int32 { return c.children },
	func(c *clause) [2]int32 { return c.months }, func(c *clause) [2]int32 { return c.learning },
}

func (d *dense) stretches(ends func(*clause) [2]int32) (i intervals) {
	d.eachClause(d.model, func(_ int, c *clause) {
		e := ends(c)
		i.starts = append(i.starts, e[0])
		if e[1] < 1<<31-1 {
			i.starts = append(i.starts, e[1]+1)
		}
	})
	slices.Sort(i.starts)
	i.starts = slices.Compact(i.starts)
	i.holds = d.many(len(i.starts)+1, ^uint64(0))
	d.eachClause(d.model, func(row int, c *clause) {
		e := ends(c)
		for at := range i.holds {
			first := int32(-1 << 31)
			if at > 0 {
				first = i.starts[at-1]
			}
			if first < e[0] || first > e[1] {
				clearBit(i.holds[at], row)
			}
		}
	})
	return i
}

func (d *dense) find(p *person, list []found) []found {
	var places, needs, hold, ban, lack [32][]uint64
	at, an, ah, ab, al := 0, 0, 0, 0, 0
	for _, area := range p.path {
		places[at] = d.areas[area]
		at++
	}
	places[at] = d.online
	at++
	for _, need := range p.needs {
		needs[an] = d.needs[need]
		an++
	}
	and := func(said uint16, bitmap func() []uint64) {
		switch holds := d.has[said]; {
		case holds == nil:
		case p.said&said != 0:
			hold[ah] = bitmap()
			ah++
		default:
			lack[al] = holds
			al++
		}
	}
	if d.has[hasStatus] != nil || d.has[hasNotStatus] != nil {
		if p.said&hasStatus != 0 {
			hold[ah] = d.status[bits.TrailingZeros16(p.status)]
			ah++
		} else {
			for _, field := range []uint16{hasStatus, hasNotStatus} {
				if d.has[field] != nil {
					lack[al] = d.has[field]
					al++
				}
			}
		}
	}
	and(hasGender, func() []uint64 { return d.gender[bits.TrailingZeros8(p.gender)] })
	and(hasAge, func() []uint64 { return d.ranges[0].of(p.age) })
	and(hasChildren, func() []uint64 { return d.ranges[1].of(p.children) })
	and(hasMonths, func() []uint64 { return d.ranges[2].of(p.months) })
	and(hasLearning, func() []uint64 { return d.ranges[3].of(p.learning) })
	if p.said&hasLanguages != 0 {
		for language, holds := range d.levels {
			hold[ah] = holds[p.levels[language]]
			ah++
		}
	} else if d.has[hasLanguages] != nil {
		lack[al] = d.has[hasLanguages]
		al++
	}
	if p.said&hasRegistrations != 0 {
		for i := range d.requires {
			if d.has[hasRegistrations] != nil && p.registrations>>i&1 == 0 {
				ban[ab] = d.requires[i]
				ab++
			}
		}
	} else if d.has[hasRegistrations] != nil {
		lack[al] = d.has[hasRegistrations]
		al++
	}
	// Any of: the rows of which one is met, and, of occupations, those of which one may be.
	var some, yes, maybe [][]uint64
	speaks, jobs := d.has[hasSpeaks], d.has[hasOccupation]
	if p.said&hasSpeaks != 0 {
		for language, b := range d.speaks {
			if p.levels[language] >= 3 {
				some = append(some, b)
			}
		}
	} else if speaks != nil {
		lack[al] = speaks
		al++
		speaks = nil
	}
	if p.said&hasOccupation != 0 {
		for job, b := range d.jobs {
			if strings.HasPrefix(p.occupation, job) {
				yes = append(yes, b)
			} else if strings.HasPrefix(job, p.occupation) {
				maybe = append(maybe, b)
			}
		}
	} else if jobs != nil {
		lack[al] = jobs
		al++
		jobs = nil
	}
	out := rows{person: p, table: &d.table, list: list, service: 1<<32 - 1}
	for w := range d.words {
		c := uint64(0)
		for _, b := range places[:at] {
			c |= b[w]
		}
		if c &= d.alive[w]; c == 0 {
			continue
		}
		n := uint64(0)
		for _, b := range needs[:an] {
			n |= b[w]
		}
		c &= n
		for _, b := range hold[:ah] {
			c &= b[w]
		}
		for _, b := range ban[:ab] {
			c &^= b[w]
		}
		if c == 0 {
			continue
		}
		lacks := uint64(0)
		for _, b := range lack[:al] {
			lacks |= b[w]
		}
		if speaks != nil && speaks[w]&c != 0 {
			c &= ^speaks[w] | union(some, w)
		}
		if jobs != nil && jobs[w]&c != 0 {
			met := union(yes, w)
			open := union(maybe, w) &^ met
			c &= ^jobs[w] | met | open
			lacks |= open
		}
		for ; c != 0; c &= c - 1 {
			row := w*64 + bits.TrailingZeros64(c)
			out.add(row, lacks>>(row%64)&1 != 0)
		}
	}
	out.flush()
	return out.list
}

// rows brings the rows of a service, which follow each other, together.
type rows struct {
	*person
	*table
	list    []found
	service uint32
	decides int
	verdict eligibility.Verdict
}

func (r *rows) add(row int, lacks bool) {
	verdict := eligibility.True
	if lacks {
		verdict = eligibility.Unknown
	}
	if service := r.rowService[row]; service != r.service {
		r.flush()
		r.service, r.verdict, r.decides = service, verdict, int(r.rowClause[row])
	} else if verdict > r.verdict {
		r.verdict, r.decides = verdict, int(r.rowClause[row])
	}
}

func (r *rows) flush() {
	if r.verdict == eligibility.False {
		return
	}
	if r.verdict == eligibility.Unknown && len(r.services[r.service].clauses) > 1 {
		_, r.decides = r.judge(&r.services[r.service]) // which lacks the fewest
	}
	r.list = r.person.add(r.list, r.service, r.verdict, r.decides)
}

func union(bitmaps [][]uint64, w int) (word uint64) {
	for _, b := range bitmaps {
		word |= b[w]
	}
	return word
}
