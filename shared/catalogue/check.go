package catalogue

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
)

// check is the work of one Check.
type check struct {
	records  []Record
	around   Around
	known    map[Kind]map[string]bool // ids, of nested objects too
	problems []Problem
	said     map[place]bool
}

type place struct {
	record int
	path   string
}

// Check names everything that is wrong with records that belong together, in their order. The records may refer to each
// other and to what is around them. Services and organizations with an "immerse" object are held to what matching needs;
// all else to what HSDS asks.
func Check(records []Record, around Around) []Problem {
	c := &check{records: records, known: map[Kind]map[string]bool{}, said: map[place]bool{}}
	for _, r := range records {
		c.know(r.Kind, r.Object)
	}
	c.around = Around{Area: around.Area, Organization: func(id string) bool {
		return c.known[Organization][id] || around.Organization != nil && around.Organization(id)
	}}
	if c.around.Area == nil {
		c.around.Area = func(string) bool { return false }
	}
	first := map[string]string{}
	for i := range records {
		c.record(i, first)
	}
	slices.SortStableFunc(c.problems, func(a, b Problem) int { return a.Record - b.Record })
	return c.problems
}

// Sound gives the records of which nothing is refused, in their order.
func Sound(records []Record, problems []Problem) []Record {
	refused := map[int]bool{}
	for _, p := range problems {
		if p.Refused {
			refused[p.Record] = true
		}
	}
	var sound []Record
	for i, r := range records {
		if !refused[i] {
			sound = append(sound, r)
		}
	}
	return sound
}

// know notes the ids of an object and of those in it.
func (c *check) know(kind Kind, o Object) {
	if id := o.ID(); id != "" {
		if c.known[kind] == nil {
			c.known[kind] = map[string]bool{}
		}
		c.known[kind][id] = true
	}
	for of, inner := range nested(kind, o) {
		c.know(of, inner)
	}
}

// nested gives the objects in an object with their kinds. Organizations hold services, though HSDS's tables don't say so.
func nested(kind Kind, o Object) func(yield func(Kind, Object) bool) {
	return func(yield func(Kind, Object) bool) {
		table, ok := TableOf(kind)
		if !ok {
			return
		}
		for _, member := range o {
			of := Kind("")
			if field, ok := table.Field(member.Name); ok && field.Type.Nested() {
				of = field.Of
			} else if member.Name == "services" && kind == Organization || member.Name == "service" && kind == ServiceAtLocation {
				of = Service
			}
			if of == "" || len(member.Value) == 0 {
				continue
			}
			inner := o.List(member.Name)
			if member.Value[0] == '{' {
				inner = []Object{o.Object(member.Name)}
			}
			for _, object := range inner {
				if !yield(of, object) {
					return
				}
			}
		}
	}
}

func (c *check) record(index int, first map[string]string) {
	r, refuse, doubt := c.records[index], c.report(index, true), c.report(index, false)
	if r.Err != nil {
		refuse("", "%v", r.Err)
		return
	}
	switch id := r.ID(); {
	case id != "":
		key := string(r.Kind) + " " + id
		if other, twice := first[key]; twice {
			refuse("id", "is that of %s too", other)
			break
		}
		first[key] = r.Place
	case r.Object.Get("id") != nil:
		refuse("id", "is not a text")
	default:
		refuse("id", "is missing")
	}
	if r.Object.Get("immerse") != nil {
		c.ours(r, refuse)
	}
	if table, ok := TableOf(r.Kind); ok {
		checkForm(r.Object, table, doubt)
		c.references(r.Kind, r.Object, doubt)
	}
}

// ours looks at an object that matching will use.
func (c *check) ours(r Record, wrong Report) {
	bare := r.Object.Without(func(m Member) bool { return m.Name == "immerse" }).Bytes()
	extension := r.Object.Get("immerse")
	switch r.Kind {
	case Service:
		var s hsds.Service
		decoded(s.UnmarshalJSON(bare), wrong)
		if s.OrganizationID == "" {
			s.OrganizationID = r.Object.Object("organization").ID()
		}
		s.Immerse = &hsds.ServiceExtension{}
		decoded(s.Immerse.UnmarshalJSON(extension), wrong.under("immerse"))
		CheckService(&s, c.around, wrong)
	case Organization:
		var o hsds.Organization
		decoded(o.UnmarshalJSON(bare), wrong)
		o.Immerse = &hsds.OrganizationExtension{}
		decoded(o.Immerse.UnmarshalJSON(extension), wrong.under("immerse"))
		CheckOrganization(&o, c.around, wrong)
	default:
		wrong("immerse", "is nothing that a %s can have", r.Kind)
	}
}

// decoded tells what a strict reader found at a path, each problem of clauses by itself.
func decoded(err error, wrong Report) {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) && kind.Field != "" {
		wrong(strings.TrimPrefix(kind.Field, "plain."), "is a %s", kind.Value) // "plain" is how package hsds calls the type
		err = withoutType(err)
	}
	for _, problem := range eligibility.Problems(err) {
		wrong(problem.Path, "%s", strings.TrimPrefix(problem.Text, "immerse: "))
	}
}

// withoutType gives the other problems of joined errors.
func withoutType(err error) error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return nil
	}
	return errors.Join(slices.DeleteFunc(slices.Clone(joined.Unwrap()), func(err error) bool {
		var kind *json.UnmarshalTypeError
		return errors.As(err, &kind)
	})...)
}

// links are the fields that refer to another object by its id.
var links = map[string]Kind{
	"organization_id": Organization, "parent_organization_id": Organization, "program_id": Program, "service_id": Service,
	"location_id": Location, "service_at_location_id": ServiceAtLocation, "taxonomy_id": Taxonomy, "taxonomy_term_id": TaxonomyTerm,
	"parent_id": TaxonomyTerm, "contact_id": "contact", "phone_id": "phone", "unit_id": "unit",
}

// references looks whether what an object and those in it refer to is there.
func (c *check) references(kind Kind, o Object, wrong Report) {
	for _, member := range o {
		target, ok := links[member.Name]
		if !ok {
			continue
		}
		id := o.Text(member.Name)
		if id == "" || c.known[target][id] || target == Organization && c.around.Organization(id) {
			continue
		}
		wrong(member.Name, "no %s %q", strings.ReplaceAll(string(target), "_", " "), id)
	}
	table, ok := TableOf(kind)
	if !ok {
		return
	}
	for _, field := range table.Fields {
		if !field.Type.Nested() {
			continue
		}
		if field.Type == One {
			c.references(field.Of, o.Object(field.Name), wrong.under(field.Name))
			continue
		}
		for i, inner := range rawList(o.Get(field.Name)) {
			if object, err := parseObject(inner); err == nil {
				c.references(field.Of, object, wrong.under(indexed(field.Name, i)))
			}
		}
	}
}
