package linked

import (
	"strings"

	"golang.org/x/text/language"

	"github.com/miict/immerse/shared/catalogue"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/locale"
)

// A Publisher writes what a directory holds. All fields are required.
type Publisher struct {
	Directory *catalogue.Directory
	Base      string // of the API that the things are named by: "https://…/hsds"
	Country   string // ISO 3166-1 alpha-2, in capitals
	Lang      string // BCP 47, of the catalogue's own texts
	// Area names an area in a language, "" for an unknown one.
	Area func(code, lang string) string
}

// The profiles, which tell one kind of JSON-LD from another in a content type.
const (
	ProfileCPSV   = "http://data.europa.eu/m8g/"
	ProfileSchema = "https://schema.org/"
)

// node is a thing of the graph.
type node map[string]any

// texts are a text by language.
type texts map[string]string

func (p Publisher) address(list, id string) string { return p.Base + "/" + list + "/" + id }

// own is a text of the catalogue's own; nil if there is none.
func (p Publisher) own(text string) texts {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	return texts{p.Lang: text}
}

// spoken says something in every language of the site.
func spoken(say func(*locale.Printer) string) texts {
	all := texts{}
	for _, lang := range locale.Languages() {
		all[lang] = say(locale.For(lang))
	}
	return all
}

// put sets a member, unless there is nothing to say.
func (n node) put(name string, value any) {
	switch value := value.(type) {
	case string:
		if value == "" {
			return
		}
	case texts:
		if len(value) == 0 {
			return
		}
	case []node:
		if len(value) == 0 {
			return
		}
	case []string:
		if len(value) == 0 {
			return
		}
	}
	n[name] = value
}

// extension is what our extension says of a service; nothing of a foreign one.
func extension(service catalogue.Object) hsds.ServiceExtension {
	var x hsds.ServiceExtension
	if own := service.Get("immerse"); own != nil {
		_ = x.UnmarshalJSON(own) // a catalogue is checked before it is published
	}
	return x
}

// clause says what a clause asks for, in a language.
func (p Publisher) clause(clause *eligibility.Clause, say *locale.Printer) string {
	var sentences []string
	for _, constraint := range clause.Constraints() {
		rule := constraint.Rule()
		reason := rule.Met()
		sentences = append(sentences, say.Reason(reason.Code, reason.Params))
	}
	return strings.Join(sentences, " ")
}

// languageIRI is a language of the EU's authority list, which writes them in three letters.
func languageIRI(code string) string {
	base, err := language.ParseBase(strings.SplitN(code, "-", 2)[0])
	if err != nil {
		return ""
	}
	return "http://publications.europa.eu/resource/authority/language/" + strings.ToUpper(base.ISO3())
}

// countryIRI is a country of the EU's authority list.
func countryIRI(code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return ""
	}
	return "http://publications.europa.eu/resource/authority/country/" + region.ISO3()
}

// places are the areas that a service is for: the whole country if it is online.
func (p Publisher) places(x hsds.ServiceExtension) []string {
	if x.Online {
		return []string{p.Country}
	}
	return x.Areas
}

func needName(need string) texts {
	return spoken(func(say *locale.Printer) string { return say.Code("need", need) })
}

// known are the needs that we have words for.
func known(needs []string) (all []string) {
	for _, need := range needs {
		for _, code := range codes.Needs {
			if need == code {
				all = append(all, need)
			}
		}
	}
	return all
}

// organizationOf finds the organization of a service: the one that decides, else the one that provides it.
func (p Publisher) organizationOf(service catalogue.Object, x hsds.ServiceExtension) *catalogue.Entry {
	for _, id := range []string{x.Authority, service.Text("organization_id"), service.Object("organization").ID()} {
		if entry := p.Directory.Entry(catalogue.Organization, id); entry != nil {
			return entry
		}
	}
	return nil
}

// offered are the entries that are: a service that isn't active is none that anybody can turn to.
func offered(entries []*catalogue.Entry) (all []*catalogue.Entry) {
	for _, e := range entries {
		if e.Kind != catalogue.Service || e.Object().Text("status") == hsds.StatusActive {
			all = append(all, e)
		}
	}
	return all
}
