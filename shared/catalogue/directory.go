package catalogue

import (
	"encoding/json"
	"slices"
	"sync"
	"time"
)

// A Directory is the public side of a catalogue: everything that anybody may read, by kind, in the order of ids, with
// what belongs together joined. What is looked for is found in lists that were made before (section.go); an object is
// read when it is shown. It is read-only and safe for concurrent use.
type Directory struct {
	version   string
	words     Words
	documents Documents
	lists     map[Kind]*listing
	needs     map[string]string // codes by the ids of their terms

	mu   sync.Mutex
	read map[uint32]document // the last that were
}

// Documents are the objects that a directory is made of, as they came. Numbers are from 0 up to Len.
type Documents interface {
	Len() int
	Document(number int) (Kind, Object, error)
}

// Records are documents that lie in memory.
type Records []Record

// Len implements Documents.
func (r Records) Len() int { return len(r) }

// Document implements Documents.
func (r Records) Document(number int) (Kind, Object, error) {
	return r[number].Kind, r[number].Object, r[number].Err
}

// A document is one as it is published.
type document struct {
	kind   Kind
	object Object
}

// An Entry is an object of a Directory. It is for one goroutine.
type Entry struct {
	Kind Kind
	ID   string

	in     *Directory
	number uint32 // in the list of its kind
	object Object
}

// NewDirectory makes the directory of records that Check has found sound. Objects that only stand within others, as in
// nested feeds, have their own entries too.
func NewDirectory(version string, records []Record, words Words) *Directory {
	section, err := CompileDirectory(Records(records), words)
	if err != nil {
		panic(err) // four gigabytes of ids
	}
	d, err := OpenDirectory(version, section, Records(records), words)
	if err != nil {
		panic(err) // it was written in the line before
	}
	return d
}

// OpenDirectory gives the directory of documents that CompileDirectory made a section of. The section must not change. The
// error wraps ErrSection.
func OpenDirectory(version string, section []byte, documents Documents, words Words) (*Directory, error) {
	lists, err := openSection(section)
	if err != nil {
		return nil, err
	}
	d := &Directory{
		version: version, words: words, documents: documents, lists: lists, needs: map[string]string{}, read: map[uint32]document{},
	}
	for _, need := range words.Needs {
		d.needs[NeedID(need)] = need
	}
	return d, nil
}

// Version is that of the catalogue: the same version has the same entries.
func (d *Directory) Version() string { return d.version }

// Entry finds an entry; nil if there is none.
func (d *Directory) Entry(kind Kind, id string) *Entry {
	list := d.lists[kind]
	if list == nil || id == "" {
		return nil
	}
	number, ok := list.ids.find(id)
	if !ok {
		return nil
	}
	return d.entry(kind, uint32(number)) //nolint:gosec // a section has fewer
}

func (d *Directory) entry(kind Kind, number uint32) *Entry {
	return &Entry{Kind: kind, ID: string(d.lists[kind].ids.at(int(number))), in: d, number: number}
}

// owned gives the entries of a kind that belong to something.
func (d *Directory) owned(kind Kind, facet byte, id string) (all []*Entry) {
	list := d.lists[kind]
	if list == nil {
		return nil
	}
	for number := range list.with(facet, id) {
		all = append(all, d.entry(kind, number))
	}
	return all
}

// Object is the entry as it is published: without what is not for everybody. It is nil if it can't be read, which only a
// damaged catalogue does.
func (e *Entry) Object() Object {
	if e.object == nil {
		e.object = e.in.object(e)
	}
	return e.object
}

// Modified is the JSON of when it says that it was changed, nil if it doesn't; of a service at a location, when the service was.
func (e *Entry) Modified() json.RawMessage { return e.in.lists[e.Kind].modified.json(int(e.number)) }

