package tabular

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"

	"github.com/miict/immerse/shared/catalogue"
)

// flattening takes objects apart into the rows of tables.
type flattening struct {
	tables map[catalogue.Kind]*sheet
}

// add takes an object apart and adds its rows.
func (f *flattening) add(kind catalogue.Kind, o catalogue.Object) {
	table, _ := catalogue.TableOf(kind)
	row := catalogue.Object{}
	var inner []func()
	for _, member := range o {
		field, children, ok := f.nested(table, member)
		if !ok {
			row = append(row, member)
			continue
		}
		if field.Type == catalogue.One {
			id := children[0].ID()
			if column := columnOf(member.Name, field.Of); o.Get(column) == nil {
				row = append(row, catalogue.Member{Name: column, Value: catalogue.JSON(id)})
			}
			inner = append(inner, func() { f.add(field.Of, children[0]) })
			continue
		}
		for i, child := range children {
			child = joined(kind, o.ID(), field, child, i)
			inner = append(inner, func() { f.add(field.Of, child) })
		}
	}
	f.put(kind, row)
	for _, add := range inner {
		add()
	}
}

// nested gives the objects in a member that have a table of their own; ok is false for a member that is a column.
func (f *flattening) nested(table *catalogue.Table, member catalogue.Member) (field catalogue.Field, children []catalogue.Object, ok bool) {
	field, ok = table.Field(member.Name)
	switch {
	case table.Kind == catalogue.Organization && member.Name == "services":
		field, ok = catalogue.Field{Name: member.Name, Type: catalogue.Many, Of: catalogue.Service}, true
	case table.Kind == catalogue.ServiceAtLocation && member.Name == "service":
		field, ok = catalogue.Field{Name: member.Name, Type: catalogue.One, Of: catalogue.Service}, true
	}
	if !ok || !field.Type.Nested() {
		return field, nil, false
	}
	whole := catalogue.Object{member}
	if field.Type == catalogue.One {
		child := whole.Object(member.Name)
		return field, []catalogue.Object{child}, child.ID() != ""
	}
	children = whole.List(member.Name)
	var all []json.RawMessage
	return field, children, json.Unmarshal(member.Value, &all) == nil && len(all) == len(children) && len(all) > 0
}

// columnOf is the column that refers to the one object in a field.
func columnOf(field string, of catalogue.Kind) string {
	if field == "taxonomy_detail" {
		return "taxonomy_id"
	}
	return string(of) + "_id"
}

// joined gives an object of a list the id of the one that it belongs to, and one of its own if it has none, which is
// always the same.
func joined(parent catalogue.Kind, id string, field catalogue.Field, child catalogue.Object, index int) catalogue.Object {
	set := func(column, value string) {
		if said := child.Get(column); said == nil || string(said) == `""` {
			child = child.With(column, catalogue.JSON(value))
		}
	}
	if child.ID() == "" && child.Get("id") == nil {
		set("id", catalogue.DerivedID(string(parent), id, field.Name, strconv.Itoa(index)))
	}
	switch field.Of {
	case "attribute":
		set("link_id", id)
		set("link_entity", string(parent))
	case "metadata":
		set("resource_id", id)
		set("resource_type", string(parent))
	default:
		set(string(parent)+"_id", id)
	}
	return child
}

// put adds a row. The same object found at two places, an organization with each of its services, is one row if what the
// two say agrees.
func (f *flattening) put(kind catalogue.Kind, row catalogue.Object) {
	s := f.tables[kind]
	if s == nil {
		s = &sheet{byID: map[string]int{}, seen: map[string]bool{}}
		f.tables[kind] = s
	}
	for _, member := range row {
		if !s.seen[member.Name] {
			s.seen[member.Name] = true
			s.names = append(s.names, member.Name)
		}
	}
	id := row.ID()
	if at, there := s.byID[id]; there && id != "" {
		if merged, ok := merge(s.rows[at], row); ok {
			s.rows[at] = merged
			return
		}
	} else {
		s.byID[id] = len(s.rows)
	}
	s.rows = append(s.rows, row)
}

func merge(a, b catalogue.Object) (catalogue.Object, bool) {
	merged := slices.Clone(a)
	for _, member := range b {
		there := slices.IndexFunc(a, func(m catalogue.Member) bool { return m.Name == member.Name })
		if there < 0 {
			merged = append(merged, member)
		} else if !bytes.Equal(a[there].Value, member.Value) {
			return nil, false
		}
	}
	return merged, true
}
