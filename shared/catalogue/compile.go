package catalogue

import (
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"
)

// CompileDirectory makes a section of a snapshot: what a Directory finds entries by without reading their documents. It
// looks at every document; OpenDirectory at none. A document that can't be read is an error.
func CompileDirectory(documents Documents, words Words) ([]byte, error) {
	d := &draft{words: words, entries: map[Kind][]*drafted{}, byID: map[Kind]map[string]*drafted{}, split: map[string][]string{}}
	all := make([]document, documents.Len())
	for i := range all {
		kind, object, err := documents.Document(i)
		if err != nil {
			return nil, fmt.Errorf("document %d of the directory: %w", i, err)
		}
		all[i] = publishDocument(kind, object, words)
		d.add(kind, all[i].object, uint32(i))
	}
	d.addNeeds()
	for i := range all {
		eachNested(all[i].kind, all[i].object, func(kind Kind, o Object) bool {
			d.add(kind, o, uint32(i)) //nolint:gosec // a section has fewer
			return true
		})
	}
	return d.section()
}

// A draft is what a section is made of.
type draft struct {
	words   Words
	entries map[Kind][]*drafted
	byID    map[Kind]map[string]*drafted
	split   map[string][]string // words of texts that many entries have in common
}

type drafted struct {
	id     string
	from   uint32 // number of the document it stands in, or fromNeeds
	object Object
	facets []facet // of a service
}

// fromNeeds is for what no document says: the taxonomy of needs.
const fromNeeds = math.MaxUint32

// A facet is something that entries are found by.
type facet struct {
	kind  byte
	value string
}

// The kinds of facets.
const (
	facetWord         = 'w' // of its text
	facetTerm         = 't' // id of a taxonomy's term
	facetTaxonomy     = 'x' // id
	facetOrganization = 'o' // id of the one it belongs to
	facetParent       = 'p' // id
	facetTop          = 'n' // a term without a parent
	facetService      = 's' // id of the one that a place is of
)

// add makes an entry, unless there is one of the id.
func (d *draft) add(kind Kind, o Object, from uint32) {
	id := o.ID()
	if id == "" || !slices.Contains(addresses, kind) || d.byID[kind][id] != nil {
		return
	}
	if d.byID[kind] == nil {
		d.byID[kind] = map[string]*drafted{}
	}
	e := &drafted{id: id, from: from, object: o}
	d.byID[kind][id] = e
	d.entries[kind] = append(d.entries[kind], e)
}

// addNeeds adds the taxonomy of needs, if a service has any.
func (d *draft) addNeeds() {
	if !slices.ContainsFunc(d.entries[Service], func(e *drafted) bool { return e.object.Get("immerse") != nil }) {
		return
	}
	d.add(Taxonomy, needsTaxonomy(), fromNeeds)
	for _, need := range d.words.Needs {
		d.add(TaxonomyTerm, needTerm(need, d.words), fromNeeds)
	}
}

func (d *draft) find(kind Kind, id string) Object {
	if e := d.byID[kind][id]; e != nil {
		return e.object
	}
	return nil
}

// section writes the lists of all kinds; services first, as places have what their services are found by.
func (d *draft) section() ([]byte, error) {
	w := newSectionWriter()
	for _, kind := range addresses {
		entries := d.entries[kind]
		slices.SortFunc(entries, func(a, b *drafted) int { return strings.Compare(a.id, b.id) })
		lists := map[string][]uint32{}
		for i, e := range entries {
			for _, f := range d.describe(kind, e) {
				key, number := string(f.kind)+f.value, uint32(i)
				if list := lists[key]; len(list) == 0 || list[len(list)-1] != number {
					lists[key] = append(list, number)
				}
			}
		}
		w.table(len(entries), func(i int) []byte { return []byte(entries[i].id) })
		w.numbers(len(entries), func(i int) uint32 { return entries[i].from })
		w.table(len(entries), func(i int) []byte { return d.subject(kind, entries[i]).Get("last_modified") })
		for _, name := range []string{"name", "status"} {
			w.table(len(entries), func(i int) []byte {
				if kind != Service {
					return nil
				}
				return entries[i].object.Get(name)
			})
		}
		w.lists(lists)
	}
	return w.done()
}

// subject is what an entry is about: of a service at a location, the service.
func (d *draft) subject(kind Kind, e *drafted) Object {
	if kind == ServiceAtLocation {
		return d.find(Service, serviceID(e.object))
	}
	return e.object
}

// describe gives what an entry is found by.
func (d *draft) describe(kind Kind, e *drafted) []facet {
	o := e.object
	var found []facet
	for _, name := range []string{"name", "alternate_name", "description", "code"} {
		for word := range wordsOf(o.Text(name)) {
			found = append(found, facet{facetWord, word})
		}
	}
	switch kind { //nolint:exhaustive // the others have nothing of their own
	case Service:
		e.facets = d.describeService(o, found)
		return e.facets
	case ServiceAtLocation:
		found = append(found, facet{facetService, serviceID(o)})
		if service := d.byID[Service][serviceID(o)]; service != nil {
			found = append(found, service.facets...)
		}
		return found
	case TaxonomyTerm:
		found = append(found, facet{facetTaxonomy, taxonomyOf(d.find, o).ID()})
		if o.Text("parent_id") == "" {
			found = append(found, facet{facetTop, ""})
		}
	}
	return append(found, facet{facetParent, o.Text("parent_id")}, facet{facetOrganization, organizationID(o)})
}

func (d *draft) describeService(o Object, found []facet) []facet {
	id := organizationID(o)
	found = append(found, facet{facetOrganization, id}, facet{facetParent, o.Text("parent_id")})
	organization := d.find(Organization, id)
	common := []string{organization.Text("name"), organization.Text("alternate_name")}
	for _, attribute := range o.List("attributes") {
		if term := termOf(d.find, attribute); term != nil {
			common = append(common, term.Text("name"))
			found = append(found, facet{facetTerm, term.ID()}, facet{facetTaxonomy, taxonomyOf(d.find, term).ID()})
		}
	}
	for _, need := range textList(o.Object("immerse").Get("needs")) {
		common = append(common, d.words.Need(need)...)
	}
	for _, text := range common {
		words, ok := d.split[text]
		if !ok {
			words = slices.Collect(wordsOf(text))
			d.split[text] = words
		}
		for _, word := range words {
			found = append(found, facet{facetWord, word})
		}
	}
	return found
}

// wordsOf gives the words of a text as they are looked for.
func wordsOf(text string) iter.Seq[string] { return strings.FieldsSeq(searchable(text)) }

// A finder gives an object by its id; nil if there is none.
type finder func(kind Kind, id string) Object

func organizationID(service Object) string {
	if id := service.Text("organization_id"); id != "" {
		return id
	}
	return service.Object("organization").ID()
}

func serviceID(place Object) string {
	if id := place.Text("service_id"); id != "" {
		return id
	}
	return place.Object("service").ID()
}

// termOf gives the term of an attribute: the one within it, or the one that it refers to.
func termOf(find finder, attribute Object) Object {
	if term := attribute.Object("taxonomy_term"); term != nil {
		return term
	}
	return find(TaxonomyTerm, attribute.Text("taxonomy_term_id"))
}

// taxonomyOf gives the taxonomy of a term.
func taxonomyOf(find finder, term Object) Object {
	if detail := term.Object("taxonomy_detail"); detail != nil {
		return detail
	}
	return find(Taxonomy, term.Text("taxonomy_id"))
}
