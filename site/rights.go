package site

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/match"
)

// Pages about rights are texts like the others, content/<language>/<country>/<need>.md. What is known about a text, in whatever
// language, stands once in rightsFile.
const (
	rightsFolder = "rights/"
	rightsFile   = "content/rights.json"
)

// rightsFacts are by country, in small letters, and need.
type rightsFacts map[string]map[string]rightsPage

// A rightsPage is where the page's text comes from, and when a person held it against that.
type rightsPage struct {
	Sources     []source `json:"sources"`
	LastChecked string   `json:"last_checked"` // YYYY-MM-DD; empty: nobody has yet
}

type source struct {
	Name string `json:"name"` // in the source's own language
	URL  string `json:"url"`  // official
}

func (p rightsPage) checked() (day time.Time, ok bool) {
	day, err := time.Parse(time.DateOnly, p.LastChecked)
	return day, err == nil
}

func readRights(texts fs.FS) (rightsFacts, error) {
	text, err := fs.ReadFile(texts, rightsFile)
	if err != nil {
		return nil, err
	}
	var facts rightsFacts
	if err := json.Unmarshal(text, &facts); err != nil {
		return nil, fmt.Errorf("%s: %w", rightsFile, err)
	}
	for code, pages := range facts {
		for need, page := range pages {
			if _, ok := page.checked(); page.LastChecked != "" && !ok {
				return nil, fmt.Errorf("%s: %s %s: %q is not a date", rightsFile, code, need, page.LastChecked)
			}
			for _, one := range page.Sources {
				if one.Name == "" || hsds.WebAddress(one.URL) == "" {
					return nil, fmt.Errorf("%s: %s %s: a source without name or address", rightsFile, code, need)
				}
			}
			if len(page.Sources) == 0 {
				return nil, fmt.Errorf("%s: %s %s has no source", rightsFile, code, need)
			}
		}
	}
	return facts, nil
}

// rightsView is what the page about rights is given.
type rightsView struct {
	P        *locale.Printer
	Article  article
	Page     rightsPage
	Checked  string // the day; empty: nobody has
	Stale    bool
	Services string // the list of services for the same need; empty: there is none
	Apply    string
}

// rights makes the pages about what people are entitled to, and the page that leads to them.
func (b *builder) rights(lang string) ([]document, error) {
	facts, err := readRights(b.texts)
	if err != nil {
		return nil, err
	}
	code := strings.ToLower(b.pack.Code)
	printer, offered := locale.For(lang), b.offered()
	first := servicesPage{P: printer, Title: printer.T("rights.title"), Apply: "/" + lang + "/apply/#step-needs"}
	var made []document
	for _, need := range codes.Needs {
		text, err := b.article("content/" + lang + "/" + code + "/" + need + ".md")
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		page, known := facts[code][need]
		if err != nil || !known {
			return nil, errors.Join(err, fmt.Errorf("%s has nothing about %s %s", rightsFile, code, need))
		}
		view := rightsView{P: printer, Article: text, Page: page, Apply: first.Apply}
		if day, ok := page.checked(); ok {
			view.Checked, view.Stale = printer.Date(day), b.stale(day)
		}
		if len(withNeed(offered, need)) > 0 {
			view.Services = needPath(lang, need)
		}
		path := rightsFolder + need + "/"
		made = append(made, document{path: path, title: text.Meta["title"], render: b.from("right.html", view)})
		first.Needs = append(first.Needs, topic{text.Meta["title"], "/" + lang + "/" + path})
	}
	if len(made) == 0 {
		return nil, nil
	}
	return append(made, document{path: rightsFolder, title: first.Title, render: b.from("rights.html", first)}), nil
}

// rightsPath is where the pages about rights begin; empty if the country has none in the language.
func (b *builder) rightsPath(lang string) string {
	if names, err := fs.Glob(b.texts, "content/"+lang+"/"+strings.ToLower(b.pack.Code)+"/*.md"); err != nil || len(names) == 0 {
		return ""
	}
	return "/" + lang + "/" + rightsFolder
}

// rightPath is where the page about a need is; empty if there is none in the language.
func (b *builder) rightPath(lang, need string) string {
	if _, err := fs.Stat(b.texts, "content/"+lang+"/"+strings.ToLower(b.pack.Code)+"/"+need+".md"); err != nil {
		return ""
	}
	return "/" + lang + "/" + rightsFolder + need + "/"
}

// Due tells what is to be done about a country's pages about rights, a line each: those that nobody has checked, or not for long,
// and needs that have none.
func Due(pack *country.Pack, at time.Time) ([]string, error) { return due(pack, at, contentFiles) }

func due(pack *country.Pack, at time.Time, texts fs.FS) ([]string, error) {
	facts, err := readRights(texts)
	if err != nil {
		return nil, err
	}
	zone, err := pack.Location()
	if err != nil {
		return nil, err
	}
	b, code := &builder{pack: pack, today: match.Day(at, zone)}, strings.ToLower(pack.Code)
	var lines []string
	for _, need := range codes.Needs {
		page, known := facts[code][need]
		day, checked := page.checked()
		switch {
		case !known:
			lines = append(lines, need+": no page")
		case !checked:
			lines = append(lines, need+": nobody has checked it")
		case b.stale(day):
			lines = append(lines, need+": last checked on "+page.LastChecked)
		}
	}
	return lines, nil
}
