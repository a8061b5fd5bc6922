package catalogue

import (
	_ "embed"
	"strings"
	"sync"
)

// A Kind is a kind of HSDS object, by the name that HSDS gives its table.
type Kind string

// The kinds that stand by themselves in a feed and have an address in the API. Tables knows all.
const (
	Service           Kind = "service"
	Organization      Kind = "organization"
	Program           Kind = "program"
	Location          Kind = "location"
	ServiceAtLocation Kind = "service_at_location"
	Taxonomy          Kind = "taxonomy"
	TaxonomyTerm      Kind = "taxonomy_term"
	// Other is what none of the above fits: it is kept and given back, and not looked into.
	Other Kind = "other"
)

// A Table says what HSDS knows of a kind of object.
type Table struct {
	Kind   Kind
	File   string // its name in the tabular form: "services.csv"
	Fields []Field
}

// A Field is a field that HSDS defines.
type Field struct {
	Name     string
	Type     Type
	Of       Kind     // what a Many or a One holds
	Values   []string // the only ones of a Choice
	Required bool     // in every form
	Key      bool     // required in the tabular form, where the nested form needs none
}

// A Type says what a field's value is.
type Type int

// The types. All but Number, Many and One are texts in JSON.
const (
	Text Type = iota
	Number
	Date
	Time
	UUID
	Email
	Address // of a page on the web
	Choice
	Many
	One
)

var typeNames = map[string]Type{
	"": Text, "number": Number, "date": Date, "date-time": Time, "uuid": UUID, "email": Email, "uri": Address,
}

// Nested tells whether values are objects or lists of objects.
func (t Type) Nested() bool { return t == Many || t == One }

// Field finds a field by its name.
func (t *Table) Field(name string) (field Field, ok bool) {
	for _, field := range t.Fields {
		if field.Name == name {
			return field, true
		}
	}
	return Field{}, false
}

//go:embed hsds-3.1.txt
var tablesText string

var tables = sync.OnceValue(func() []Table { return parseTables(tablesText) })

// Tables gives every kind of object, those that others refer to first. The caller must not change it.
func Tables() []Table { return tables() }

// TableOf gives the table of a kind; ok is false for one that HSDS doesn't define.
func TableOf(kind Kind) (table *Table, ok bool) {
	all := tables()
	for i := range all {
		if all[i].Kind == kind {
			return &all[i], true
		}
	}
	return nil, false
}

// parseTables reads hsds-3.1.txt; a test reads it too, so nothing that it says can be wrong here.
func parseTables(text string) []Table {
	var all []Table
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || words[0] == "#":
		case !strings.HasPrefix(line, " "):
			all = append(all, Table{Kind: Kind(words[0]), File: words[1]})
		default:
			table := &all[len(all)-1]
			table.Fields = append(table.Fields, parseField(words))
		}
	}
	return all
}

func parseField(words []string) Field {
	name, kind := words[0], ""
	if len(words) > 1 {
		kind = words[1]
	}
	field := Field{Name: strings.TrimRight(name, "!^"), Required: strings.HasSuffix(name, "!"), Key: strings.HasSuffix(name, "^")}
	switch {
	case strings.HasPrefix(kind, "["):
		field.Type, field.Of = Many, Kind(strings.Trim(kind, "[]"))
	case strings.HasPrefix(kind, "{"):
		field.Type, field.Of = One, Kind(strings.Trim(kind, "{}"))
	case strings.HasPrefix(kind, "="):
		field.Type, field.Values = Choice, strings.Split(strings.ReplaceAll(kind[1:], "_", " "), "|")
	default:
		field.Type = typeNames[kind]
	}
	return field
}
