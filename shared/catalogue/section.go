package catalogue

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math"
	"math/bits"
	"slices"
	"sort"
	"time"
)

// ErrSection is for a section that this program can't read.
var ErrSection = errors.New("not a directory that this program reads")

// A directory's section: its version 4, then for each kind of addresses these parts, each with its length 4 before it, all
// in little-endian order:
//
//	ids        table, sorted: the number of an entry is its place here
//	documents  a number 4 for each entry: the document that it stands in
//	modified   table: JSON of when it was changed
//	names      table: JSON of a service's name
//	statuses   table: JSON of a service's status
//	keys       table, sorted: a facet's kind and its value
//	lists      table: for each key the numbers of its entries, ascending, as varints of the differences
//
// A table is the number of its texts 4, the end of each 4, and the texts. Nothing is decoded to open it: a search reads the
// lists of its words and no document, and the lists of 100,000 services are some 10 MB.
const sectionVersion = 1

type sectionWriter struct {
	data []byte
	err  error
}

func newSectionWriter() *sectionWriter {
	return &sectionWriter{data: binary.LittleEndian.AppendUint32(nil, sectionVersion)}
}

// part writes what write appends, with its length before it.
func (w *sectionWriter) part(write func()) {
	at := len(w.data)
	w.data = append(w.data, 0, 0, 0, 0)
	write()
	length := len(w.data) - at - 4
	if length > math.MaxUint32 {
		w.err = errors.New("the directory is too large")
	}
	binary.LittleEndian.PutUint32(w.data[at:], uint32(length)) //nolint:gosec // checked
}

func (w *sectionWriter) number(n int) {
	w.data = binary.LittleEndian.AppendUint32(w.data, uint32(n)) //nolint:gosec // below the length of a part, which is checked
}

func (w *sectionWriter) numbers(count int, at func(int) uint32) {
	w.part(func() {
		for i := range count {
			w.data = binary.LittleEndian.AppendUint32(w.data, at(i))
		}
	})
}

func (w *sectionWriter) table(count int, at func(int) []byte) {
	w.part(func() {
		w.number(count)
		end := 0
		for i := range count {
			end += len(at(i))
			w.number(end)
		}
		for i := range count {
			w.data = append(w.data, at(i)...)
		}
	})
}

func (w *sectionWriter) lists(lists map[string][]uint32) {
	keys := slices.Sorted(maps.Keys(lists))
	w.table(len(keys), func(i int) []byte { return []byte(keys[i]) })
	packed := make([][]byte, len(keys))
	for i, key := range keys {
		before := uint32(0)
		for _, number := range lists[key] {
			packed[i] = binary.AppendUvarint(packed[i], uint64(number-before))
			before = number
		}
	}
	w.table(len(keys), func(i int) []byte { return packed[i] })
}

func (w *sectionWriter) done() ([]byte, error) { return w.data, w.err }

// A listing is the entries of a kind.
type listing struct {
	ids, modified, names, statuses table
	documents                      []byte
	keys, lists                    table
}

func openSection(section []byte) (map[Kind]*listing, error) {
	if len(section) < 4 || binary.LittleEndian.Uint32(section) != sectionVersion {
		return nil, ErrSection
	}
	r := sectionReader{rest: section[4:]}
	all := map[Kind]*listing{}
	for _, kind := range addresses {
		l := &listing{ids: r.table()}
		l.documents = r.part()
		l.modified, l.names, l.statuses = r.table(), r.table(), r.table()
		l.keys, l.lists = r.table(), r.table()
		count := l.ids.count
		if r.damaged || len(l.documents) != 4*count || l.modified.count != count || l.names.count != count || l.statuses.count != count ||
			l.keys.count != l.lists.count {
			return nil, fmt.Errorf("%w: the list of each %s", ErrSection, kind)
		}
		all[kind] = l
	}
	return all, nil
}

type sectionReader struct {
	rest    []byte
	damaged bool
}

func (r *sectionReader) part() []byte {
	if len(r.rest) < 4 {
		r.damaged = true
		return nil
	}
	length := int64(binary.LittleEndian.Uint32(r.rest))
	if length > int64(len(r.rest)-4) {
		r.damaged = true
		return nil
	}
	part := r.rest[4 : 4+length]
	r.rest = r.rest[4+length:]
	return part
}

