package linked

import (
	"fmt"

	"github.com/miict/immerse/shared/catalogue"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/locale"
)

// context names the terms of CPSV-AP 3.2 that are used here, by the IRIs of its own context.
var context = func() node {
	text := func(id string) node { return node{"@id": id, "@container": "@language"} }
	link := func(id string) node { return node{"@id": id, "@type": "@id"} }
	return node{
		"cv": "http://data.europa.eu/m8g/", "cpsv": "http://purl.org/vocab/cpsv#", "dct": "http://purl.org/dc/terms/",
		"skos": "http://www.w3.org/2004/02/skos/core#", "foaf": "http://xmlns.com/foaf/0.1/",
		"PublicService": "cpsv:PublicService", "PublicOrganisation": "cv:PublicOrganisation", "Requirement": "cv:Requirement",
		"Evidence": "cv:Evidence", "ContactPoint": "cv:ContactPoint", "Cost": "cv:Cost", "Location": "dct:Location",
		"Concept": "skos:Concept", "Document": "foaf:Document", "LinguisticSystem": "dct:LinguisticSystem",
		"identifier": "dct:identifier", "title": text("dct:title"), "description": text("dct:description"),
		"prefLabel": text("skos:prefLabel"), "hasCompetentAuthority": link("cv:hasCompetentAuthority"), "spatial": link("dct:spatial"),
		"language": link("dct:language"), "thematicArea": link("cv:thematicArea"), "holdsRequirement": link("cv:holdsRequirement"),
		"hasRequirement": link("cv:hasRequirement"), "hasInput": link("cpsv:hasInput"), "hasCost": link("cv:hasCost"),
		"contactPoint": link("cv:contactPoint"), "contactPage": link("cv:contactPage"), "email": "cv:email", "telephone": "cv:telephone",
		"homepage": link("foaf:homepage"), "page": link("foaf:page"),
	}
}()

// CPSV writes entries as a CPSV-AP 3.2 graph: services with the organizations that are responsible for them, or
// organizations.
func (p Publisher) CPSV(entries []*catalogue.Entry) []byte {
	g := &graph{Publisher: p, seen: map[string]bool{}, nodes: []node{}}
	for _, e := range offered(entries) {
		if e.Kind == catalogue.Organization {
			g.organization(e)
		} else {
			g.service(e.Object())
		}
	}
	return catalogue.JSON(node{"@context": context, "@graph": g.nodes})
}

// graph gathers nodes, each once.
type graph struct {
	Publisher
	seen  map[string]bool
	nodes []node
}

// add adds a node unless there is one of its name, and gives the name.
func (g *graph) add(id, kind string, n node) string {
	if !g.seen[id] {
		g.seen[id] = true
		n["@id"], n["@type"] = id, kind
		g.nodes = append(g.nodes, n)
	}
	return id
}

func (g *graph) service(s catalogue.Object) {
	id, x := g.address("services", s.ID()), extension(s)
	n := node{"identifier": s.ID(), "title": g.own(s.Text("name"))}
	about := s.Text("description")
	for _, other := range []string{"eligibility_description", "name"} { // CPSV-AP needs a description, HSDS doesn't
		if about == "" {
			about = s.Text(other)
		}
	}
	n.put("description", g.own(about))
	if o := g.organizationOf(s, x); o != nil {
		n.put("hasCompetentAuthority", g.organization(o))
	}
	n.put("spatial", g.areas(g.places(x)))
	var languages []string
	for _, spoken := range s.List("languages") {
		if iri := languageIRI(spoken.Text("code")); iri != "" {
			languages = append(languages, g.add(iri, "LinguisticSystem", node{}))
		}
	}
	n.put("language", languages)
	var themes []string
	for _, need := range known(x.Needs) {
		themes = append(themes, g.add(g.address("taxonomy_terms", catalogue.NeedID(need)), "Concept", node{"identifier": need, "prefLabel": needName(need)}))
	}
	n.put("thematicArea", themes)
	n.put("holdsRequirement", g.requirement(id, s, x))
	var inputs []string
	for i, document := range s.List("required_documents") {
		name := fmt.Sprintf("%s#document-%d", id, i+1)
		evidence := node{"identifier": document.ID(), "title": g.own(document.Text("document"))}
		if evidence["identifier"] == "" {
			evidence["identifier"] = name
		}
		if page := hsds.WebAddress(document.Text("uri")); page != "" {
			evidence["page"] = g.add(page, "Document", node{})
		}
		inputs = append(inputs, g.add(name, "Evidence", evidence))
	}
	n.put("hasInput", inputs)
	if fees := s.Text("fees_description"); fees != "" {
		n["hasCost"] = g.add(id+"#cost", "Cost", node{"identifier": s.ID() + "-cost", "description": g.own(fees)})
	}
	n.put("contactPoint", g.contact(id, s))
	g.add(id, "PublicService", n)
}