func (d *Directory) object(e *Entry) Object {
	from := d.lists[e.Kind].from(int(e.number))
	if from == fromNeeds {
		if e.Kind == Taxonomy {
			return needsTaxonomy()
		}
		return needTerm(d.needs[e.ID], d.words)
	}
	read, ok := d.document(from)
	if !ok || read.kind == e.Kind && read.object.ID() == e.ID {
		return read.object
	}
	var within Object
	eachNested(read.kind, read.object, func(kind Kind, o Object) bool {
		if kind == e.Kind && o.ID() == e.ID {
			within = o
		}
		return within == nil
	})
	return within
}

// mostRead is how many documents are kept as they were read: a page shows the same organization again and again.
const mostRead = 1000

// document reads a document and publishes it.
func (d *Directory) document(number uint32) (document, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if read, ok := d.read[number]; ok {
		return read, true
	}
	if int64(number) >= int64(d.documents.Len()) {
		return document{}, false
	}
	kind, object, err := d.documents.Document(int(number))
	if err != nil {
		return document{}, false
	}
	if len(d.read) >= mostRead {
		clear(d.read)
	}
	read := publishDocument(kind, object, d.words)
	d.read[number] = read
	return read, true
}

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

// A List are entries of a kind in the order of ids.
type List struct {
	in      *Directory
	kind    Kind
	numbers []uint32
	all     bool // numbers is left out: they are all there are
}

// Find gives the entries of a kind that answer a question.
func (d *Directory) Find(kind Kind, q Question) List {
	list := d.lists[kind]
	if list == nil {
		return List{}
	}
	chosen := newChoice(list.ids.count)
	for word := range wordsOf(q.Search) {
		chosen.keep(list.beginning(facetWord, word))
	}
	for _, asked := range []struct {
		facet byte
		id    string
	}{
		{facetTerm, q.TaxonomyTermID}, {facetTaxonomy, q.TaxonomyID}, {facetOrganization, q.OrganizationID}, {facetParent, q.ParentID},
	} {
		if asked.id != "" {
			chosen.keep(list.with(asked.facet, asked.id))
		}
	}
	if q.TopOnly && kind == TaxonomyTerm {
		chosen.keep(list.with(facetTop, ""))
	}
	if !q.ModifiedAfter.IsZero() {
		chosen.keep(list.changed(q.ModifiedAfter))
	}
	return List{in: d, kind: kind, numbers: chosen.numbers(), all: chosen.all}
}

// Len is how many there are.
func (l List) Len() int {
	if l.all {
		return l.in.lists[l.kind].ids.count
	}
	return len(l.numbers)
}

// Part gives some of the entries: from the first up to, and without, the last.
func (l List) Part(first, last int) []*Entry {
	part := make([]*Entry, 0, last-first)
	for i := first; i < last; i++ {
		number := uint32(i) //nolint:gosec // a section has fewer
		if !l.all {
			number = l.numbers[i]
		}
		part = append(part, l.in.entry(l.kind, number))
	}
	return part
}

// All gives all of them.
func (l List) All() []*Entry { return l.Part(0, l.Len()) }

// addresses are the kinds that have an entry. Their order is that of a section: further ones go to the end.
var addresses = []Kind{Service, Organization, Program, Location, ServiceAtLocation, Taxonomy, TaxonomyTerm}

// eachNested visits what stands within an object, at every depth, with the id of what it belongs to, until visit says no.
func eachNested(kind Kind, o Object, visit func(Kind, Object) bool) bool {
	for of, inner := range nested(kind, o) {
		owner := string(kind) + "_id"
		table, known := TableOf(of)
		if !known {
			continue
		}
		if _, ok := table.Field(owner); ok && inner.Get(owner) == nil && slices.Contains(addresses, of) {
			inner = inner.With(owner, o.Get("id"))
		}
		if !visit(of, inner) || !eachNested(of, inner, visit) {
			return false
		}
	}
	return true
}

// publishDocument takes out of a document what is not for everybody, and says what our codes mean.
func publishDocument(kind Kind, object Object, words Words) document {
	published := publishObject(object)
	if kind == Service {
		published = say(published, words)
	}
	return document{kind, published}
}