func (r *sectionReader) table() table {
	part := r.part()
	if len(part) < 4 {
		r.damaged = true
		return table{}
	}
	count := int64(binary.LittleEndian.Uint32(part))
	if 4*count > int64(len(part)-4) {
		r.damaged = true
		return table{}
	}
	return table{int(count), part[4 : 4+4*count], part[4+4*count:]}
}

// A table is a list of texts.
type table struct {
	count       int
	ends, texts []byte
}

// at gives a text, none where the table is nonsense.
func (t table) at(i int) []byte {
	from, to := uint32(0), binary.LittleEndian.Uint32(t.ends[4*i:])
	if i > 0 {
		from = binary.LittleEndian.Uint32(t.ends[4*i-4:])
	}
	if from >= to || uint64(to) > uint64(len(t.texts)) {
		return nil
	}
	return t.texts[from:to:to]
}

// json gives a text that is JSON, none where the table is nonsense.
func (t table) json(i int) json.RawMessage {
	if value := t.at(i); json.Valid(value) {
		return value
	}
	return nil
}

// search gives the place of the first text that is not before another.
func (t table) search(text string) int {
	return sort.Search(t.count, func(i int) bool { return string(t.at(i)) >= text })
}

func (t table) find(text string) (int, bool) {
	i := t.search(text)
	return i, i < t.count && string(t.at(i)) == text
}

// from gives the number of the document that an entry stands in.
func (l *listing) from(number int) uint32 { return binary.LittleEndian.Uint32(l.documents[4*number:]) }

// with gives the entries that have a facet, ascending.
func (l *listing) with(kind byte, value string) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		if i, ok := l.keys.find(string(kind) + value); ok {
			l.list(i, yield)
		}
	}
}

// beginning gives the entries that have a facet whose value begins so, in no order, some more than once.
func (l *listing) beginning(kind byte, value string) iter.Seq[uint32] {
	prefix := string(kind) + value
	return func(yield func(uint32) bool) {
		for i := l.keys.search(prefix); i < l.keys.count; i++ {
			if key := l.keys.at(i); len(key) < len(prefix) || string(key[:len(prefix)]) != prefix || !l.list(i, yield) {
				return
			}
		}
	}
}

// list gives the entries of a key; false if yield has had enough.
func (l *listing) list(i int, yield func(uint32) bool) bool {
	number := uint64(0)
	for packed := l.lists.at(i); len(packed) > 0; {
		difference, size := binary.Uvarint(packed)
		number += difference
		if size <= 0 || difference > math.MaxUint32 || number >= uint64(l.ids.count) { //nolint:gosec // a count
			return true // nonsense
		}
		if !yield(uint32(number)) { //nolint:gosec // below the count
			return false
		}
		packed = packed[size:]
	}
	return true
}

// changed gives the entries that were changed after a time or don't say when.
func (l *listing) changed(after time.Time) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for i := range l.ids.count {
			at, ok := time.Time{}, false
			if value := l.modified.json(i); value != nil {
				at, ok = ParseTime(Object{{"at", value}}.Text("at"))
			}
			if (!ok || !at.Before(after)) && !yield(uint32(i)) {
				return
			}
		}
	}
}

// A choice is a set of the entries of a list: at first all of them.
type choice struct {
	all   bool
	count int
	words []uint64 // a bit for each entry
}

func newChoice(count int) *choice { return &choice{all: true, count: count} }

// keep leaves those in it that are in another set.
func (c *choice) keep(others iter.Seq[uint32]) {
	kept := make([]uint64, (c.count+63)/64)
	for number := range others {
		kept[number/64] |= 1 << (number % 64)
	}
	if !c.all {
		for i := range kept {
			kept[i] &= c.words[i]
		}
	}
	c.all, c.words = false, kept
}

func (c *choice) numbers() (all []uint32) {
	for i, word := range c.words {
		for ; word != 0; word &= word - 1 {
			all = append(all, uint32(64*i+bits.TrailingZeros64(word))) //nolint:gosec // below the count
		}
	}
	return all
}
