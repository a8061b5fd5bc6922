package site

import (
	"slices"
	"strings"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/page"
)

// servicesFolder holds the directory: its first page, a page for each need and for each area that has services of its own,
// and one for each service. With a script, the page of a need shows at once only what fits a place, a language or words.
const servicesFolder = "services/"

func needPath(lang, need string) string { return "/" + lang + "/" + servicesFolder + need + "/" }

func areaPath(lang, area string) string {
	return "/" + lang + "/" + servicesFolder + "in/" + strings.ToLower(area) + "/"
}

// directory makes the pages of services in a language.
func (b *builder) directory(lang string) ([]document, error) {
	offered := b.offered()
	made := []document{b.contents(offered, lang)}
	for _, need := range codes.Needs {
		if of := withNeed(offered, need); len(of) > 0 {
			made = append(made, b.ofNeed(need, of, lang))
		}
	}
	for _, area := range b.pack.Areas.All() {
		if in := inArea(offered, area.Code); len(in) > 0 {
			made = append(made, b.ofArea(area, offered, lang))
		}
	}
	for _, s := range offered {
		made = append(made, b.service(s, lang))
	}
	return made, nil
}

func withNeed(services []*hsds.Service, need string) []*hsds.Service {
	return filter(services, func(s *hsds.Service) bool { return slices.Contains(s.Immerse.Needs, need) })
}

func inArea(services []*hsds.Service, area string) []*hsds.Service {
	return filter(services, func(s *hsds.Service) bool { return slices.Contains(s.Immerse.Areas, area) })
}

func filter(services []*hsds.Service, wanted func(*hsds.Service) bool) []*hsds.Service {
	return slices.DeleteFunc(slices.Clone(services), func(s *hsds.Service) bool { return !wanted(s) })
}

// servicesPage is what lists of services are given.
type servicesPage struct {
	P       *locale.Printer
	Title   string
	Count   int
	Needs   []topic
	Areas   []topic
	Groups  []serviceGroup
	Regions []region // to choose from, with a script
	Spoken  []spoken // the same
	More    []topic
	Right   string // the page about rights for the same need; empty: there is none
	Apply   string
}

// A serviceGroup is the services under a heading.
type serviceGroup struct {
	Name     string
	Services []serviceLine
}

// A serviceLine is a service in a list. Areas and Languages are what the script filters by.
type serviceLine struct {
	URL, Name, Organization string
	NamesLang               string
	Areas, Languages        string // codes with spaces between
	Spoken                  string // in words
	Where                   string // the names of its areas, if there are several
	Unchecked               bool
}

// A region can be chosen; Within are the codes of all areas that it lies in.
type region struct{ Name, Within string }

type spoken struct{ Code, Name string }

// contents is the first page of the directory.
func (b *builder) contents(offered []*hsds.Service, lang string) document {
	printer := locale.For(lang)
	view := servicesPage{P: printer, Title: printer.T("services.title"), Count: len(offered), Apply: "/" + lang + "/apply/#step-needs"}
	for _, need := range codes.Needs {
		if len(withNeed(offered, need)) > 0 {
			view.Needs = append(view.Needs, topic{printer.Code("need", need), needPath(lang, need), need})
		}
	}
	for _, area := range b.pack.Areas.All() {
		if len(inArea(offered, area.Code)) > 0 {
			view.Areas = append(view.Areas, topic{area.NameIn(lang), areaPath(lang, area.Code), ""})
		}
	}
	return document{path: servicesFolder, title: view.Title, render: b.from("directory.html", view)}
}

