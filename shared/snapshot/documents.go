package snapshot

import (
	"bytes"
	"cmp"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"sort"
	"strings"
	"sync"
)

// The kinds of documents that Immerse reads. Others are kept and given back.
const (
	KindService      = "service"
	KindOrganization = "organization"
	KindLocation     = "location"
)

// A Document is one HSDS object.
type Document struct {
	Kind string
	ID   string
	JSON []byte
}

// key is what documents are sorted and found by. No kind has a zero in it.
func (d Document) key() string { return d.Kind + "\x00" + d.ID }

// ErrNoDocument is for a kind and id that a directory does not have.
var ErrNoDocument = errors.New("snapshot: no such document")

// The documents section: number of entries 4, length of all keys 4, length of the dictionary 4, CRC-32C of everything up
// to the documents 4; the entries; the keys, sorted; the dictionary; the documents. An entry: offset of the key 4, its
// length 4, offset of the document among the documents 8, its length 4, its CRC-32C 4.
//
// Each document is deflated by itself, so that one can be read without the others, with a dictionary of how these
// documents usually go on: it makes them a quarter as large, and without it they would hardly be smaller.
const (
	preambleSize   = 16
	recordSize     = 24
	dictionarySize = 8 << 10
	largestObject  = 4 << 20 // of a document, in bytes of JSON
	mostDocuments  = 1 << 26
)

func compileDocuments(documents []Document) ([]byte, error) {
	if len(documents) > mostDocuments {
		return nil, fmt.Errorf("snapshot: %d documents are too many", len(documents))
	}
	dictionary := dictionaryOf(documents)
	records := make([]byte, 0, len(documents)*recordSize)
	var keys, packed bytes.Buffer
	deflate, err := flate.NewWriterDict(&packed, flate.DefaultCompression, dictionary)
	if err != nil {
		return nil, fmt.Errorf("snapshot: compressing: %w", err)
	}
	le := binary.LittleEndian
	for _, d := range documents {
		if len(d.JSON) > largestObject {
			return nil, fmt.Errorf("snapshot: the %s %q has more than %d bytes", d.Kind, d.ID, largestObject)
		}
		from := packed.Len()
		deflate.Reset(&packed)
		if _, err := deflate.Write(d.JSON); err != nil {
			return nil, fmt.Errorf("snapshot: compressing the %s %q: %w", d.Kind, d.ID, err)
		}
		if err := deflate.Close(); err != nil {
			return nil, fmt.Errorf("snapshot: compressing the %s %q: %w", d.Kind, d.ID, err)
		}
		key := d.key()
		records = le.AppendUint32(records, uint32(keys.Len()))        //nolint:gosec // checked below
		records = le.AppendUint32(records, uint32(len(key)))          //nolint:gosec // likewise
		records = le.AppendUint64(records, uint64(from))              //nolint:gosec // a length
		records = le.AppendUint32(records, uint32(packed.Len()-from)) //nolint:gosec // below largestObject
		records = le.AppendUint32(records, crcOf(packed.Bytes()[from:]))
		keys.WriteString(key)
		if keys.Len() > math.MaxUint32 {
			return nil, errors.New("snapshot: the ids are too long")
		}
	}
	section := make([]byte, 0, preambleSize+len(records)+keys.Len()+len(dictionary)+packed.Len())
	section = le.AppendUint32(section, uint32(len(documents)))  //nolint:gosec // at most mostDocuments
	section = le.AppendUint32(section, uint32(keys.Len()))      //nolint:gosec // checked above
	section = le.AppendUint32(section, uint32(len(dictionary))) //nolint:gosec // at most dictionarySize
	section = le.AppendUint32(section, 0)
	section = append(append(append(section, records...), keys.Bytes()...), dictionary...)
	le.PutUint32(section[12:], crcOf(section))
	return append(section, packed.Bytes()...), nil
}

// dictionaryOf takes a part of some documents, evenly spread: what recurs is in most of them.
func dictionaryOf(documents []Document) []byte {
	const samples = 8
	var dictionary []byte
	for i := range min(samples, len(documents)) {
		sample := documents[i*len(documents)/min(samples, len(documents))].JSON
		dictionary = append(dictionary, sample[:min(len(sample), dictionarySize/samples)]...)
	}
	return dictionary
}

// A Directory finds documents by kind and id. It is safe for concurrent use.
type Directory struct {
	records, keys, dictionary, packed []byte
	count                             int
}

