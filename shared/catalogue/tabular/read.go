package tabular

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/miict/immerse/shared/catalogue"
)

// Read reads a package from a folder or a zip. The error tells why the whole can't be read; what is wrong with a row is
// an error of its record. Rows that belong to an object that isn't there are records of their own.
func Read(fsys fs.FS) ([]catalogue.Record, error) {
	folder, d, err := describe(fsys)
	if err != nil {
		return nil, err
	}
	var rows []*row
	var problems []error
	for _, r := range d.Resources {
		name := path.Join(folder, r.Path)
		data, err := readAll(fsys, name)
		if err != nil {
			return nil, err
		}
		read, err := readTable(name, trimMark(data), r)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", name, err))
		}
		rows = append(rows, read...)
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return nest(rows), nil
}

// A row is a row of a table, with the rows that belong to it.
type row struct {
	catalogue.Record
	inner map[string][]*row // by field
	taken bool              // it belongs to another
}

var errNotUTF8 = errors.New("is not UTF-8: save it as UTF-8")

func readTable(name string, data []byte, r resource) ([]*row, error) {
	if !utf8.Valid(data) {
		return nil, errNotUTF8
	}
	reader := csv.NewReader(bytes.NewReader(data))
	reader.FieldsPerRecord = -1
	if r.Dialect != nil && utf8.RuneCountInString(r.Dialect.Delimiter) == 1 {
		reader.Comma, _ = utf8.DecodeRuneInString(r.Dialect.Delimiter)
	}
	header, err := reader.Read()
	if errors.Is(err, io.EOF) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for i := range header {
		if !slices.ContainsFunc(r.Schema.Fields, func(c column) bool { return c.Name == header[i] }) {
			header[i] = strings.TrimSpace(header[i])
		}
		if slices.Contains(header[:i], header[i]) {
			return nil, fmt.Errorf("column %q %w", header[i], catalogue.ErrTwice)
		}
	}
	kind := catalogue.Other
	columns := columnsOf(header, r, nil)
	if table, ok := tableOf(r); ok {
		kind, columns = table.Kind, columnsOf(header, r, table)
	}
	var rows []*row
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		line, _ := reader.FieldPos(0)
		place := fmt.Sprintf("%s: line %d", name, line)
		rows = append(rows, &row{Record: readRow(kind, place, cells, columns, r.Schema.MissingValues), inner: map[string][]*row{}})
	}
}

// columnsOf says how each column's cells are read: as datapackage.json says, else as HSDS does.
func columnsOf(header []string, r resource, table *catalogue.Table) []column {
	columns := make([]column, len(header))
	for i, name := range header {
		columns[i] = column{Name: name, Type: "string"}
		if table != nil {
			if field, ok := table.Field(name); ok && field.Type == catalogue.Number {
				columns[i].Type = "number"
				continue
			} else if ok && !field.Type.Nested() {
				continue // a postcode is a text, whatever somebody's tool has guessed
			}
		}
		if at := slices.IndexFunc(r.Schema.Fields, func(c column) bool { return c.Name == name }); at >= 0 {
			columns[i] = r.Schema.Fields[at]
		}
	}
	for i, c := range columns { // what we marked ourselves counts for every column
		if at := slices.IndexFunc(r.Schema.Fields, func(f column) bool { return f.Name == c.Name && f.JSON }); at >= 0 {
			columns[i].JSON = true
		}
	}
	return columns
}

var errLong = errors.New("has more cells than the table has columns")

func readRow(kind catalogue.Kind, place string, cells []string, columns []column, missing []string) catalogue.Record {
	r := catalogue.Record{Kind: kind, Place: place, Object: catalogue.Object{}}
	for i, cell := range cells {
		if i >= len(columns) {
			if cell != "" {
				r.Err = errLong
			}
			continue
		}
		if cell == "" || slices.Contains(missing, cell) && !columns[i].JSON {
			continue
		}
		r.Object = append(r.Object, catalogue.Member{Name: columns[i].Name, Value: value(cell, columns[i])})
	}
	return r
}

// value reads a cell. What isn't what its column says is a text, so that Check can name it.
func value(cell string, c column) json.RawMessage {
	raw := json.RawMessage(cell)
	first := strings.TrimLeft(cell, " \t\r\n")
	fits := json.Valid(raw) && cell == strings.TrimSpace(cell)
	switch {
	case c.JSON:
	case c.Type == "number" || c.Type == "integer" || c.Type == "year":
		fits = fits && (first[0] == '-' || first[0] >= '0' && first[0] <= '9')
	case c.Type == "boolean":
		fits = cell == "true" || cell == "false"
	case c.Type == "object":
		fits = fits && first[0] == '{'
	case c.Type == "array":
		fits = fits && first[0] == '['
	default:
		fits = false
	}
	if fits {
		return raw
	}
	return catalogue.JSON(cell)
}
