package linked_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/shared/catalogue"
	"github.com/miict/immerse/shared/catalogue/linked"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/locale"
)

// publisher is that of a country's pack, with some further records.
func publisher(t *testing.T, code string, more ...string) linked.Publisher {
	t.Helper()
	pack, err := country.Load(code)
	if err != nil {
		t.Fatal(err)
	}
	records := pack.Records()
	for _, text := range more {
		records = append(records, catalogue.NewRecord("", []byte(text)))
	}
	words := catalogue.Words{Need: func(code string) []string { return []string{code} }, Area: pack.Areas.Name, Country: pack.Code}
	return linked.Publisher{
		Directory: catalogue.NewDirectory(pack.Version, records, words), Base: "https://immerse.example/hsds",
		Country: pack.Code, Lang: pack.Languages[0], Area: pack.Areas.NameIn,
	}
}

type node = map[string]any

func graph(t *testing.T, data []byte) (context node, byID map[string]node) {
	t.Helper()
	var document struct {
		Context any    `json:"@context"`
		Graph   []node `json:"@graph"`
	}
	if err := json.Unmarshal(data, &document); err != nil {
		t.Fatal(err)
	}
	byID = map[string]node{}
	for _, n := range document.Graph {
		id := n["@id"].(string)
		if byID[id] != nil {
			t.Errorf("%s stands twice", id)
		}
		byID[id] = n
	}
	context, _ = document.Context.(node)
	return context, byID
}

// shapes are what CPSV-AP 3.2's SHACL shapes ask of each class, as far as it is used here: what must be there, and which
// class what is referred to has (github.com/SEMICeu/CPSV-AP, releases/3.2.0/shacl, CC BY 4.0).
var shapes = map[string]struct {
	needs  []string
	refers map[string]string
}{
	"PublicService": {[]string{"identifier", "title", "description", "hasCompetentAuthority"}, map[string]string{
		"hasCompetentAuthority": "PublicOrganisation", "spatial": "Location", "language": "LinguisticSystem", "thematicArea": "Concept",
		"holdsRequirement": "Requirement", "hasInput": "Evidence", "hasCost": "Cost", "contactPoint": "ContactPoint",
	}},
	"PublicOrganisation": {[]string{"prefLabel", "spatial"}, map[string]string{"spatial": "Location", "homepage": "Document"}},
	"Requirement":        {[]string{"identifier", "title"}, map[string]string{"hasRequirement": "Requirement"}},
	"Evidence":           {[]string{"identifier", "title"}, map[string]string{"page": "Document"}},
	"Cost":               {[]string{"identifier"}, nil},
	"ContactPoint":       {nil, map[string]string{"contactPage": "Document"}},
	"Location":           {nil, nil}, "Document": {nil, nil}, "LinguisticSystem": {nil, nil}, "Concept": {[]string{"prefLabel"}, nil},
}

// iris are some terms as the official context of CPSV-AP 3.2 names them.
var iris = map[string]string{
	"title": "dct:title", "identifier": "dct:identifier", "description": "dct:description", "prefLabel": "skos:prefLabel",
	"hasCompetentAuthority": "cv:hasCompetentAuthority", "spatial": "dct:spatial", "language": "dct:language", "thematicArea": "cv:thematicArea",
	"holdsRequirement": "cv:holdsRequirement", "hasInput": "cpsv:hasInput", "hasCost": "cv:hasCost", "contactPoint": "cv:contactPoint",
	"contactPage": "cv:contactPage", "email": "cv:email", "telephone": "cv:telephone", "PublicService": "cpsv:PublicService",
	"PublicOrganisation": "cv:PublicOrganisation", "Requirement": "cv:Requirement", "Evidence": "cv:Evidence", "cv": "http://data.europa.eu/m8g/",
	"cpsv": "http://purl.org/vocab/cpsv#", "dct": "http://purl.org/dc/terms/",
}

const foreign = `{"id":"f1","name":"Café","status":"active","eligibility_description":"Everybody over 12","url":"javascript:alert(1)",
	"organization":{"id":"fo","name":"Ponte","description":"d"},"required_documents":[{"document":"Passport"}],
	"phones":[{"id":"p","number":"+34 1"}],"languages":[{"id":"l","code":"ar"}]}`

