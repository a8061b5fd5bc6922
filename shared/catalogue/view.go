package catalogue

// A View is how much of an entry is shown.
type View int

// The views.
const (
	// Brief has what an entry has one of: no lists.
	Brief View = iota
	// Full has everything, and what belongs to it, nested.
	Full
	// FullServices is Full, for an organization with the whole of its services and not only their ids and names.
	FullServices
)

// Show gives an entry as the API answers it.
func (d *Directory) Show(e *Entry, view View) Object {
	switch e.Kind {
	case Service:
		return d.service(e, view, true)
	case Organization:
		return d.organization(e, view)
	case ServiceAtLocation:
		return d.place(e, view, true)
	case TaxonomyTerm:
		return d.term(e.Object())
	default:
		return e.Object()
	}
}

// brief leaves lists out.
func brief(kind Kind, o Object) Object {
	table, _ := TableOf(kind)
	return o.Without(func(m Member) bool {
		field, ok := table.Field(m.Name)
		return ok && field.Type == Many || m.Name == "services"
	})
}

// service shows a service, with its organization unless that is what is being shown.
func (d *Directory) service(e *Entry, view View, whose bool) Object {
	o := e.Object()
	if view == Brief {
		o = brief(Service, o)
	} else {
		o = d.resolve(Service, o)
		var places []Object
		for _, place := range d.owned(ServiceAtLocation, facetService, e.ID) {
			places = append(places, d.place(place, Full, false))
		}
		if places != nil {
			o = o.With("service_at_locations", JSON(places))
		}
	}
	if program := d.find(Program, o.Text("program_id")); program != nil && o.Get("program") == nil {
		o = o.With("program", brief(Program, program).Bytes())
	}
	if !whose {
		return o.Without(func(m Member) bool { return m.Name == "organization" })
	}
	if organization := d.Entry(Organization, organizationID(o)); organization != nil {
		shown := brief(Organization, organization.Object())
		if view != Brief {
			shown = d.whole(organization)
		}
		o = o.With("organization", shown.Bytes())
	}
	return o
}

// whole is an organization with what belongs to it, except its services.
func (d *Directory) whole(e *Entry) Object {
	o := d.resolve(Organization, e.Object()).Without(func(m Member) bool { return m.Name == "services" })
	with := func(name string, kind Kind) {
		var list []Object
		for _, entry := range d.owned(kind, facetOrganization, e.ID) {
			list = append(list, d.resolve(kind, entry.Object()))
		}
		if list != nil {
			o = o.With(name, JSON(list))
		}
	}
	with("locations", Location)
	with("programs", Program)
	return o
}

func (d *Directory) organization(e *Entry, view View) Object {
	if view == Brief {
		return brief(Organization, e.Object())
	}
	o := d.whole(e)
	owned := d.owned(Service, facetOrganization, e.ID)
	services := make([]Object, 0, len(owned))
	for _, service := range owned {
		if view == FullServices && len(owned) <= mostWhole {
			services = append(services, d.service(service, Full, false))
			continue
		}
		services = append(services, d.named(service))
	}
	return o.With("services", JSON(services))
}

// mostWhole is of how many services an organization is shown with the whole of them: more would be no answer that anybody
// could send.
const mostWhole = 1000

// named is a service by its id, name and status, without reading its document.
func (d *Directory) named(service *Entry) Object {
	list, at := d.lists[Service], int(service.number)
	o := Object{{"id", JSON(service.ID)}, {"name", list.names.json(at)}, {"status", list.statuses.json(at)}}
	return o.Without(func(m Member) bool { return m.Value == nil })
}

// place shows a service at a location, with the service unless that is what is being shown.
func (d *Directory) place(e *Entry, view View, what bool) Object {
	o := e.Object()
	if view == Brief {
		o = brief(ServiceAtLocation, o)
	} else {
		o = d.resolve(ServiceAtLocation, o)
	}
	id := o.Text("location_id")
	if id == "" {
		id = o.Object("location").ID()
	}
	if location := d.find(Location, id); location != nil {
		shown := brief(Location, location)
		if view != Brief {
			shown = d.resolve(Location, location)
		}
		o = o.With("location", shown.Bytes())
	}
	if !what {
		return o.Without(func(m Member) bool { return m.Name == "service" })
	}
	if service := d.Entry(Service, serviceID(e.Object())); service != nil {
		shown := d.service(service, view, true).Without(func(m Member) bool { return m.Name == "service_at_locations" })
		o = o.With("service", shown.Bytes())
	}
	return o
}

// term shows a term with its taxonomy.
func (d *Directory) term(o Object) Object {
	if taxonomy := d.find(Taxonomy, o.Text("taxonomy_id")); taxonomy != nil && o.Get("taxonomy_detail") == nil {
		o = o.With("taxonomy_detail", taxonomy.Bytes())
	}
	return o
}

// resolve puts the terms that attributes refer to into them, at every depth.
func (d *Directory) resolve(kind Kind, o Object) Object {
	table, _ := TableOf(kind)
	for _, field := range table.Fields {
		if field.Type != Many || o.Get(field.Name) == nil {
			continue
		}
		list := rawList(o.Get(field.Name))
		changed := false
		for i := range list {
			inner, err := parseObject(list[i])
			if err != nil {
				continue
			}
			shown := d.resolve(field.Of, inner)
			if term := termOf(d.find, inner); field.Of == "attribute" && term != nil {
				shown = shown.With("taxonomy_term", d.term(term).Bytes())
			}
			list[i], changed = shown.Bytes(), true
		}
		if changed {
			o = o.With(field.Name, JSON(list))
		}
	}
	return o
}

// find gives an object by its id; nil if there is none.
func (d *Directory) find(kind Kind, id string) Object {
	if e := d.Entry(kind, id); e != nil {
		return e.Object()
	}
	return nil
}