// OpenDocuments opens the documents section of a snapshot, whose bytes must not change.
func OpenDocuments(section []byte) (*Directory, error) {
	if len(section) < preambleSize {
		return nil, fmt.Errorf("%w: the documents", ErrDamaged)
	}
	le := binary.LittleEndian
	count, keys, dictionary := uint64(le.Uint32(section)), uint64(le.Uint32(section[4:])), uint64(le.Uint32(section[8:]))
	end := preambleSize + count*recordSize + keys + dictionary
	if count > mostDocuments || end > uint64(len(section)) {
		return nil, fmt.Errorf("%w: the directory of the documents", ErrDamaged)
	}
	sum := crcOf(section[:12])
	for _, part := range [][]byte{{0, 0, 0, 0}, section[preambleSize:end]} { // the CRC was written where these zeros were
		sum = updateCRC(sum, part)
	}
	if sum != le.Uint32(section[12:]) {
		return nil, fmt.Errorf("%w: the directory of the documents", ErrDamaged)
	}
	d := &Directory{count: int(count)}
	rest := section[preambleSize:]
	for _, part := range []struct {
		to     *[]byte
		length uint64
	}{{&d.records, count * recordSize}, {&d.keys, keys}, {&d.dictionary, dictionary}} {
		*part.to, rest = rest[:part.length], rest[part.length:]
	}
	d.packed = rest
	return d, nil
}

// Len is the number of documents.
func (d *Directory) Len() int { return d.count }

// Document gives an object as JSON. The error wraps ErrNoDocument or ErrDamaged.
func (d *Directory) Document(kind, id string) ([]byte, error) {
	wanted := Document{Kind: kind, ID: id}.key()
	i, found := sort.Find(d.count, func(i int) int { return strings.Compare(wanted, d.key(i)) })
	if !found {
		return nil, fmt.Errorf("%w: %s %q", ErrNoDocument, kind, id)
	}
	return d.unpack(i)
}

// At gives a document by its place in the order of kinds and ids, from 0 up to Len. The error wraps ErrDamaged.
func (d *Directory) At(i int) (Document, error) {
	document := d.document(i)
	data, err := d.unpack(i)
	document.JSON = data
	return document, err
}

// All gives the ids of all documents of a kind, in order.
func (d *Directory) All(kind string) iter.Seq[string] {
	prefix := kind + "\x00"
	return func(yield func(string) bool) {
		from := sort.Search(d.count, func(i int) bool { return cmp.Compare(d.key(i), prefix) >= 0 })
		for i := from; i < d.count; i++ {
			id, same := strings.CutPrefix(d.key(i), prefix)
			if !same || !yield(id) {
				return
			}
		}
	}
}

// key gives the key of an entry, empty if the entry is nonsense.
func (d *Directory) key(i int) string {
	record := d.records[i*recordSize:]
	offset, length := uint64(binary.LittleEndian.Uint32(record)), uint64(binary.LittleEndian.Uint32(record[4:]))
	if offset+length > uint64(len(d.keys)) {
		return ""
	}
	return string(d.keys[offset : offset+length])
}

// inflaters are reused: one has tables of some 40 KB, more than most documents.
var inflaters = sync.Pool{New: func() any { return flate.NewReader(nil) }}

func (d *Directory) unpack(i int) ([]byte, error) {
	record, le := d.records[i*recordSize:], binary.LittleEndian
	offset, length, sum := le.Uint64(record[8:]), uint64(le.Uint32(record[16:])), le.Uint32(record[20:])
	if offset > uint64(len(d.packed)) || length > uint64(len(d.packed))-offset || crcOf(d.packed[offset:offset+length]) != sum {
		return nil, fmt.Errorf("%w: document %d", ErrDamaged, i)
	}
	inflate, _ := inflaters.Get().(io.ReadCloser)
	defer inflaters.Put(inflate)
	packed := bytes.NewReader(d.packed[offset : offset+length])
	if err := inflate.(flate.Resetter).Reset(packed, d.dictionary); err != nil {
		return nil, fmt.Errorf("%w: document %d: %w", ErrDamaged, i, err)
	}
	object, err := io.ReadAll(io.LimitReader(inflate, largestObject+1))
	if err != nil || len(object) > largestObject {
		return nil, fmt.Errorf("%w: document %d", ErrDamaged, i)
	}
	return object, nil
}
