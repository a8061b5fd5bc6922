package tabular

import (
	"slices"

	"github.com/miict/immerse/shared/catalogue"
)

// alone are the kinds that stay records of their own, and are joined by ids.
var alone = []catalogue.Kind{
	catalogue.Organization, catalogue.Service, catalogue.Location, catalogue.ServiceAtLocation, catalogue.Program,
	catalogue.Taxonomy, catalogue.TaxonomyTerm,
}

// A join says how rows of one kind belong to another: the parent's list, and the child's column with the parent's id.
type join struct {
	parent catalogue.Kind
	field  string
	column string
	// Attributes and metadata belong to anything: this column says to what.
	kindColumn string
}

// joinsOf gives the ways in which rows of a kind may belong to others, the nearest first: a contact's phone that also
// names its organization is the contact's.
func joinsOf(kind catalogue.Kind) (joins []join) {
	for _, table := range catalogue.Tables() {
		for _, field := range table.Fields {
			if field.Of != kind {
				continue
			}
			switch {
			case kind == "attribute":
				joins = append(joins, join{table.Kind, field.Name, "link_id", "link_entity"})
			case kind == "metadata":
				joins = append(joins, join{table.Kind, field.Name, "resource_id", "resource_type"})
			case field.Type == catalogue.Many:
				joins = append(joins, join{table.Kind, field.Name, string(table.Kind) + "_id", ""})
			}
		}
	}
	slices.Reverse(joins) // the tables that others refer to come first, and organizations before all
	return joins
}

// names tells whether a row says that it belongs to the parent's kind. Feeds write many things there; what is no kind at
// all leaves it to the id.
func (j join) names(r *row) bool {
	said := r.Object.Text(j.kindColumn)
	_, isKind := catalogue.TableOf(catalogue.Kind(said))
	return !isKind || said == string(j.parent)
}

// nest puts rows into those that they belong to and gives those that belong to none.
func nest(rows []*row) []catalogue.Record {
	byID := map[catalogue.Kind]map[string]*row{}
	for _, r := range rows {
		if byID[r.Kind] == nil {
			byID[r.Kind] = map[string]*row{}
		}
		if _, twice := byID[r.Kind][r.ID()]; !twice && r.ID() != "" {
			byID[r.Kind][r.ID()] = r
		}
	}
	joins := map[catalogue.Kind][]join{}
	for _, r := range rows {
		if r.Err != nil || slices.Contains(alone, r.Kind) {
			continue
		}
		if _, known := joins[r.Kind]; !known {
			joins[r.Kind] = joinsOf(r.Kind)
		}
		for _, j := range joins[r.Kind] {
			parent := byID[j.parent][r.Object.Text(j.column)]
			if parent == nil || parent.Err != nil || parent == r || parent.Object.Get(j.field) != nil || !j.names(r) {
				continue
			}
			parent.inner[j.field] = append(parent.inner[j.field], r)
			r.taken = true
			break
		}
	}
	var records []catalogue.Record
	for _, r := range rows {
		if !r.taken {
			r.Object = r.whole()
			records = append(records, r.Record)
		}
	}
	return records
}

// whole is a row's object with those in it.
func (r *row) whole() catalogue.Object {
	o := r.Object
	table, ok := catalogue.TableOf(r.Kind)
	if !ok {
		return o
	}
	for _, field := range table.Fields {
		var list []catalogue.Object
		for _, inner := range r.inner[field.Name] {
			list = append(list, inner.whole())
		}
		if list != nil {
			o = o.With(field.Name, catalogue.JSON(list))
		}
	}
	return o
}
