package hsds

import (
	"slices"
	"strconv"
	"strings"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/catalogue"
)

// How many entries a page has: unless asked, and at most.
const (
	pageSize = 50
	maxPage  = 1000
	longest  = 200 // of what is looked for, in bytes
)

// parameters are what a request asks for.
type parameters struct {
	catalogue.Question
	page, perPage int
	paged         bool // page or per_page was given
	format        string
	minimal       bool
	view          catalogue.View
}

// reader reads parameters and gathers what is wrong with them.
type reader struct {
	request
	problems []application.Problem
}

// parameters reads all that may be asked of a list or, with one, of one of its entries. Names that HSDS doesn't know are
// passed over, as everywhere on the web; what we know and can't do is refused, since the answer would be another one.
func (r request) parameters(one bool) (p parameters, problems []application.Problem) {
	known := slices.Concat(paging, r.list.asks)
	if one {
		known = []string{"format", "full_service"}
	}
	in := &reader{request: r}
	has := func(name string) bool { return slices.Contains(known, name) && in.given(name) }
	p.page, p.perPage, p.format = 1, pageSize, acceptable(r.headers["accept"])
	if isLinked(p.format) && !r.list.linked() {
		p.format = formatJSON // what there is
	}
	if has("page") {
		p.page, p.paged = in.whole("page", 1_000_000_000), true
	}
	if has("minimal") {
		p.minimal = in.truth("minimal")
	}
	if has("per_page") {
		p.perPage, p.paged = in.whole("per_page", maxPage), true
	} else if p.minimal {
		p.perPage = 0 // all within one page
	}
	if has("format") {
		p.format = in.format()
	}
	if has("modified_after") {
		if at, ok := catalogue.ParseTime(strings.ReplaceAll(in.query.Get("modified_after"), " ", "+")); ok {
			p.ModifiedAfter = at
		} else if at, ok := catalogue.ParseTime(in.query.Get("modified_after")); ok {
			p.ModifiedAfter = at
		} else {
			in.wrong("modified_after", "invalid_date", nil)
		}
	}
	for name, into := range map[string]*string{
		"search": &p.Search, "taxonomy_term_id": &p.TaxonomyTermID, "taxonomy_id": &p.TaxonomyID,
		"organization_id": &p.OrganizationID, "parent_id": &p.ParentID,
	} {
		if has(name) {
			*into = in.text(name)
		}
	}
	for _, name := range []string{"postcode", "proximity"} {
		if has(name) {
			in.wrong(name, "not_supported", nil)
		}
	}
	p.TopOnly = has("top_only") && in.truth("top_only")
	if has("full") && in.truth("full") {
		p.view = catalogue.Full
	}
	if has("full_service") && in.truth("full_service") {
		p.view = catalogue.FullServices
	}
	slices.SortFunc(in.problems, func(a, b application.Problem) int { return strings.Compare(a.Field, b.Field) })
	return p, in.problems
}

func (in *reader) wrong(name, code string, params map[string]any) {
	in.problems = append(in.problems, application.Problem{Field: name, Code: code, Params: params})
}

// given tells whether a parameter says something. An empty one asks for nothing, as forms send them.
func (in *reader) given(name string) bool {
	values := in.query[name]
	if len(values) > 1 {
		in.wrong(name, "duplicate", nil)
		return false
	}
	return len(values) == 1 && values[0] != ""
}

func (in *reader) whole(name string, most int) int {
	n, err := strconv.Atoi(in.query.Get(name))
	if err != nil || n < 1 || n > most {
		in.wrong(name, "out_of_range", map[string]any{"min": 1, "max": most})
		return 1
	}
	return n
}

func (in *reader) truth(name string) bool {
	switch strings.ToLower(in.query.Get(name)) {
	case "true", "1":
		return true
	case "false", "0":
		return false
	}
	in.wrong(name, "invalid_boolean", nil)
	return false
}

func (in *reader) text(name string) string {
	text := in.query.Get(name)
	if len(text) > longest {
		in.wrong(name, "too_long", map[string]any{"max": longest})
	}
	return text
}

func (in *reader) format() string {
	name := in.query.Get("format")
	if mediaOf(name) == "" || isLinked(name) && !in.list.linked() {
		in.wrong("format", "unknown_code", nil)
	}
	return name
}

func isLinked(format string) bool { return format == formatCPSV || format == formatSchema }
