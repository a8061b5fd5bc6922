package figures_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/miict/immerse/shared/figures"
)

// The attacker of these tests has what is published, knows which authority helps with which need and which region it is in, and
// nothing of how the numbers were made. It shares no code with what it attacks.

// world is a quarter that is made up: people with their cases.
type world struct {
	around figures.Around
	people [][]figures.Case
}

// draw makes a quarter. How likely what is differs from authority to authority, so that small groups are beside large ones.
func draw(t *rapid.T) world {
	dice := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	w := world{around: figures.Around{Authorities: map[string]figures.Authority{}, Needs: []string{"health", "legal", "work"}}}
	for i := range 1 + dice.IntN(3) {
		w.around.Regions = append(w.around.Regions, fmt.Sprint("R", i))
	}
	var ids []string
	for i := range 1 + dice.IntN(5) {
		id := fmt.Sprint("A", i)
		ids = append(ids, id)
		needs := slices.Clone(w.around.Needs)
		dice.Shuffle(len(needs), func(i, j int) { needs[i], needs[j] = needs[j], needs[i] })
		w.around.Authorities[id] = figures.Authority{Name: id, Region: one(dice, w.around.Regions), Needs: needs[:1+dice.IntN(2)]}
	}
	seldom := map[string]int{} // how seldom a code is, for an authority
	choose := func(id string, codes []string) string {
		for {
			code := one(dice, codes)
			if seldom[id+code] == 0 {
				seldom[id+code] = 1 + dice.IntN(6)
			}
			if dice.IntN(seldom[id+code]) == 0 {
				return code
			}
		}
	}
	for range dice.IntN(90) {
		var cases []figures.Case
		for _, i := range dice.Perm(len(ids))[:1+dice.IntN(min(2, len(ids)))] {
			cases = append(cases, w.someCase(ids[i], choose, dice.IntN(2) == 0))
		}
		w.people = append(w.people, cases)
	}
	return w
}

func (w world) someCase(id string, choose func(id string, codes []string) string, ended bool) figures.Case {
	answer := choose(id, figures.Answers)
	said := map[figures.Measure]string{figures.Answer: answer}
	if answer != figures.NoAnswer {
		said[figures.Time] = choose(id, figures.Times[:3])
	}
	if answer == figures.Declined {
		said[figures.Reason] = choose(id, reasons)
	}
	if answer == figures.Accepted && ended {
		said[figures.Outcome] = choose(id, []string{"helped", "not_helped"})
	}
	return figures.Case{Authority: id, Need: choose(id, w.around.Authorities[id].Needs), Said: said}
}

var reasons = []string{"no_capacity", "not_eligible", "other"}

func one(dice *rand.Rand, of []string) string { return of[dice.IntN(len(of))] }

func (w world) publish(k int) []figures.Table {
	var counts figures.Counts
	for _, cases := range w.people {
		counts.Add(cases)
	}
	return figures.Publish(&counts, w.around, k)
}

// group tells whether a case belongs to a row; told are the rows of the same table, by which it is known who the others are.
func (w world) group(row figures.Row, told []figures.Row) func(authority, need string) bool {
	shown := func(dimension, group string) bool {
		return slices.ContainsFunc(told, func(r figures.Row) bool { return r.Dimension == dimension && r.Group == group && r.Counts != nil })
	}
	return func(authority, need string) bool {
		region := w.around.Authorities[authority].Region
		regional := region == row.Region || row.Region == figures.Other && !shown(figures.ByRegion, region)
		switch {
		case row.Group == figures.All:
			return true
		case row.Dimension == figures.ByRegion:
			return region == row.Group || row.Group == figures.Other && !shown(figures.ByRegion, region)
		case row.Dimension == figures.ByNeed:
			return need == row.Group || row.Group == figures.Other && !shown(figures.ByNeed, need)
		case row.Group == figures.Other:
			return regional && !shown(figures.ByAuthority, authority)
		}
		return authority == row.Group
	}
}

// kind is what a case can be: one of each is unknown for every authority and need.
type kind struct{ authority, need, answer, time, reason string }

func (k kind) said(m figures.Measure) string {
	return map[figures.Measure]string{figures.Answer: k.answer, figures.Time: k.time, figures.Reason: k.reason}[m]
}