func TestEveryGraphKeepsTheShapesOfCPSV(t *testing.T) {
	for _, code := range country.Codes() {
		p := publisher(t, code, foreign, `{"id":"f2","name":"Closed","status":"defunct"}`)
		data := p.CPSV(p.Directory.Find(catalogue.Service, catalogue.Question{}).All())
		if string(data) != string(p.CPSV(p.Directory.Find(catalogue.Service, catalogue.Question{}).All())) {
			t.Errorf("%s: not the same twice", code)
		}
		context, nodes := graph(t, data)
		for term, want := range iris {
			iri := context[term]
			if link, ok := iri.(node); ok {
				iri = link["@id"]
			}
			if iri != want {
				t.Errorf("%s is %v, not %s", term, iri, want)
			}
		}
		count := map[string]int{}
		for id, n := range nodes {
			kind := n["@type"].(string)
			count[kind]++
			shape, ok := shapes[kind]
			if !ok {
				t.Errorf("%s is a %s", id, kind)
			}
			for _, name := range shape.needs {
				if n[name] == nil || n[name] == "" {
					t.Errorf("%s %s %s has no %s", code, kind, id, name)
				}
			}
			for name, value := range n {
				if context[name] == nil && !strings.HasPrefix(name, "@") {
					t.Errorf("%s: the context doesn't know %s", id, name)
				}
				for _, to := range list(value) {
					if want := shape.refers[name]; want != "" && (nodes[to] == nil || nodes[to]["@type"] != want) {
						t.Errorf("%s: %s leads to %s, which is no %s", id, name, to, want)
					}
				}
			}
		}
		if count["Requirement"] == 0 || count["Evidence"] == 0 || nodes["https://immerse.example/hsds/services/f2"] != nil {
			t.Errorf("%s: %v", code, count)
		}
		if strings.Contains(string(data), "javascript:") {
			t.Error("an address that runs is published")
		}
	}
}

func list(value any) (all []string) {
	switch value := value.(type) {
	case string:
		return []string{value}
	case []any:
		for _, one := range value {
			text, _ := one.(string)
			all = append(all, text)
		}
	}
	return all
}

// Several clauses are one requirement, that one of them is met: all of them would be another thing.
func TestClausesBecomeRequirementsInEveryLanguage(t *testing.T) {
	const id = "8ee39100-5b32-5655-a6b2-fa40581b4d16" // two clauses: a status and 16 years, or asylum for six months
	p := publisher(t, "es")
	_, nodes := graph(t, p.CPSV([]*catalogue.Entry{p.Directory.Entry(catalogue.Service, id)}))
	service := nodes["https://immerse.example/hsds/services/"+id]
	top := nodes[service["holdsRequirement"].(string)]
	clauses := list(top["hasRequirement"])
	if len(clauses) != 2 || top["title"].(node)["en"] != "One of these is enough." {
		t.Fatalf("%v", top)
	}
	titles := nodes[clauses[1]]["title"].(node)
	if diff := cmp.Diff(len(locale.Languages()), len(titles)); diff != "" {
		t.Error(diff)
	}
	const want = "For people with this status: Asylum seeker"
	if english := titles["en"].(string); !strings.Contains(strings.ToLower(english), "asylum") || !strings.Contains(english, "6") || !strings.Contains(english, "16") {
		t.Errorf("%q doesn't say %q and the rest", english, want)
	}
	seen := map[string]bool{}
	for lang, title := range titles {
		text := title.(string)
		if text == "" || seen[text] || strings.ContainsAny(text, "{}") || strings.Contains(text, "reason.") {
			t.Errorf("%s: %q", lang, text)
		}
		seen[text] = true
	}
}

func TestSchemaOrg(t *testing.T) {
	p := publisher(t, "it", foreign)
	found := p.Directory.Find(catalogue.Service, catalogue.Question{}).All()
	_, nodes := graph(t, p.SchemaOrg(found))
	if len(nodes) != len(found) {
		t.Errorf("%d of %d services", len(nodes), len(found))
	}
	for id, n := range nodes {
		provider, _ := n["provider"].(node)
		if n["@type"] != "GovernmentService" || n["name"] == "" || provider["name"] == nil || provider["@type"] != "Organization" {
			t.Errorf("%s: %v", id, n)
		}
	}
	own := nodes["https://immerse.example/hsds/services/f1"]
	if own["url"] != nil || !slices.Equal(list(own["availableLanguage"]), []string{"ar"}) {
		t.Errorf("%v", own)
	}
	if _, organizations := graph(t, p.SchemaOrg(p.Directory.Find(catalogue.Organization, catalogue.Question{}).All())); len(organizations) < 2 {
		t.Errorf("%v", organizations)
	}
}
