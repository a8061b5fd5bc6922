package site

import (
	"cmp"
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
	Sources     []source   `json:"sources"`
	LastChecked string     `json:"last_checked"` // YYYY-MM-DD; empty: nobody has yet
	Compared    []compared `json:"compared"`
}

type source struct {
	Name string `json:"name"` // in the source's own language
	URL  string `json:"url"`  // official
}

// compared says that one line of a page agreed with a text that was read, in a copy of a known or unknown day. It is less than a
// check: the text may be old, or not be the law's own, and whoever compared them need not know the law.
type compared struct {
	source
	Says string `json:"says"` // the line, in English, for whoever checks the page
	Of   string `json:"of"`   // YYYY-MM-DD, of the text that was read; empty: it bears none
	On   string `json:"on"`   // YYYY-MM-DD, the day it was read
}

// days are those of the text, zero if it bears none, and of the reading.
func (c compared) days() (of, on time.Time, err error) {
	if c.Of != "" {
		if of, err = time.Parse(time.DateOnly, c.Of); err != nil {
			return of, on, err
		}
	}
	on, err = time.Parse(time.DateOnly, c.On)
	return of, on, err
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
			for _, one := range page.Compared {
				if _, _, err := one.days(); err != nil || one.Says == "" || one.Name == "" || hsds.WebAddress(one.URL) == "" {
					return nil, fmt.Errorf("%s: %s %s: what was compared with %q lacks a line, an address or a day", rightsFile, code, need, one.Name)
				}
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

// Day says when a text that was compared is from, and when it was read. A template calls it.
func (v rightsView) Day(one compared) (string, error) {
	of, on, err := one.days()
	if err != nil || of.IsZero() {
		return v.P.T("rights.compared.undated", "date", v.P.Date(on)), err
	}
	return v.P.T("rights.compared.dated", "of", v.P.Date(of), "date", v.P.Date(on)), nil
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
		first.Needs = append(first.Needs, topic{text.Meta["title"], "/" + lang + "/" + path, need})
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
			lines = append(lines, need+": nobody has checked it"+comparisons(page.Compared))
		case b.stale(day):
			lines = append(lines, need+": last checked on "+page.LastChecked)
		}
	}
	return lines, nil
}

// comparisons are what a person who checks the page can begin with.
func comparisons(made []compared) string {
	var said strings.Builder
	for _, one := range made {
		said.WriteString("\n\t\t\"" + one.Says + "\" agreed with " + one.Name + " of " + cmp.Or(one.Of, "an unknown day") + ", read on " + one.On)
	}
	return said.String()
}
