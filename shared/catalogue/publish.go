package catalogue

import (
	"encoding/json"
	"slices"
	"strings"
)

// Words are what a Directory says in the place of our codes, so that somebody who knows HSDS and not Immerse can read and
// find them.
type Words struct {
	// Need gives the names of a need, the one to show first, and those in other languages after it.
	Need func(code string) []string
	// Area gives the name of an area, "" for an unknown one.
	Area func(code string) string
	// Country is the code of the area that online services are for.
	Country string
	// Needs are the codes of the needs, in their order.
	Needs []string
}

// public are the members of our extension that anybody may read. What is added to it is private until it stands here: an
// organization's inbox is for referrals only.
var public = []string{"needs", "areas", "online", "authority", "priority", "eligibility", "event"}

// publish takes out of a value, at every depth, what is not for everybody.
func publish(value json.RawMessage) json.RawMessage {
	if len(value) == 0 {
		return value
	}
	switch value[0] {
	case '[':
		list := rawList(value)
		for i := range list {
			list[i] = publish(list[i])
		}
		return JSON(list)
	case '{':
		object, err := parseObject(value)
		if err != nil { // a name twice: nobody knows what is meant
			return json.RawMessage("null")
		}
		return publishObject(object).Bytes()
	}
	return value
}

func publishObject(o Object) Object {
	published := make(Object, 0, len(o))
	for _, member := range o {
		if member.Name == "immerse" {
			extension := Object{}
			if len(member.Value) > 0 && member.Value[0] == '{' {
				whole, _ := parseObject(member.Value)
				extension = whole.Without(func(m Member) bool { return !slices.Contains(public, m.Name) })
			}
			if len(extension) > 0 {
				published = append(published, Member{member.Name, extension.Bytes()})
			}
			continue
		}
		published = append(published, Member{member.Name, publish(member.Value)})
	}
	return published
}

// Ids of what our codes are published as.
var taxonomyID = DerivedID("immerse", "taxonomy", "needs")

// NeedID is the id of the taxonomy term that a need is published as.
func NeedID(need string) string { return DerivedID("immerse", "need", need) }

// needsTaxonomy is the list of needs as an HSDS taxonomy.
func needsTaxonomy() Object {
	return Object{
		{"id", JSON(taxonomyID)}, {"name", JSON("Immerse needs")},
		{"description", JSON("What people ask for help with, as the forms of Immerse ask it.")}, {"version", JSON("1")},
	}
}

// needTerm is a need as a term of the taxonomy.
func needTerm(need string, words Words) Object {
	names := words.Need(need)
	return Object{
		{"id", JSON(NeedID(need))}, {"code", JSON(need)}, {"name", JSON(names[0])}, {"description", JSON(strings.Join(names, " · "))},
		{"taxonomy", JSON("Immerse needs")}, {"language", JSON("en")}, {"taxonomy_id", JSON(taxonomyID)},
	}
}

// say adds to a service what our extension says, in HSDS's own words: its needs as attributes, its areas as service areas
// if it names none itself.
func say(service Object, words Words) Object {
	extension := service.Object("immerse")
	if extension == nil {
		return service
	}
	attributes := rawList(service.Get("attributes"))
	for _, need := range textList(extension.Get("needs")) {
		attributes = append(attributes, Object{
			{"id", JSON(DerivedID(service.ID(), "need", need))}, {"link_id", service.Get("id")}, {"link_entity", JSON("service")},
			{"taxonomy_term_id", JSON(NeedID(need))},
		}.Bytes())
	}
	if len(attributes) > 0 {
		service = service.With("attributes", JSON(attributes))
	}
	if service.Get("service_areas") != nil {
		return service
	}
	codes := textList(extension.Get("areas"))
	if string(extension.Get("online")) == "true" {
		codes = []string{words.Country}
	}
	areas := []Object{}
	for _, code := range codes {
		if name := words.Area(code); name != "" {
			areas = append(areas, Object{
				{"id", JSON(DerivedID(service.ID(), "area", code))}, {"service_id", service.Get("id")}, {"name", JSON(name)},
				{"extent", JSON(code)}, {"extent_type", JSON("text")},
			})
		}
	}
	if len(areas) > 0 {
		service = service.With("service_areas", JSON(areas))
	}
	return service
}

func textList(value json.RawMessage) (list []string) {
	_ = json.Unmarshal(value, &list) // of another type: Check names it
	return list
}
