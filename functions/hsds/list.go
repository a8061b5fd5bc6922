package hsds

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/catalogue"
	"github.com/miict/immerse/shared/catalogue/linked"
)

// A page is HSDS's envelope of a list.
type page struct {
	TotalItems int                `json:"total_items"`
	TotalPages int                `json:"total_pages"`
	PageNumber int                `json:"page_number"`
	Size       int                `json:"size"`
	FirstPage  bool               `json:"first_page"`
	LastPage   bool               `json:"last_page"`
	Empty      bool               `json:"empty"`
	Contents   []catalogue.Object `json:"contents"`
}

// many answers with a page of a list, or with all of it as lines.
func (h *Handler) many(directory *catalogue.Directory, r request) response {
	p, problems := r.parameters(false)
	if len(problems) > 0 {
		return h.refuse(r, http.StatusBadRequest, "bad_parameters", problems...)
	}
	found := directory.Find(r.list.kind, p.Question)
	if p.format == formatNDJSON && !p.paged {
		p.perPage = 0
	}
	if p.perPage == 0 && !p.minimal && found.Len() > mostAtOnce {
		return h.refuse(r, http.StatusBadRequest, "bad_parameters",
			application.Problem{Field: "per_page", Code: "answer_too_large", Params: map[string]any{"size": found.Len()}})
	}
	answer := cut(found, p)
	if !p.minimal && !readable(answer.part) {
		return h.unavailable(r, errDamaged)
	}
	for _, entry := range answer.part {
		if isLinked(p.format) {
			break // which shows entries in its own way
		}
		answer.Contents = append(answer.Contents, show(directory, entry, p))
	}
	headers := map[string]string{}
	if links := answer.links(h.BaseURL+r.route, r.query); links != "" {
		headers["Link"] = links
	}
	body := h.write(directory, answer, p)
	if tooLarge(body, r) {
		return h.refuse(r, http.StatusBadRequest, "bad_parameters",
			application.Problem{Field: "per_page", Code: "answer_too_large", Params: map[string]any{"size": answer.Size}})
	}
	return answered(body, p.format, headers)
}

// mostAtOnce is how many entries an answer has that isn't cut into pages: each is read and shown in some 0.2 ms of a whole
// processor, of which the function has less than a third, and more than 10 seconds of nobody.
const mostAtOnce = 10_000

// errDamaged is for an entry whose document can't be read, although every section is what was published.
var errDamaged = errors.New("an entry of the directory can't be read")

func readable(entries []*catalogue.Entry) bool {
	return !slices.ContainsFunc(entries, func(e *catalogue.Entry) bool { return e.Object() == nil })
}

// cutting is a page of what was found.
type cutting struct {
	page
	part []*catalogue.Entry
}

// cut takes the page asked for. A page behind the last one is empty.
func cut(found catalogue.List, p parameters) cutting {
	perPage := p.perPage
	if perPage == 0 {
		perPage = max(found.Len(), 1)
	}
	pages := (found.Len() + perPage - 1) / perPage
	from := found.Len()
	if p.page <= pages {
		from = (p.page - 1) * perPage
	}
	part := found.Part(from, min(from+perPage, found.Len()))
	return cutting{page{
		TotalItems: found.Len(), TotalPages: pages, PageNumber: p.page, Size: len(part), FirstPage: p.page == 1,
		LastPage: p.page >= pages, Empty: len(part) == 0, Contents: []catalogue.Object{},
	}, part}
}

// links lead to the pages around this one (RFC 8288).
func (c cutting) links(address string, query url.Values) string {
	to := func(number int, relation string) string {
		values := url.Values{}
		for name, value := range query {
			values[name] = value
		}
		values.Set("page", strconv.Itoa(number))
		return "<" + address + "?" + values.Encode() + `>; rel="` + relation + `"`
	}
	var links []string
	if c.PageNumber > 1 && c.PageNumber <= c.TotalPages+1 {
		links = append(links, to(c.PageNumber-1, "prev"))
	}
	if c.PageNumber < c.TotalPages {
		links = append(links, to(c.PageNumber+1, "next"))
	}
	return strings.Join(links, ", ")
}

// show gives an entry as it was asked for. "modified_date" is what the specification's parameter promises, "last_modified"
// what its schema calls it.
func show(directory *catalogue.Directory, entry *catalogue.Entry, p parameters) catalogue.Object {
	if !p.minimal {
		return directory.Show(entry, p.view)
	}
	minimal := catalogue.Object{{Name: "id", Value: catalogue.JSON(entry.ID)}}
	if modified := entry.Modified(); modified != nil {
		minimal = append(minimal, catalogue.Member{Name: "modified_date", Value: modified}, catalogue.Member{Name: "last_modified", Value: modified})
	}
	return minimal
}

// write writes a page in the format asked for.
func (h *Handler) write(directory *catalogue.Directory, c cutting, p parameters) []byte {
	switch p.format {
	case formatCPSV:
		return h.linked(directory).CPSV(c.part)
	case formatSchema:
		return h.linked(directory).SchemaOrg(c.part)
	case formatNDJSON:
		var lines []byte
		for _, object := range c.Contents {
			lines = append(append(lines, object.Bytes()...), '\n')
		}
		return lines
	}
	return catalogue.JSON(c.page)
}

func (h *Handler) linked(directory *catalogue.Directory) linked.Publisher {
	return linked.Publisher{
		Directory: directory, Base: h.BaseURL + root, Country: h.Pack.Code, Lang: h.Pack.Languages[0], Area: h.Pack.Areas.NameIn,
	}
}
