package tabular

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/miict/immerse/shared/catalogue"
)

// Write writes a package, each file through create: a folder's, or a zip's. Records whose kind isn't one of HSDS's are
// left out and counted.
func Write(records []catalogue.Record, create func(name string) (io.Writer, error)) (leftOut int, err error) {
	f := flattening{tables: map[catalogue.Kind]*sheet{}}
	for _, r := range records {
		if _, ok := catalogue.TableOf(r.Kind); !ok || r.Err != nil {
			leftOut++
			continue
		}
		f.add(r.Kind, r.Object)
	}
	d := descriptor{Profile: "tabular-data-package", Name: "hsds"}
	for _, table := range catalogue.Tables() {
		sheet := f.tables[table.Kind]
		if sheet == nil {
			continue
		}
		columns := sheet.columns(&table)
		if err := writeTable(table.File, columns, sheet.rows, create); err != nil {
			return leftOut, err
		}
		d.Resources = append(d.Resources, resource{
			Name: string(table.Kind), Path: table.File, Profile: "tabular-data-resource",
			Schema: schema{Fields: columns, PrimaryKey: "id", ForeignKeys: foreignKeys(columns, f.tables)},
		})
	}
	out, err := create(descriptorFile)
	if err != nil {
		return leftOut, err
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return leftOut, encoder.Encode(d)
}

func writeTable(file string, columns []column, rows []catalogue.Object, create func(string) (io.Writer, error)) error {
	out, err := create(file)
	if err != nil {
		return err
	}
	table := csv.NewWriter(out)
	cells := make([]string, len(columns))
	for i, c := range columns {
		cells[i] = c.Name
	}
	_ = table.Write(cells) // Error tells
	for _, object := range rows {
		for i, c := range columns {
			cells[i] = cell(object, c)
		}
		_ = table.Write(cells)
	}
	table.Flush()
	if err := table.Error(); err != nil {
		return fmt.Errorf("writing %s: %w", file, err)
	}
	return nil
}

func cell(object catalogue.Object, c column) string {
	if c.JSON {
		if at := slices.IndexFunc(object, func(m catalogue.Member) bool { return m.Name == c.Name }); at >= 0 {
			return string(object[at].Value)
		}
		return ""
	}
	value := object.Get(c.Name)
	if len(value) > 0 && value[0] == '"' {
		return object.Text(c.Name)
	}
	return string(value)
}

// A sheet is a table that is being written.
type sheet struct {
	rows  []catalogue.Object
	byID  map[string]int
	names []string // of columns, as they came
	seen  map[string]bool
}

// columns are those of HSDS that are used, in its order, and then all others, each with what its cells hold.
func (s *sheet) columns(table *catalogue.Table) []column {
	var columns []column
	for _, field := range table.Fields {
		if s.seen[field.Name] {
			kind := "string"
			if field.Type == catalogue.Number {
				kind = "number"
			}
			columns = append(columns, s.column(field.Name, kind, field.Type.Nested()))
		}
	}
	for _, name := range s.names {
		if _, known := table.Field(name); !known {
			columns = append(columns, s.column(name, "", false))
		}
	}
	return columns
}

// column looks at all values of a column. kind is what HSDS says that they are, empty if it says nothing. Where HSDS
// says it, null and an empty text are as good as absent.
func (s *sheet) column(name, kind string, nested bool) column {
	known := kind != "" && !nested
	if nested {
		kind = ""
	}
	for _, object := range s.rows {
		at := slices.IndexFunc(object, func(m catalogue.Member) bool { return m.Name == name })
		if at < 0 {
			continue
		}
		value := object[at].Value
		is := kindOf(value)
		switch {
		case known && (is == "null" || string(value) == `""`):
			continue
		case kind == "number" && is == "string" && string(value) != `""` && !json.Valid([]byte(object.Text(name))) && !hard(object.Text(name)):
			continue // "twelve" is read as a text in a column of numbers too
		case kind == "":
			kind = is
		}
		if is != kind || is == "null" || string(value) == `""` || is == "string" && hard(object.Text(name)) {
			return column{Name: name, Type: "any", JSON: true}
		}
	}
	if kind == "" {
		kind = "string"
	}
	return column{Name: name, Type: kind}
}

// hard tells whether a text would not come out of a CSV file as it went in.
func hard(text string) bool { return strings.Contains(text, "\r") || strings.Contains(text, "\ufffd") }

func kindOf(value json.RawMessage) string {
	switch value[0] {
	case '"':
		return "string"
	case '{':
		return "object"
	case '[':
		return "array"
	case 't', 'f':
		return "boolean"
	case 'n':
		return "null"
	}
	return "number"
}

func foreignKeys(columns []column, tables map[catalogue.Kind]*sheet) (keys []foreignKey) {
	for _, c := range columns {
		target, ok := strings.CutSuffix(strings.TrimPrefix(c.Name, "parent_organization_"), "_id")
		if c.Name == "parent_organization_id" {
			target, ok = "organization", true
		}
		if ok && tables[catalogue.Kind(target)] != nil {
			keys = append(keys, foreignKey{c.Name, reference{target, "id"}})
		}
	}
	return keys
}
