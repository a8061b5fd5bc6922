package linked

import (
	"slices"

	"github.com/miict/immerse/shared/catalogue"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/locale"
)

// SchemaOrg writes entries as search engines read them: services as schema.org's GovernmentService, organizations as its
// Organization, as there are NGOs among them.
func (p Publisher) SchemaOrg(entries []*catalogue.Entry) []byte {
	things := []node{}
	for _, e := range offered(entries) {
		if e.Kind == catalogue.Organization {
			things = append(things, p.schemaOrganization(e))
		} else {
			things = append(things, p.governmentService(e.Object()))
		}
	}
	return catalogue.JSON(node{"@context": "https://schema.org", "@graph": things})
}

func (p Publisher) governmentService(s catalogue.Object) node {
	x := extension(s)
	n := node{"@type": "GovernmentService", "@id": p.address("services", s.ID()), "identifier": s.ID(), "name": s.Text("name")}
	n.put("alternateName", s.Text("alternate_name"))
	n.put("description", s.Text("description"))
	n.put("url", hsds.WebAddress(s.Text("url")))
	n.put("email", s.Text("email"))
	n.put("inLanguage", p.Lang)
	id := s.Text("organization_id")
	if id == "" {
		id = s.Object("organization").ID()
	}
	if provider := p.Directory.Entry(catalogue.Organization, id); provider != nil {
		n["provider"] = p.schemaOrganization(provider)
	}
	if operator := p.Directory.Entry(catalogue.Organization, x.Authority); operator != nil && operator.ID != id {
		n["serviceOperator"] = p.schemaOrganization(operator)
	}
	var kinds, languages []string
	for _, need := range known(x.Needs) {
		kinds = append(kinds, p.inBoth(func(say *locale.Printer) string { return say.Code("need", need) })...)
	}
	for _, spoken := range s.List("languages") {
		if code := spoken.Text("code"); code != "" {
			languages = append(languages, code)
		}
	}
	n.put("serviceType", kinds)
	n.put("availableLanguage", languages)
	var areas, audience []node
	for _, code := range p.places(x) {
		if name := p.Area(code, p.Lang); name != "" {
			areas = append(areas, node{"@type": "AdministrativeArea", "name": name, "identifier": code})
		}
	}
	for i := range x.Eligibility { // an audience for each: one of them is enough
		for _, text := range p.inBoth(func(say *locale.Printer) string { return p.clause(&x.Eligibility[i], say) }) {
			audience = append(audience, node{"@type": "Audience", "audienceType": text})
		}
	}
	n.put("areaServed", areas)
	n.put("audience", audience)
	return n
}

// inBoth says something in English and in the catalogue's language: schema.org has no texts by language.
func (p Publisher) inBoth(say func(*locale.Printer) string) []string {
	said := []string{say(locale.For(locale.Default)), say(locale.For(p.Lang))}
	return slices.Compact(said)
}

func (p Publisher) schemaOrganization(e *catalogue.Entry) node {
	n := node{"@type": "Organization", "@id": p.address("organizations", e.ID), "identifier": e.ID, "name": e.Object().Text("name")}
	n.put("alternateName", e.Object().Text("alternate_name"))
	n.put("description", e.Object().Text("description"))
	n.put("url", hsds.WebAddress(e.Object().Text("website")))
	n.put("email", e.Object().Text("email"))
	return n
}
