package percolate

import (
	"math/bits"
	"slices"
)

// A set of people as bits. All sets of an index are of one length.
type set []uint64

func newSet(people int) set { return make(set, (people+63)/64) }

func (s set) add(id uint32)   { s[id/64] |= 1 << (id % 64) }
func (s set) has(id int) bool { return s[id/64]&(1<<(id%64)) != 0 }
func (s set) clear()          { clear(s) }
func (s set) empty() bool {
	return !slices.ContainsFunc(s, func(word uint64) bool { return word != 0 })
}

func (s set) unite(other set) {
	for i, word := range other {
		s[i] |= word
	}
}

func (s set) intersect(other set) {
	for i, word := range other {
		s[i] &= word
	}
}

func (s set) subtract(other set) {
	for i, word := range other {
		s[i] &^= word
	}
}

// each gives the members, ascending.
func (s set) each(give func(id int)) {
	for i, word := range s {
		for ; word != 0; word &= word - 1 {
			give(i*64 + bits.TrailingZeros64(word))
		}
	}
}

// A posting has the people of one value: as a list, and once all are there as bits too, if those are quicker to unite. The
// zero value and nil have nobody.
type posting struct {
	list []uint32
	bits set
}

// pack makes the bits, where the list is longer than they are.
func (p *posting) pack(people int) {
	if words := (people + 63) / 64; p == nil || len(p.list) <= words {
		return
	}
	p.bits = newSet(people)
	for _, id := range p.list {
		p.bits.add(id)
	}
}

// addTo adds the people to a set.
func (p *posting) addTo(s set) {
	switch {
	case p == nil:
	case p.bits != nil:
		s.unite(p.bits)
	default:
		for _, id := range p.list {
			s.add(id)
		}
	}
}

// addOthersTo adds everybody else. What lies beyond the last person is nobody, and the next intersection with people takes
// it away.
func (p *posting) addOthersTo(s set) {
	others := make(set, len(s))
	p.addTo(others)
	for i, word := range others {
		s[i] |= ^word
	}
}

// postings by value.
type postings map[string]*posting

func (p postings) add(value string, id uint32) {
	one := p[value]
	if one == nil {
		one = &posting{}
		p[value] = one
	}
	one.list = append(one.list, id)
}

func (p postings) pack(people int) {
	for _, one := range p {
		one.pack(people)
	}
}