// ofNeed lists the services for a need by where they are: each once, under the smallest area that holds all of its own.
func (b *builder) ofNeed(need string, of []*hsds.Service, lang string) document {
	printer := locale.For(lang)
	view := servicesPage{P: printer, Title: printer.Code("need", need), Count: len(of), Apply: "/" + lang + "/apply/#step-needs"}
	group := func(name, around string) {
		if in := filter(of, func(s *hsds.Service) bool { return b.around(s) == around }); len(in) > 0 {
			view.Groups = append(view.Groups, serviceGroup{name, b.lines(in, lang)})
		}
	}
	for _, area := range b.pack.Areas.All() {
		group(area.NameIn(lang), area.Code)
	}
	group(printer.T("services.online"), "")
	for _, choice := range page.Regions(b.pack.Areas.All(), lang) {
		for _, one := range choice.Regions {
			view.Regions = append(view.Regions, region{one.Name, strings.Join(b.pack.Areas.Ancestors(one.Code), " ")})
		}
	}
	view.Spoken = b.spoken(of, printer)
	view.Right = b.rightPath(lang, need)
	return document{
		path: servicesFolder + need + "/", title: view.Title, script: b.urls[page.ServicesScript], render: b.from("services.html", view),
	}
}

// around is the smallest area that all areas of a service lie in; empty for one that is only online.
func (b *builder) around(s *hsds.Service) string {
	if len(s.Immerse.Areas) == 0 {
		return ""
	}
	for _, area := range b.pack.Areas.Ancestors(s.Immerse.Areas[0]) {
		if !slices.ContainsFunc(s.Immerse.Areas, func(other string) bool { return !b.pack.Areas.Contains(other, area) }) {
			return area
		}
	}
	return ""
}

// spoken are the languages that any of the services is given in.
func (b *builder) spoken(services []*hsds.Service, printer *locale.Printer) []spoken {
	var all []spoken
	for _, s := range services {
		for _, code := range languageCodes(s) {
			if one := (spoken{code, printer.Language(code)}); !slices.Contains(all, one) {
				all = append(all, one)
			}
		}
	}
	slices.SortFunc(all, func(a, b spoken) int { return strings.Compare(a.Code, b.Code) })
	return all
}

// ofArea lists the services of an area by need, and leads to those of the areas around it, which are for the same people.
func (b *builder) ofArea(area country.Area, offered []*hsds.Service, lang string) document {
	printer, in := locale.For(lang), inArea(offered, area.Code)
	view := servicesPage{P: printer, Title: area.NameIn(lang), Count: len(in), Apply: "/" + lang + "/apply/#step-needs"}
	for _, need := range codes.Needs {
		if of := withNeed(in, need); len(of) > 0 {
			view.Groups = append(view.Groups, serviceGroup{printer.Code("need", need), b.lines(of, lang)})
		}
	}
	for _, around := range b.pack.Areas.Ancestors(area.Code)[1:] {
		if len(inArea(offered, around)) > 0 {
			view.More = append(view.More, topic{b.pack.Areas.NameIn(around, lang), areaPath(lang, around), ""})
		}
	}
	return document{path: servicesFolder + "in/" + strings.ToLower(area.Code) + "/", title: view.Title, render: b.from("services.html", view)}
}

func (b *builder) lines(services []*hsds.Service, lang string) []serviceLine {
	printer := locale.For(lang)
	lines := make([]serviceLine, len(services))
	for i, s := range services {
		organization, namesLang := b.organizationOf(s)
		_, checked := s.Assured()
		areas := slices.Clone(s.Immerse.Areas)
		if s.Immerse.Online {
			areas = append(areas, b.pack.Code)
		}
		lines[i] = serviceLine{
			URL: "/" + lang + "/" + servicesFolder + s.ID + "/", Name: s.Name, NamesLang: namesLang,
			Areas: strings.Join(areas, " "), Languages: strings.Join(languageCodes(s), " "),
			Spoken: languagesOf(printer, s), Unchecked: !checked,
		}
		if len(s.Immerse.Areas) > 1 {
			lines[i].Where = b.names(s.Immerse.Areas, lang)
		}
		if organization != nil {
			lines[i].Organization = organization.Name
		}
	}
	return lines
}

func (b *builder) names(areas []string, lang string) string {
	names := make([]string, len(areas))
	for i, area := range areas {
		names[i] = b.pack.Areas.NameIn(area, lang)
	}
	return locale.For(lang).List(names, "list.and")
}

func languageCodes(s *hsds.Service) []string {
	var all []string
	for _, language := range s.Languages {
		if code := eligibility.Primary(language.Code); code != "" && !slices.Contains(all, code) {
			all = append(all, code)
		}
	}
	return all
}
