package catalogue

import (
	"slices"
	"strings"
	"time"
)

// A Directory is the public side of a catalogue: everything that anybody may read, by kind, in the order of ids, with
// what belongs together joined. It is read-only and safe for concurrent use.
type Directory struct {
	version string
	entries map[Kind][]*Entry
	byID    map[Kind]map[string]*Entry
	// What belongs to what, by ids, each list in the order of ids.
	servicesOf, locationsOf, programsOf map[string][]*Entry // of an organization
	placesOf                            map[string][]*Entry // service_at_locations of a service
}

// An Entry is an object of a Directory.
type Entry struct {
	Kind   Kind
	ID     string
	Object Object // published: without what is not for everybody

	text     string // searchable
	terms    []string
	taxonomy []string
	modified time.Time // zero: not said
}

// NewDirectory makes the directory of records that Check has found sound. Objects that only stand within others, as in
// nested feeds, have their own entries too.
func NewDirectory(version string, records []Record, words Words) *Directory {
	d := &Directory{
		version: version, entries: map[Kind][]*Entry{}, byID: map[Kind]map[string]*Entry{},
		servicesOf: map[string][]*Entry{}, locationsOf: map[string][]*Entry{}, programsOf: map[string][]*Entry{},
		placesOf: map[string][]*Entry{},
	}
	published := make([]Object, len(records))
	for i, r := range records {
		published[i] = publishObject(r.Object)
		if r.Kind == Service {
			published[i] = say(published[i], words)
		}
		d.add(r.Kind, published[i])
	}
	d.addNeeds(words)
	for i, r := range records {
		d.addNested(r.Kind, published[i])
	}
	d.join()
	for _, entries := range d.entries {
		slices.SortFunc(entries, func(a, b *Entry) int { return strings.Compare(a.ID, b.ID) })
	}
	for kind := range d.entries {
		for _, e := range d.entries[kind] {
			d.describe(e, words)
		}
	}
	return d
}

// addresses are the kinds that have an entry.
var addresses = []Kind{Service, Organization, Program, Location, ServiceAtLocation, Taxonomy, TaxonomyTerm}

// add makes an entry, unless there is one of the id.
func (d *Directory) add(kind Kind, o Object) {
	id := o.ID()
	if id == "" || !slices.Contains(addresses, kind) || d.byID[kind][id] != nil {
		return
	}
	if d.byID[kind] == nil {
		d.byID[kind] = map[string]*Entry{}
	}
	e := &Entry{Kind: kind, ID: id, Object: o}
	d.byID[kind][id] = e
	d.entries[kind] = append(d.entries[kind], e)
}

// addNeeds adds the taxonomy of needs, if a service has any.
func (d *Directory) addNeeds(words Words) {
	if !slices.ContainsFunc(d.entries[Service], func(e *Entry) bool { return e.Object.Get("immerse") != nil }) {
		return
	}
	d.add(Taxonomy, needsTaxonomy())
	for _, need := range words.Needs {
		d.add(TaxonomyTerm, needTerm(need, words))
	}
}

// addNested adds what stands within an object, with the id of what it belongs to.
func (d *Directory) addNested(kind Kind, o Object) {
	for of, inner := range nested(kind, o) {
		owner := string(kind) + "_id"
		table, known := TableOf(of)
		if !known {
			continue
		}
		if _, ok := table.Field(owner); ok && inner.Get(owner) == nil && slices.Contains(addresses, of) {
			inner = inner.With(owner, o.Get("id"))
		}
		d.add(of, inner)
		d.addNested(of, inner)
	}
}

