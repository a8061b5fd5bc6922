// Package feed takes files of HSDS objects or profiles apart into single objects: one JSON object a line (ndjson), a JSON
// list, a single object, or a page as an HSDS API gives it. Lists and lines are streamed, so that a file may be larger than
// the memory. A byte order mark, Windows line ends and empty lines do no harm.
package feed

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Record is one object of a feed, not yet looked at: Data need not be JSON.
type Record struct {
	// Place is where the record stands in its feed: "line 12", "[3]" or "contents[3]".
	Place string
	Data  []byte
}

// Errors of Each.
var (
	ErrNotUTF8 = errors.New("is UTF-16: save it as UTF-8")
	ErrNotJSON = errors.New("is not JSON from here on")
)

const bufferSize = 1 << 16

// Each hands every record of a feed to handle, in order, and ends with the first error that handle gives. A line that is
// not JSON is handed over like the others; a list that is not JSON ends with ErrNotJSON, since what follows can't be told
// apart.
func Each(feed io.Reader, handle func(Record) error) error {
	in := bufio.NewReaderSize(feed, bufferSize)
	if err := skipMark(in); err != nil {
		return err
	}
	switch first, err := firstByte(in); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		return err
	case first == '[':
		return list(in, handle)
	}
	return lines(in, handle)
}

// skipMark passes over UTF-8's byte order mark.
func skipMark(in *bufio.Reader) error {
	start, err := in.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("reading: %w", err)
	}
	switch {
	case bytes.HasPrefix(start, []byte{0xEF, 0xBB, 0xBF}):
		_, _ = in.Discard(3) // just peeked at
	case bytes.HasPrefix(start, []byte{0xFF, 0xFE}), bytes.HasPrefix(start, []byte{0xFE, 0xFF}):
		return ErrNotUTF8
	}
	return nil
}

// firstByte looks at the first byte that is no white space, without taking anything.
func firstByte(in *bufio.Reader) (byte, error) {
	for n := 1; ; n++ {
		seen, err := in.Peek(n)
		if len(seen) < n {
			return 0, err
		}
		if last := seen[n-1]; !bytes.ContainsRune([]byte(" \t\r\n"), rune(last)) {
			return last, nil
		}
	}
}

// list reads a JSON list, element by element.
func list(in io.Reader, handle func(Record) error) error {
	decoder := json.NewDecoder(in)
	_, _ = decoder.Token() // the bracket that was seen
	for i := 0; decoder.More(); i++ {
		var data json.RawMessage
		if err := decoder.Decode(&data); err != nil {
			return fmt.Errorf("[%d]: %w: %w", i, ErrNotJSON, err)
		}
		if err := object(Record{fmt.Sprintf("[%d]", i), data}, handle); err != nil {
			return err
		}
	}
	if _, err := decoder.Token(); err != nil {
		return fmt.Errorf("at the end: %w: %w", ErrNotJSON, err)
	}
	return nil
}

// lines reads one object a line. A file whose first line is only the beginning of an object is read whole: it is one
// object over many lines, or if that is not JSON either, lines of which the first is broken.
func lines(in *bufio.Reader, handle func(Record) error) error {
	first, err := in.ReadBytes('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("reading: %w", err)
	}
	rest := io.Reader(in)
	if opens(first) {
		all, err := io.ReadAll(in)
		if err != nil {
			return fmt.Errorf("reading: %w", err)
		}
		if whole := append(bytes.Clone(first), all...); json.Valid(whole) {
			return object(Record{"the object", whole}, handle)
		}
		rest = bytes.NewReader(all)
	}
	number, next := 1, bufio.NewReaderSize(rest, bufferSize)
	for data := first; ; number++ {
		if data = bytes.TrimSpace(data); len(data) > 0 {
			if err := object(Record{fmt.Sprintf("line %d", number), data}, handle); err != nil {
				return err
			}
		}
		if data, err = next.ReadBytes('\n'); len(data) == 0 && errors.Is(err, io.EOF) {
			return nil
		} else if err != nil && !errors.Is(err, io.EOF) {
			return fmt.Errorf("reading: %w", err)
		}
	}
}

// opens tells whether a first line only begins an object. Blank lines before it count as such.
func opens(line []byte) bool {
	line = bytes.TrimSpace(line)
	return len(line) == 0 || !json.Valid(line) && bytes.ContainsAny(line[len(line)-1:], "{[,:")
}

// object hands over a record, or the objects of the page that it is.
func object(r Record, handle func(Record) error) error {
	for _, page := range pages(r) {
		if err := handle(page); err != nil {
			return err
		}
	}
	return nil
}

// listNames are the members of a page, or of a file that holds several lists, that hold objects. "content" is what Open
// Referral UK's first API said.
var listNames = []string{
	"contents", "content", "services", "organizations", "locations", "service_at_locations", "programs", "taxonomies", "taxonomy_terms",
}

// pages gives the objects in an HSDS API's page ("contents") or in a file that holds several lists, and otherwise the
// record itself. What has an id is an object, whatever lists it has.
func pages(r Record) []Record {
	var page map[string]json.RawMessage
	if !mayBePage(r.Data) || json.Unmarshal(r.Data, &page) != nil || page["id"] != nil {
		return []Record{r}
	}
	var all []Record
	isPage := false
	for _, name := range listNames {
		var entries []json.RawMessage
		if page[name] == nil || json.Unmarshal(page[name], &entries) != nil {
			continue
		}
		isPage = true
		for i, entry := range entries {
			all = append(all, Record{fmt.Sprintf("%s, %s[%d]", r.Place, name, i), entry})
		}
	}
	if !isPage {
		return []Record{r}
	}
	return all
}

// mayBePage spares most objects from being taken apart.
func mayBePage(data []byte) bool {
	return slices.ContainsFunc(listNames, func(name string) bool { return bytes.Contains(data, []byte(`"`+name+`"`)) })
}
