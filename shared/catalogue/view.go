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
		return d.term(e.Object)
	default:
		return e.Object
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
	o := e.Object
	if view == Brief {
		o = brief(Service, o)
	} else {
		o = d.resolve(Service, o)
		var places []Object
		for _, place := range d.placesOf[e.ID] {
			places = append(places, d.place(place, Full, false))
		}
		if places != nil {
			o = o.With("service_at_locations", JSON(places))
		}
	}
	if program := d.byID[Program][o.Text("program_id")]; program != nil && o.Get("program") == nil {
		o = o.With("program", brief(Program, program.Object).Bytes())
	}
	if !whose {
		return o.Without(func(m Member) bool { return m.Name == "organization" })
	}
	if organization := d.byID[Organization][d.organizationID(o)]; organization != nil {
		shown := brief(Organization, organization.Object)
		if view != Brief {
			shown = d.whole(organization)
		}
		o = o.With("organization", shown.Bytes())
	}
	return o
}

// whole is an organization with what belongs to it, except its services.
func (d *Directory) whole(e *Entry) Object {
	o := d.resolve(Organization, e.Object).Without(func(m Member) bool { return m.Name == "services" })
	with := func(name string, kind Kind, entries []*Entry) {
		var list []Object
		for _, entry := range entries {
			list = append(list, d.resolve(kind, entry.Object))
		}
		if list != nil {
			o = o.With(name, JSON(list))
		}
	}
	with("locations", Location, d.locationsOf[e.ID])
	with("programs", Program, d.programsOf[e.ID])
	return o
}

func (d *Directory) organization(e *Entry, view View) Object {
	if view == Brief {
		return brief(Organization, e.Object)
	}
	o := d.whole(e)
	services := []Object{}
	for _, service := range d.servicesOf[e.ID] {
		shown := Object{{"id", service.Object.Get("id")}, {"name", service.Object.Get("name")}, {"status", service.Object.Get("status")}}
		if view == FullServices {
			shown = d.service(service, Full, false)
		}
		services = append(services, shown.Without(func(m Member) bool { return m.Value == nil }))
	}
	return o.With("services", JSON(services))
}

// place shows a service at a location, with the service unless that is what is being shown.
func (d *Directory) place(e *Entry, view View, what bool) Object {
	o := e.Object
	if view == Brief {
		o = brief(ServiceAtLocation, o)
	} else {
		o = d.resolve(ServiceAtLocation, o)
	}
	id := o.Text("location_id")
	if id == "" {
		id = o.Object("location").ID()
	}
	if location := d.byID[Location][id]; location != nil {
		shown := brief(Location, location.Object)
		if view != Brief {
			shown = d.resolve(Location, location.Object)
		}
		o = o.With("location", shown.Bytes())
	}
	if !what {
		return o.Without(func(m Member) bool { return m.Name == "service" })
	}
	if service := d.serviceOf(e); service != nil {
		shown := d.service(service, view, true).Without(func(m Member) bool { return m.Name == "service_at_locations" })
		o = o.With("service", shown.Bytes())
	}
	return o
}

// term shows a term with its taxonomy.
func (d *Directory) term(o Object) Object {
	if taxonomy := d.byID[Taxonomy][o.Text("taxonomy_id")]; taxonomy != nil && o.Get("taxonomy_detail") == nil {
		o = o.With("taxonomy_detail", taxonomy.Object.Bytes())
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
			if term := d.termOf(inner); field.Of == "attribute" && term != nil {
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

func (d *Directory) organizationID(service Object) string {
	if id := service.Text("organization_id"); id != "" {
		return id
	}
	return service.Object("organization").ID()
}

func (d *Directory) organizationOf(service Object) Object {
	if e := d.byID[Organization][d.organizationID(service)]; e != nil {
		return e.Object
	}
	return nil
}

// termOf gives the term of an attribute: the one within it, or the one that it refers to.
func (d *Directory) termOf(attribute Object) Object {
	if term := attribute.Object("taxonomy_term"); term != nil {
		return term
	}
	if e := d.byID[TaxonomyTerm][attribute.Text("taxonomy_term_id")]; e != nil {
		return e.Object
	}
	return nil
}

// taxonomyOf gives the taxonomy of a term.
func (d *Directory) taxonomyOf(term Object) Object {
	if detail := term.Object("taxonomy_detail"); detail != nil {
		return detail
	}
	if e := d.byID[Taxonomy][term.Text("taxonomy_id")]; e != nil {
		return e.Object
	}
	return nil
}

func (d *Directory) serviceOf(place *Entry) *Entry {
	id := place.Object.Text("service_id")
	if id == "" {
		id = place.Object.Object("service").ID()
	}
	return d.byID[Service][id]
}