// contact is how the service is reached; empty if it doesn't say.
func (g *graph) contact(id string, s catalogue.Object) string {
	n := node{}
	if page := hsds.WebAddress(s.Text("url")); page != "" {
		n["contactPage"] = g.add(page, "Document", node{})
	}
	n.put("email", s.Text("email"))
	var numbers []string
	for _, phone := range s.List("phones") {
		numbers = append(numbers, phone.Text("number"))
	}
	n.put("telephone", numbers)
	if len(n) == 0 {
		return ""
	}
	return g.add(id+"#contact", "ContactPoint", n)
}

func (g *graph) areas(codes []string) (all []string) {
	for _, code := range codes {
		if code == g.Country {
			all = append(all, g.country())
			continue
		}
		names := spoken(func(say *locale.Printer) string { return g.Area(code, say.Lang()) })
		if names[locale.Default] != "" {
			all = append(all, g.add(g.Base+"#area-"+code, "Location", node{"identifier": code, "prefLabel": names}))
		}
	}
	return all
}

func (g *graph) country() string {
	names := spoken(func(say *locale.Printer) string { return g.Area(g.Country, say.Lang()) })
	return g.add(countryIRI(g.Country), "Location", node{"identifier": g.Country, "prefLabel": names})
}

// requirement is what a service asks of people, with the clauses below it if there are several; empty if it is open to
// everyone. A foreign service says it in its own words.
func (g *graph) requirement(service string, s catalogue.Object, x hsds.ServiceExtension) string {
	id := service + "#requirement"
	switch len(x.Eligibility) {
	case 0:
		if said := s.Text("eligibility_description"); said != "" && s.Get("immerse") == nil {
			return g.add(id, "Requirement", node{"identifier": s.ID() + "-requirement", "title": g.own(said)})
		}
		return ""
	case 1:
		return g.asked(id, s.ID()+"-requirement", &x.Eligibility[0])
	}
	var clauses []string
	for i := range x.Eligibility {
		clauses = append(clauses, g.asked(fmt.Sprintf("%s-%d", id, i+1), fmt.Sprintf("%s-requirement-%d", s.ID(), i+1), &x.Eligibility[i]))
	}
	return g.add(id, "Requirement", node{
		"identifier": s.ID() + "-requirement", "hasRequirement": clauses,
		"title": spoken(func(say *locale.Printer) string { return say.T("requirement.one_is_enough") }),
	})
}

func (g *graph) asked(id, identifier string, clause *eligibility.Clause) string {
	return g.add(id, "Requirement", node{
		"identifier": identifier, "title": spoken(func(say *locale.Printer) string { return g.clause(clause, say) }),
	})
}

func (g *graph) organization(e *catalogue.Entry) string {
	o := e.Object()
	n := node{"identifier": e.ID, "prefLabel": g.own(o.Text("name")), "spatial": []string{g.country()}}
	n.put("description", g.own(o.Text("description")))
	if page := hsds.WebAddress(o.Text("website")); page != "" {
		n["homepage"] = g.add(page, "Document", node{})
	}
	return g.add(g.address("organizations", e.ID), "PublicOrganisation", n)
}
