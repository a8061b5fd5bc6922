package hsds

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/miict/immerse/shared/catalogue"
)

// root is the path of the API.
const root = "/hsds"

const methods = "GET, HEAD, OPTIONS"

type handlerFunc func(h *Handler, directory *catalogue.Directory, r request) response

// A list is a collection of the API: what it is called, what is in it and what may be asked of it.
type list struct {
	name string
	kind catalogue.Kind
	asks []string // parameters
}

// linked tells whether the list is given as linked data, too.
func (l list) linked() bool { return l.kind == catalogue.Service || l.kind == catalogue.Organization }

// paging are the parameters that every list has.
var paging = []string{"page", "per_page", "format", "search"}

var lists = []list{
	{"services", catalogue.Service, []string{"taxonomy_term_id", "taxonomy_id", "organization_id", "modified_after", "minimal", "full"}},
	{"organizations", catalogue.Organization, []string{"full_service", "full"}},
	{"taxonomies", catalogue.Taxonomy, nil},
	{"taxonomy_terms", catalogue.TaxonomyTerm, []string{"taxonomy_id", "top_only", "parent_id"}},
	{"service_at_locations", catalogue.ServiceAtLocation, []string{
		"taxonomy_term_id", "taxonomy_id", "organization_id", "modified_after", "full", "postcode", "proximity",
	}},
}

// route finds what answers a request and notes in it how it got there. A nil function is for a path that leads nowhere;
// allowed is false for a method that changes things.
func route(r *request) (handle handlerFunc, allowed bool) {
	allowed = r.method == http.MethodGet || r.method == http.MethodHead
	below, ok := strings.CutPrefix(strings.TrimSuffix(r.path, "/"), root)
	parts := strings.Split(strings.TrimPrefix(below, "/"), "/")
	switch {
	case !ok || below != "" && below[0] != '/' || len(parts) > 2:
		return nil, false
	case below == "":
		r.route = root
		return (*Handler).about, allowed
	case below == "/"+descriptionFile:
		r.route = root + below
		return (*Handler).describe, allowed
	}
	at := slices.IndexFunc(lists, func(l list) bool { return l.name == parts[0] })
	if at < 0 {
		return nil, false
	}
	r.list, r.route = lists[at], root+"/"+parts[0]
	if len(parts) == 1 {
		return (*Handler).many, allowed
	}
	id, err := url.PathUnescape(parts[1])
	if err != nil {
		return nil, false
	}
	r.id, r.route = id, r.route+"/{id}"
	return (*Handler).one, allowed
}
