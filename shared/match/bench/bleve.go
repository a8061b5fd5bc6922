package main

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/search/query"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/eligibility"
)

// A searcher is a full-text index in memory with a document for each clause, whose terms are its needs, its places, and
// whatever rules somebody out. "Any of" (languages spoken, occupations) is looked at afterwards, as it is rare.
type searcher struct {
	*model
	table
	index bleve.Index
	cuts  [4][]int32 // starts of the stretches of numbers
}

func newSearcher(d *dense) (*searcher, error) {
	m := bleve.NewIndexMapping()
	m.DefaultAnalyzer = keyword.Name
	m.StoreDynamic, m.DocValuesDynamic = false, false
	document := bleve.NewDocumentStaticMapping()
	for _, name := range []string{"need", "place", "not"} {
		field := bleve.NewKeywordFieldMapping()
		field.Store, field.IncludeTermVectors, field.IncludeInAll, field.DocValues = false, false, false, false
		document.AddFieldMappingsAt(name, field)
	}
	m.DefaultMapping = document
	index, err := bleve.NewUsing("", m, scorch.Name, scorch.Name, nil)
	if err != nil {
		return nil, err
	}
	s := &searcher{model: d.model, table: d.table, index: index}
	for i := range d.ranges {
		s.cuts[i] = d.ranges[i].starts
	}
	return s, s.fill()
}

func (s *searcher) fill() error {
	batch := s.index.NewBatch()
	for row, service := range s.rowService {
		r := &s.services[service]
		var needs, places []string
		for need, code := range codes.Needs {
			if r.needs>>need&1 != 0 {
				needs = append(needs, code)
			}
		}
		for _, area := range r.areas {
			places = append(places, strconv.Itoa(int(area)))
		}
		if r.online {
			places = append(places, "online")
		}
		var not []string
		if s.fresh[r.date] < 0 {
			not = append(not, "expired")
		}
		if s.rowClause[row] >= 0 {
			not = append(not, s.bars(&r.clauses[s.rowClause[row]])...)
		}
		if err := batch.Index(strconv.Itoa(row), map[string]any{"need": needs, "place": places, "not": not}); err != nil {
			return err
		}
		if batch.Size() >= 20_000 {
			if err := s.index.Batch(batch); err != nil {
				return err
			}
			batch.Reset()
		}
	}
	return s.index.Batch(batch)
}

// bars names what rules somebody out of a clause.
func (s *searcher) bars(c *clause) (not []string) {
	for i := range codes.LegalStatuses {
		if c.has&hasStatus != 0 && c.status>>i&1 == 0 || c.notStatus>>i&1 != 0 {
			not = append(not, fmt.Sprint("status", i))
		}
	}
	for i := range codes.Genders {
		if c.has&hasGender != 0 && c.gender>>i&1 == 0 {
			not = append(not, fmt.Sprint("gender", i))
		}
	}
	for i := range codes.Registrations {
		if c.registrations>>i&1 != 0 {
			not = append(not, fmt.Sprint("without", i))
		}
	}
	for i, field := range []uint16{hasAge, hasChildren, hasMonths, hasLearning} {
		if c.has&field == 0 {
			continue
		}
		e := rangesOf[i](c)
		for at := range len(s.cuts[i]) + 1 {
			first := int32(-1 << 31)
			if at > 0 {
				first = s.cuts[i][at-1]
			}
			if first < e[0] || first > e[1] {
				not = append(not, fmt.Sprint("n", i, "-", at))
			}
		}
	}
	for _, b := range c.languages {
		for level := range codes.Levels {
			if level < int(b.low) || level > int(b.high) {
				not = append(not, fmt.Sprint("l", b.language, "-", level))
			}
		}
	}
	return not
}

func terms(field string, values ...string) *query.DisjunctionQuery {
	any := bleve.NewDisjunctionQuery()
	for _, value := range values {
		term := bleve.NewTermQuery(value)
		term.SetField(field)
		any.AddQuery(term)
	}
	return any
}

func (s *searcher) find(p *person, list []found) []found {
	places := []string{"online"}
	for _, area := range p.path {
		places = append(places, strconv.Itoa(int(area)))
	}
	not := []string{"expired"}
	bar := func(said uint16, values ...string) {
		if p.said&said != 0 {
			not = append(not, values...)
		}
	}
	for i := range codes.LegalStatuses {
		if p.status>>i&1 != 0 {
			bar(hasStatus, fmt.Sprint("status", i))
		}
	}
	for i := range codes.Genders {
		if p.gender>>i&1 != 0 {
			bar(hasGender, fmt.Sprint("gender", i))
		}
	}
	for i := range codes.Registrations {
		if p.registrations>>i&1 == 0 {
			bar(hasRegistrations, fmt.Sprint("without", i))
		}
	}
	for i, field := range []uint16{hasAge, hasChildren, hasMonths, hasLearning} {
		value := []int32{p.age, p.children, p.months, p.learning}[i]
		cuts := intervals{starts: s.cuts[i]}
		bar(field, fmt.Sprint("n", i, "-", cuts.place(value)))
	}
	for language, level := range p.levels {
		bar(hasLanguages, fmt.Sprint("l", language, "-", level))
	}
	q := bleve.NewBooleanQuery()
	q.AddMust(terms("need", p.profile.Needs...), terms("place", places...))
	q.AddMustNot(terms("not", not...))
	request := bleve.NewSearchRequestOptions(q, len(s.rowService), 0, false)
	request.Score = "none"
	result, err := s.index.Search(request)
	if err != nil {
		panic(err)
	}
	hits := make([]int, len(result.Hits))
	for i, hit := range result.Hits {
		hits[i], _ = strconv.Atoi(hit.ID)
	}
	slices.Sort(hits)
	out := rows{person: p, table: &s.table, list: list, service: 1<<32 - 1}
	for _, row := range hits {
		verdict := eligibility.True
		if clause := s.rowClause[row]; clause >= 0 {
			verdict, _ = p.clause(&s.services[s.rowService[row]].clauses[clause])
		}
		if verdict != eligibility.False {
			out.add(row, verdict == eligibility.Unknown)
		}
	}
	out.flush()
	return out.list
}
