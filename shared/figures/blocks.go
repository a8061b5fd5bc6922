package figures

import (
	"cmp"
	"slices"
)

// A row is what is counted of an authority for a need: by category, and once that is settled by the place of each.
type row struct {
	authority, need string
	said            map[string]Tally
	tallies         []Tally
}

func (r row) cases() (sum int) {
	for _, t := range r.tallies {
		sum += t.Cases
	}
	return sum
}

// A block is a group that is told as one.
type block struct {
	code string
	rows []row
}

func (b block) size() (sum int) {
	for _, r := range b.rows {
		sum += r.cases()
	}
	return sum
}

// cases are the numbers of the block, by category.
func (b block) cases() []int {
	sums := make([]int, len(b.rows[0].tallies))
	for _, r := range b.rows {
		for i, t := range r.tallies {
			sums[i] += t.Cases
		}
	}
	return sums
}

// by puts rows together that have the same code, in the order of the codes. What has no cases is no group.
func by(rows []row, code func(row) string) (blocks []block) {
	for _, r := range rows {
		if r.cases() == 0 {
			continue
		}
		c := code(r)
		i := slices.IndexFunc(blocks, func(b block) bool { return b.code == c })
		if i < 0 {
			blocks, i = append(blocks, block{code: c}), len(blocks)
		}
		blocks[i].rows = append(blocks[i].rows, r)
	}
	slices.SortFunc(blocks, func(a, b block) int { return cmp.Compare(a.code, b.code) })
	return blocks
}

// safety decides what is large enough.
type safety struct{ k int }

// people are how many there are at least, of each category, in rows: what their cases weigh, or as many as one authority has cases,
// which are of one person each.
func people(rows []row, category int) int {
	parts, most := 0, 0
	perAuthority := map[string]int{}
	for _, r := range rows {
		t := r.tallies[category]
		parts += t.Parts
		perAuthority[r.authority] += t.Cases
		most = max(most, perAuthority[r.authority])
	}
	return max(parts/whole, most)
}

// none tells whether no category has between one and k-1 people, and how many have any.
func (s safety) none(rows []row) (small bool, filled int) {
	if len(rows) == 0 {
		return false, 0
	}
	for category := range rows[0].tallies {
		any := slices.ContainsFunc(rows, func(r row) bool { return r.tallies[category].Cases > 0 })
		if !any {
			continue
		}
		filled++
		small = small || people(rows, category) < s.k
	}
	return small, filled
}

// group tells whether rows may be told as a group: at least two categories have people, so that who knows that somebody is in the
// group doesn't learn what became of them, and each of these has k or more.
func (s safety) group(rows []row) bool {
	small, filled := s.none(rows)
	return !small && filled > 1
}

// apart tells blocks apart as far as each is a group, and puts the others together as Other, with the smallest of the groups if they
// are none otherwise. It gives a partition: whatever is worked out from it is a union of its blocks. What is not apart in
// before, unless that is nil, stays together.
func apart(blocks []block, safe safety, before []block) (parts []block) {
	other := block{code: Other}
	for _, b := range blocks {
		known := before == nil || slices.ContainsFunc(before, func(was block) bool { return was.code == b.code })
		if known && safe.group(b.rows) {
			parts = append(parts, b)
			continue
		}
		other.rows = append(other.rows, b.rows...)
	}
	for len(other.rows) > 0 && len(parts) > 0 && !safe.group(other.rows) {
		parts, other = pull(parts, other)
	}
	if len(other.rows) > 0 {
		parts = append(parts, other)
	}
	return parts
}

// pull puts the smallest of the parts to the others.
func pull(parts []block, other block) ([]block, block) {
	least := 0
	for i, b := range parts {
		if b.size() < parts[least].size() {
			least = i
		}
	}
	other.rows = append(other.rows, parts[least].rows...)
	return slices.Delete(slices.Clone(parts), least, least+1), other
}

// fewer puts the smallest group to the others.
func fewer(parts []block) []block {
	i := slices.IndexFunc(parts, func(b block) bool { return b.code == Other })
	other := block{code: Other}
	if i >= 0 {
		other = parts[i]
		parts = slices.Delete(slices.Clone(parts), i, i+1)
	}
	parts, other = pull(parts, other)
	return append(parts, other)
}