// kinds are all unknowns: what an authority can have by the catalogue.
func (w world) kinds() (all []kind) {
	for _, id := range slices.Sorted(maps.Keys(w.around.Authorities)) {
		for _, need := range w.around.Authorities[id].Needs {
			all = append(all, kind{id, need, "no_answer", "", ""})
			for _, time := range figures.Times[:3] {
				all = append(all, kind{id, need, "accepted", time, ""})
				for _, reason := range reasons {
					all = append(all, kind{id, need, "declined", time, reason})
				}
			}
		}
	}
	return all
}

// equations are everything that is published of answers, times and reasons, as sums of unknowns.
func (w world) equations(tables []figures.Table, kinds []kind) (sums [][]bool) {
	answered := map[string]bool{} // categories of Answer that are published: of the others nothing is counted
	for _, category := range tables[0].Categories {
		answered[category.Codes[0]] = true
	}
	for _, table := range tables[:3] {
		for _, row := range table.Rows {
			if row.Counts == nil {
				continue
			}
			in := w.group(row, table.Rows)
			for _, category := range table.Categories {
				sum := make([]bool, len(kinds))
				for i, k := range kinds {
					sum[i] = answered[k.answer] && in(k.authority, k.need) && slices.Contains(category.Codes, k.said(table.Measure))
				}
				sums = append(sums, sum)
			}
		}
	}
	return sums
}

// count is the truth, that the attacker wants.
func (w world) count(want func(kind) bool) (cases int) {
	for _, person := range w.people {
		for _, c := range person {
			if want(kind{c.Authority, c.Need, c.Said[figures.Answer], c.Said[figures.Time], c.Said[figures.Reason]}) {
				cases++
			}
		}
	}
	return cases
}

// prime is large enough that no sum of a test is 0 by chance.
const prime = 1_000_000_007

// span is what can be worked out by adding and subtracting sums: Gauss, modulo a prime.
type span struct{ rows [][]int64 }

func (s *span) reduce(v []int64) []int64 {
	for _, row := range s.rows {
		lead := slices.IndexFunc(row, func(x int64) bool { return x != 0 })
		if factor := v[lead]; factor != 0 {
			for i := range v {
				v[i] = ((v[i]-factor*row[i])%prime + prime) % prime
			}
		}
	}
	return v
}

func (s *span) add(sum []bool) {
	v := s.reduce(vector(sum))
	lead := slices.IndexFunc(v, func(x int64) bool { return x != 0 })
	if lead < 0 {
		return
	}
	inverse := power(v[lead], prime-2)
	for i := range v {
		v[i] = v[i] * inverse % prime
	}
	s.rows = append(s.rows, v)
}

func (s *span) has(sum []bool) bool {
	return !slices.ContainsFunc(s.reduce(vector(sum)), func(x int64) bool { return x != 0 })
}

func vector(sum []bool) []int64 {
	v := make([]int64, len(sum))
	for i, in := range sum {
		if in {
			v[i] = 1
		}
	}
	return v
}

func power(x int64, n int) int64 {
	y := int64(1)
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			y = y * x % prime
		}
		x = x * x % prime
	}
	return y
}

// targets are the groups that the attacker asks for: every one that has a name, alone and with every other.
func (w world) targets(t *rapid.T) map[string]func(kind) bool {
	targets := map[string]func(kind) bool{}
	places := map[string]func(kind) bool{"all": func(kind) bool { return true }}
	for _, region := range w.around.Regions {
		places[region] = func(k kind) bool { return w.around.Authorities[k.authority].Region == region }
	}
	for id := range w.around.Authorities {
		places[id] = func(k kind) bool { return k.authority == id }
	}
	ids := slices.Sorted(maps.Keys(w.around.Authorities))
	some := rapid.SliceOfDistinct(rapid.SampledFrom(ids), rapid.ID).Draw(t, "some")
	places["some"] = func(k kind) bool { return slices.Contains(some, k.authority) }
	for place, at := range places {
		for _, need := range append([]string{""}, w.around.Needs...) {
			for _, category := range slices.Concat([]string{""}, figures.Answers, figures.Times[:3], reasons) {
				targets[place+" "+need+" "+category] = func(k kind) bool {
					return at(k) && (need == "" || k.need == need) && (category == "" || slices.Contains([]string{k.answer, k.time, k.reason}, category))
				}
				for _, answer := range figures.Answers {
					targets[place+" "+need+" "+category+" "+answer] = func(k kind) bool {
						return targets[place+" "+need+" "+category](k) && k.answer == answer
					}
				}
			}
		}
	}
	return targets
}

