package site

import (
	"net/url"
	"strconv"
	"time"

	"github.com/miict/immerse/shared/catalogue"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/page"
)

// servicePage is what the page of one service is given: the catalogue's facts, and ours in the reader's words. What the
// catalogue says is in the language of the organization, NamesLang.
type servicePage struct {
	P            *locale.Printer
	Service      *hsds.Service
	Organization *hsds.Organization
	NamesLang    string
	Wrote        string // that language in the reader's words; empty: it is the reader's own
	Needs        []topic
	Areas        []topic
	Languages    string
	For          [][]string // what it asks for: one of these, and all of its lines; none: open to everyone
	Maps         []string   // addresses of a map, where the catalogue says where the service is
	Checked      string     // the day on which somebody checked the entry; empty: nobody has
	Stale        bool       // that was long ago
	Feedback     string
	Apply        string
}

// A topic is something that services are listed by, and where that list is; without an address there is none.
type topic struct{ Name, URL, Icon string }

// service makes the page of a service.
func (b *builder) service(s *hsds.Service, lang string) document {
	printer := locale.For(lang)
	view := servicePage{
		P: printer, Service: s, Languages: languagesOf(printer, s), Maps: mapsOf(s),
		Feedback: page.FeedbackPath, Apply: "/" + lang + "/apply/#step-needs",
	}
	view.Organization, view.NamesLang = b.organizationOf(s)
	if eligibility.Primary(view.NamesLang) != lang {
		view.Wrote = printer.Language(view.NamesLang)
	}
	for _, need := range s.Immerse.Needs {
		view.Needs = append(view.Needs, topic{printer.Code("need", need), needPath(lang, need), need})
	}
	for _, area := range s.Immerse.Areas {
		view.Areas = append(view.Areas, topic{b.pack.Areas.NameIn(area, lang), areaPath(lang, area), ""})
	}
	for i := range s.Immerse.Eligibility {
		view.For = append(view.For, b.asks(printer, &s.Immerse.Eligibility[i]))
	}
	if day, ok := s.Assured(); ok {
		view.Checked, view.Stale = printer.Date(day), b.stale(day)
	}
	return document{path: servicesFolder + s.ID + "/", title: s.Name, render: b.from("service.html", view)}
}

// staleAfter is for how many months a check is relied on (design §8).
const staleAfter = 6

func (b *builder) stale(checked time.Time) bool {
	return b.today.After(checked.AddDate(0, staleAfter, 0))
}

// organizationOf gives who offers a service, nil for nobody known, and the language that its entries are written in.
func (b *builder) organizationOf(s *hsds.Service) (organization *hsds.Organization, lang string) {
	lang = b.pack.Languages[0]
	organization, _ = b.pack.Organization(s.OrganizationID)
	if organization != nil && organization.Immerse != nil {
		lang = organization.Immerse.Language
	}
	return organization, lang
}

// asks says what a clause asks for, in the words that people read who meet it.
func (b *builder) asks(printer *locale.Printer, clause *eligibility.Clause) []string {
	var said []string
	for _, constraint := range clause.Constraints() {
		rule := constraint.Rule()
		reason := rule.Met()
		said = append(said, printer.Reason(reason.Code, reason.Params))
	}
	return said
}

func languagesOf(printer *locale.Printer, s *hsds.Service) string {
	var names []string
	for _, language := range s.Languages {
		if language.Code != "" {
			names = append(names, printer.Language(eligibility.Primary(language.Code)))
		}
	}
	return printer.List(names, "list.and")
}

// mapsOf gives the map's address of each place that the catalogue has for a service: of its coordinates, or else of its
// address. They are links only: nothing of the map is on the page.
func mapsOf(s *hsds.Service) []string {
	object, err := catalogue.ParseObject(s.Raw())
	if err != nil {
		return nil // made in Go: it has no places
	}
	var addresses []string
	for _, at := range object.List("service_at_locations") {
		if address := mapOf(at.Object("location")); address != "" {
			addresses = append(addresses, address)
		}
	}
	return addresses
}

const openStreetMap = "https://www.openstreetmap.org/"

func mapOf(location catalogue.Object) string {
	latitude, err := strconv.ParseFloat(string(location.Get("latitude")), 64)
	longitude, err2 := strconv.ParseFloat(string(location.Get("longitude")), 64)
	if err == nil && err2 == nil && latitude >= -90 && latitude <= 90 && longitude >= -180 && longitude <= 180 {
		at := url.Values{"mlat": {strconv.FormatFloat(latitude, 'f', -1, 64)}, "mlon": {strconv.FormatFloat(longitude, 'f', -1, 64)}}
		return openStreetMap + "?" + at.Encode()
	}
	for _, address := range location.List("addresses") {
		if address.Text("address_1") == "" {
			continue
		}
		query := address.Text("address_1") + ", " + address.Text("postal_code") + " " + address.Text("city")
		return openStreetMap + "search?" + url.Values{"query": {query}}.Encode()
	}
	return ""
}

// offered gives the services that are offered to people on the day of the site.
func (b *builder) offered() []*hsds.Service {
	var offered []*hsds.Service
	for i := range b.pack.Services {
		if s := &b.pack.Services[i]; match.Offered(s, b.today, b.pack.OfferUnassured) {
			offered = append(offered, s)
		}
	}
	return offered
}
