package figures

import (
	"cmp"
	"maps"
	"slices"
)

// categoriesOf settles what cases of the whole country are counted as. Of Answer, Outcome and Rating, what is too small is left out of
// everything: no sum that is published has it. Time and Reason divide sums that Answer publishes, so that what is too
// small there is put to others: times to their neighbours.
func categoriesOf(rows []row, measure Measure, k int) [][]string {
	have := map[string]bool{}
	for _, r := range rows {
		for code := range r.said {
			have[code] = true
		}
	}
	codes := order(measure, have)
	single := make([][]string, len(codes))
	for i, code := range codes {
		single[i] = []string{code}
	}
	enough := func(codes []string) bool { return people(into(rows, [][]string{codes}), 0) >= k }
	switch measure {
	case Time:
		return neighbours(single, enough)
	case Reason:
		return together(single, rows, enough)
	default:
		return slices.DeleteFunc(single, func(codes []string) bool { return !enough(codes) })
	}
}

// order gives the codes that there are in the order in which they are told: those of a fixed order by it, others by the alphabet.
func order(measure Measure, have map[string]bool) []string {
	codes := slices.Sorted(maps.Keys(have))
	fixed := map[Measure][]string{Answer: Answers, Time: Times}[measure]
	slices.SortStableFunc(codes, func(a, b string) int {
		return cmp.Compare(slices.Index(fixed, a), slices.Index(fixed, b))
	})
	return codes
}

// neighbours puts what is too small to what comes before it, and the first to what comes after.
func neighbours(groups [][]string, enough func([]string) bool) [][]string {
	for len(groups) > 1 {
		small := -1
		for i, codes := range groups {
			if !enough(codes) {
				small = i
			}
		}
		if small < 0 {
			break
		}
		to := max(small-1, 0)
		groups = slices.Replace(groups, to, to+2, slices.Concat(groups[to], groups[to+1]))
	}
	return groups
}

// together puts all that are too small into one, with the next smallest if that is needed.
func together(groups [][]string, rows []row, enough func([]string) bool) [][]string {
	size := func(codes []string) int { return block{rows: into(rows, [][]string{codes})}.size() }
	slices.SortStableFunc(groups, func(a, b []string) int { return cmp.Compare(size(b), size(a)) })
	kept := slices.Clone(groups)
	var rest []string
	for len(kept) > 0 && (!enough(kept[len(kept)-1]) || len(rest) > 0 && !enough(rest)) {
		rest = append(rest, kept[len(kept)-1]...)
		kept = kept[:len(kept)-1]
	}
	if len(rest) > 0 {
		slices.Sort(rest)
		kept = append(kept, rest)
	}
	return kept
}

// into counts rows by categories.
func into(rows []row, categories [][]string) []row {
	made := make([]row, len(rows))
	for i, r := range rows {
		r.tallies = make([]Tally, len(categories))
		for c, codes := range categories {
			for _, code := range codes {
				r.tallies[c].Cases += r.said[code].Cases
				r.tallies[c].Parts += r.said[code].Parts
			}
		}
		made[i] = r
	}
	return made
}