// TestNoSmallGroupFollows: whatever is added up and subtracted of all that is published, it gives no number of a small group.
func TestNoSmallGroupFollows(t *testing.T) {
	shown := 0
	rapid.Check(t, func(t *rapid.T) {
		w := draw(t)
		k := rapid.IntRange(2, 5).Draw(t, "k")
		tables := w.publish(k)
		kinds := w.kinds()
		var known span
		for _, sum := range w.equations(tables, kinds) {
			known.add(sum)
		}
		for name, want := range w.targets(t) {
			sum := make([]bool, len(kinds))
			for i, k := range kinds {
				sum[i] = want(k)
			}
			if !known.has(sum) {
				continue
			}
			shown++
			if truth := w.count(want); truth > 0 && truth < k {
				t.Fatalf("%s: %d, which is below %d, follows from %+v", name, truth, k, tables)
			}
		}
	})
	if shown < 1000 {
		t.Errorf("only %d numbers could be worked out: nothing is published", shown)
	}
}

// TestNobodyIsSureOfASmallGroup: as numbers are whole and not below zero, more can be told than by subtraction. Of all worlds that
// are published the same, there is one in which a group is empty or large.
func TestNobodyIsSureOfASmallGroup(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := draw(t)
		const k = 3
		table := w.publish(k)[0]
		for i, category := range table.Categories {
			w.sure(t, table, i, category.Codes[0], k)
		}
	})
}

// sure looks for groups of a category of answers of which each world that is published the same has between 1 and k-1 cases.
func (w world) sure(t *rapid.T, table figures.Table, category int, code string, k int) {
	type edge struct{ authority, need string }
	var edges []edge
	for _, id := range slices.Sorted(maps.Keys(w.around.Authorities)) {
		for _, need := range w.around.Authorities[id].Needs {
			edges = append(edges, edge{id, need})
		}
	}
	var sums []sum
	for _, row := range table.Rows {
		if row.Counts == nil {
			continue
		}
		in := w.group(row, table.Rows)
		s := sum{total: row.Counts[category]}
		for _, e := range edges {
			s.of = append(s.of, in(e.authority, e.need))
		}
		sums = append(sums, s)
	}
	targets := map[string][]bool{}
	for name, in := range map[string]func(edge, edge) bool{
		"authority": func(e, f edge) bool { return e.authority == f.authority }, "need": func(e, f edge) bool { return e.need == f.need },
		"both": func(e, f edge) bool { return e == f },
		"region": func(e, f edge) bool {
			return w.around.Authorities[e.authority].Region == w.around.Authorities[f.authority].Region
		},
	} {
		for _, e := range edges {
			of := make([]bool, len(edges))
			for i, f := range edges {
				of[i] = in(e, f)
			}
			targets[fmt.Sprint(name, e)] = of
		}
	}
	for name, of := range targets {
		least, most := bounds(sums, of, k)
		if least > 0 && most < k {
			t.Fatalf("%s, %s: from %d to %d follows from %+v", name, code, least, most, table)
		}
	}
}

// sum is a number that is published: that of the unknowns that it is of.
type sum struct {
	total int
	of    []bool
}

// bounds looks through the worlds of the same sums: the least and the most of a group, as far as they are from 1 to k-1.
func bounds(sums []sum, target []bool, k int) (least, most int) {
	least, most = 1<<30, -1
	rest := make([]int, len(sums))
	for i, s := range sums {
		rest[i] = s.total
	}
	steps := 0
	var try func(at, got int) bool
	try = func(at, got int) bool {
		if steps++; steps > 200_000 {
			least, most = 0, k // too many worlds to look at: nobody is sure
			return true
		}
		if at == len(target) {
			if !slices.ContainsFunc(rest, func(r int) bool { return r != 0 }) {
				least, most = min(least, got), max(most, got)
			}
			return least == 0 || most >= k
		}
		limit := 1 << 30
		for i, s := range sums {
			if s.of[at] {
				limit = min(limit, rest[i])
			}
		}
		for i, s := range sums { // what nothing can fill any more is no world
			if rest[i] > 0 && !slices.Contains(s.of[at:], true) {
				return false
			}
		}
		for n := 0; n <= limit; n++ {
			value := n
			if target[at] {
				value = limit - n
			}
			for i, s := range sums {
				if s.of[at] {
					rest[i] -= value
				}
			}
			more := got
			if target[at] {
				more += value
			}
			done := try(at+1, more)
			for i, s := range sums {
				if s.of[at] {
					rest[i] += value
				}
			}
			if done {
				return true
			}
		}
		return false
	}
	try(0, 0)
	return least, most
}