// join notes what belongs to what.
func (d *Directory) join() {
	note := func(kind Kind, field, within string, by map[string][]*Entry) {
		for _, e := range d.entries[kind] {
			id := e.Object.Text(field)
			if id == "" {
				id = e.Object.Object(within).ID()
			}
			by[id] = append(by[id], e)
		}
		for _, list := range by {
			slices.SortFunc(list, func(a, b *Entry) int { return strings.Compare(a.ID, b.ID) })
		}
	}
	note(Service, "organization_id", "organization", d.servicesOf)
	note(Location, "organization_id", "organization", d.locationsOf)
	note(Program, "organization_id", "organization", d.programsOf)
	note(ServiceAtLocation, "service_id", "service", d.placesOf)
}

// describe notes what an entry is found by.
func (d *Directory) describe(e *Entry, words Words) {
	e.modified, _ = ParseTime(e.Object.Text("last_modified"))
	texts := []string{e.Object.Text("name"), e.Object.Text("alternate_name"), e.Object.Text("description"), e.Object.Text("code")}
	if e.Kind == Service {
		if o := d.organizationOf(e.Object); o != nil {
			texts = append(texts, o.Text("name"), o.Text("alternate_name"))
		}
		for _, attribute := range e.Object.List("attributes") {
			term := d.termOf(attribute)
			if term == nil {
				continue
			}
			e.terms = append(e.terms, term.ID())
			e.taxonomy = append(e.taxonomy, d.taxonomyOf(term).ID())
			texts = append(texts, term.Text("name"))
		}
		for _, need := range textList(e.Object.Object("immerse").Get("needs")) {
			texts = append(texts, words.Need(need)...)
		}
	}
	e.text = searchable(strings.Join(texts, " "))
}

// Version is that of the catalogue: the same version has the same entries.
func (d *Directory) Version() string { return d.version }

// Entry finds an entry; nil if there is none.
func (d *Directory) Entry(kind Kind, id string) *Entry { return d.byID[kind][id] }

// A Question is what entries are looked for by. Empty fields ask for nothing.
type Question struct {
	Search         string // all words, each the beginning of one in the entry
	TaxonomyTermID string
	TaxonomyID     string
	OrganizationID string
	ParentID       string    // of a taxonomy term
	TopOnly        bool      // terms that have no parent
	ModifiedAfter  time.Time // an entry that does not say when it was changed counts as changed
}

// Find gives the entries of a kind that answer a question, in the order of ids.
func (d *Directory) Find(kind Kind, q Question) []*Entry {
	q.Search = searchable(q.Search)
	var all []*Entry
	for _, e := range d.entries[kind] {
		if d.answers(e, q) {
			all = append(all, e)
		}
	}
	return all
}

func (d *Directory) answers(e *Entry, q Question) bool {
	service := e
	if e.Kind == ServiceAtLocation {
		service = d.serviceOf(e)
	}
	switch {
	case q.Search != "" && !found(e.text+service.searchText(e), q.Search):
	case q.TaxonomyTermID != "" && !service.has(q.TaxonomyTermID, func(s *Entry) []string { return s.terms }):
	case q.TaxonomyID != "" && e.Kind == TaxonomyTerm && d.taxonomyOf(e.Object).ID() != q.TaxonomyID:
	case q.TaxonomyID != "" && e.Kind != TaxonomyTerm && !service.has(q.TaxonomyID, func(s *Entry) []string { return s.taxonomy }):
	case q.OrganizationID != "" && (service == nil || d.organizationID(service.Object) != q.OrganizationID):
	case q.ParentID != "" && e.Object.Text("parent_id") != q.ParentID:
	case q.TopOnly && e.Object.Text("parent_id") != "":
	case !q.ModifiedAfter.IsZero() && !service.changed(q.ModifiedAfter):
	default:
		return true
	}
	return false
}

// searchText is a service's text, if it is not the entry's own.
func (e *Entry) searchText(other *Entry) string {
	if e == nil || e == other {
		return ""
	}
	return e.text
}

func (e *Entry) has(id string, of func(*Entry) []string) bool {
	return e != nil && slices.Contains(of(e), id)
}

func (e *Entry) changed(after time.Time) bool {
	return e == nil || e.modified.IsZero() || !e.modified.Before(after)
}
