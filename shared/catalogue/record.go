package catalogue

import "slices"

// A Record is one object of a feed: what it is, where it stands, and its JSON as it came.
type Record struct {
	Kind Kind
	// Place is where it stands, for whoever has to mend it: "feed.json: [3]".
	Place string
	// Object is the object's members; nil if Err says why it could not be read.
	Object Object
	Err    error
}

// NewRecord reads an object and tells its kind. It never fails: what can't be read is a Record with an Err, which Check
// names. Record and data share memory.
func NewRecord(place string, data []byte) Record {
	object, err := ParseObject(data)
	return Record{Kind: KindOf(object), Place: place, Object: object, Err: err}
}

// ID is the object's id, "" if it has none that is a text.
func (r Record) ID() string { return r.Object.ID() }

// signs are fields that only objects of one kind have, those first that decide against what follows. An object does not
// say what it is.
var signs = []struct {
	kind   Kind
	fields []string // any of them
}{
	{Location, []string{"location_type"}},
	{ServiceAtLocation, []string{"service"}},
	{Service, []string{"status", "organization"}},
	{TaxonomyTerm, []string{"taxonomy_detail", "taxonomy_id", "taxonomy", "term_uri", "term", "parent_id"}},
	{Other, []string{"contact_id", "phone_id", "link_id", "resource_id", "unit_id", "updated", "address_1", "number"}},
}

// lists are fields that organizations have and services don't.
var lists = []string{
	"services", "programs", "locations", "organization_identifiers", "website", "additional_websites", "legal_status", "tax_id",
	"tax_status", "year_incorporated", "logo", "parent_organization_id",
}

// KindOf tells what an object is, by the fields that HSDS gives to one kind only. What can't be told is an organization
// if it has a name, as most objects in feeds that only have what HSDS requires are; what can't be read at all counts as a
// service, which somebody will then miss.
func KindOf(o Object) Kind {
	if o == nil {
		return Service
	}
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return o.Get(name) != nil })
	}
	if extension := o.Object("immerse"); extension.has("needs") || extension.has("areas") {
		return Service
	}
	if has("location") || has("service_id") && has("location_id") {
		return ServiceAtLocation
	}
	for _, sign := range signs {
		if has(sign.fields...) {
			return sign.kind
		}
	}
	switch {
	case has("service_id", "location_id", "service_at_location_id"):
		return Other
	case has("organization_id"):
		return ofOrganization(o)
	case has(lists...):
		return Organization
	case has("code") && o.fits(TaxonomyTerm):
		return TaxonomyTerm
	case has("name") && has("version"):
		return Taxonomy
	case has("name") || has("immerse"):
		return Organization
	}
	return Other
}

// fits tells whether an object has only fields that a kind has.
func (o Object) fits(kind Kind) bool {
	table, _ := TableOf(kind)
	return !slices.ContainsFunc(o, func(member Member) bool {
		_, known := table.Field(member.Name)
		return !known
	})
}

// ofOrganization tells what belongs to an organization: a program has little more than a name and a description.
func ofOrganization(o Object) Kind {
	program, _ := TableOf(Program)
	for _, member := range o {
		if _, known := program.Field(member.Name); !known {
			return Service
		}
	}
	if o.Get("description") == nil || o.Get("immerse") != nil {
		return Service
	}
	return Program
}
