package figures

import (
	"cmp"
	"slices"
)

// An Authority is what is known of one from the catalogue.
type Authority struct {
	Name   string
	Region string   // the first-level area that all its services are for; the country's code if they are for several
	Needs  []string // that its services are for
}

// Around is what a release says of the groups that are counted, all of it from the catalogue.
type Around struct {
	Country     string               // ISO 3166-1 alpha-2
	Authorities map[string]Authority // by id
	Regions     []string             // first-level areas, and the country
	Needs       []string             // of codes.Needs
}

// region is where an authority is counted: one that has gone from the catalogue in the country.
func (a Around) region(authority string) string {
	if known, ok := a.Authorities[authority]; ok {
		return known.Region
	}
	return a.Country
}

// Publish gives what may be published of the counts of a quarter: its tables. k is K, but for tests.
func Publish(counts *Counts, around Around, k int) []Table {
	answer := table(counts, around, k, Answer, nil)
	tables := []Table{answer.release(around)}
	for _, measure := range Measures[1:] {
		var under *tabled
		if measure == Time || measure == Reason {
			under = &answer // the same cases again: what was put together there stays together
		}
		made := table(counts, around, k, measure, under)
		tables = append(tables, made.release(around))
	}
	return tables
}

// tabled is a table in the making.
type tabled struct {
	measure    Measure
	categories [][]string
	all        block
	regions    []block
	leaves     []leaf // the authorities, as far as they are told apart: each case is in one of them
	needs      []block
}

// A leaf is an authority, or several put together, in a region; Other: in those that were put together.
type leaf struct {
	region string
	block
}

// shown tells whether anything is published.
func (t *tabled) shown() bool { return len(t.categories) > 0 }

// table works out what is published by a measure. under is the table of Answer for what is counted of the same cases.
func table(counts *Counts, around Around, k int, measure Measure, under *tabled) tabled {
	t := tabled{measure: measure}
	if under != nil && !under.shown() {
		return t
	}
	rows := rowsOf(counts, measure, under)
	t.categories = categoriesOf(rows, measure, k)
	t.all = block{code: All, rows: into(rows, t.categories)}
	safe := safety{k: k}
	if !safe.group(t.all.rows) {
		return tabled{measure: measure}
	}
	t.divide(around, safe, under)
	var needs []block
	if under != nil {
		needs = under.needs
	}
	t.needs = apart(by(t.all.rows, func(r row) string { return r.need }), safe, needs)
	for !safe.cross(t.leaves, t.needs) {
		t.needs = fewer(t.needs)
	}
	return t
}

// divide tells regions apart and, in each, authorities.
func (t *tabled) divide(around Around, safe safety, under *tabled) {
	regionOf := func(r row) string { return around.region(r.authority) }
	var before []block
	if under != nil {
		before = under.regions
	}
	t.regions = apart(by(t.all.rows, regionOf), safe, before)
	for _, region := range t.regions {
		parts := []block{{code: Other, rows: region.rows}} // of regions put together nothing more is told
		if region.code != Other {
			var known []block
			if under != nil {
				known = under.authorities(region.code)
			}
			parts = apart(by(region.rows, func(r row) string { return r.authority }), safe, known)
		}
		for _, part := range parts {
			t.leaves = append(t.leaves, leaf{region.code, part})
		}
	}
}

// authorities are the leaves of a region.
func (t *tabled) authorities(region string) (blocks []block) {
	for _, one := range t.leaves {
		if one.region == region {
			blocks = append(blocks, one.block)
		}
	}
	return blocks
}

// rowsOf gathers the counts of a measure by authority and need. Of what Answer leaves out nothing is counted again.
func rowsOf(counts *Counts, measure Measure, under *tabled) []row {
	type key struct{ authority, need string }
	found := map[key]map[string]Tally{}
	for c, tally := range counts.cells {
		if c.Measure != measure || c.Within != "" && !under.has(c.Within) {
			continue
		}
		at := key{c.Authority, c.Need}
		if found[at] == nil {
			found[at] = map[string]Tally{}
		}
		sum := found[at][c.Category]
		found[at][c.Category] = Tally{sum.Cases + tally.Cases, sum.Parts + tally.Parts}
	}
	rows := make([]row, 0, len(found))
	for at, tallies := range found {
		rows = append(rows, row{authority: at.authority, need: at.need, said: tallies})
	}
	slices.SortFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.authority, b.authority), cmp.Compare(a.need, b.need))
	})
	return rows
}

// has tells whether a category is published by itself.
func (t *tabled) has(code string) bool {
	return t != nil && slices.ContainsFunc(t.categories, func(codes []string) bool { return slices.Equal(codes, []string{code}) })
}

// release writes the table down, with a row for each group that is not shown.
func (t *tabled) release(around Around) Table {
	made := Table{Measure: t.measure, Categories: []Category{}}
	for _, codes := range t.categories {
		made.Categories = append(made.Categories, Category{codes})
	}
	if !t.shown() {
		made.Rows = []Row{{Dimension: ByAll, Group: All, Reason: Small}}
		return made
	}
	add := func(dimension string, b block, region string) {
		r := Row{Dimension: dimension, Group: b.code, Region: region, Counts: b.cases()}
		if dimension == ByAuthority && b.code != Other {
			r.Name = around.Authorities[b.code].Name
		}
		made.Rows = append(made.Rows, r)
	}
	hide := func(dimension string, codes []string) {
		for _, code := range codes {
			if slices.ContainsFunc(made.Rows, func(r Row) bool { return r.Dimension == dimension && r.Group == code }) {
				continue
			}
			r := Row{Dimension: dimension, Group: code, Reason: Small}
			if dimension == ByAuthority {
				r.Name, r.Region = around.Authorities[code].Name, around.region(code)
			}
			made.Rows = append(made.Rows, r)
		}
	}
	add(ByAll, t.all, "")
	for _, b := range apartFrom(t.regions) {
		add(ByRegion, b, "")
	}
	hide(ByRegion, around.Regions)
	for _, region := range t.regions {
		for _, b := range apartFrom(t.authorities(region.code)) {
			add(ByAuthority, b, region.code)
		}
	}
	authorities := make([]string, 0, len(around.Authorities))
	for id := range around.Authorities {
		authorities = append(authorities, id)
	}
	slices.Sort(authorities)
	hide(ByAuthority, authorities)
	for _, b := range apartFrom(t.needs) {
		add(ByNeed, b, "")
	}
	hide(ByNeed, append(slices.Clone(around.Needs), Several))
	return made
}

// apartFrom are blocks that say more than all of them together.
func apartFrom(blocks []block) []block {
	if len(blocks) == 1 && blocks[0].code == Other {
		return nil
	}
	return blocks
}
