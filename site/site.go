// Package site makes the static site of one country, in memory: the language chooser, the pages of each language, and
// the assets. Same country and day in, same bytes out.
//
// A page is a document, made by one of the sections (pages.go); what surrounds it, its links to the other languages and its line
// in the sitemap follow by themselves. A new kind of page is a function in sections; a new page of text is a Markdown
// file in content/, in every language.
//
// Files: pages.go (what pages there are), front.go, forms.go, article.go,
// services.go, service.go, rights.go (their kinds), links.go (languages, sitemap),
// assets.go (styles, scripts, what is kept for when there is no connection), serve.go (the files over HTTP).
package site

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"slices"
	"time"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/page"
)

//go:embed templates/*.html
var templateFiles embed.FS

// Files are the site's files by their path, without a leading slash: "es/apply/index.html".
type Files map[string][]byte

// Paths gives the paths of all files, sorted.
func (f Files) Paths() []string { return slices.Sorted(maps.Keys(f)) }

// builder makes one country's site.
type builder struct {
	pack      *country.Pack
	texts     fs.FS
	today     time.Time // as midnight UTC
	files     Files
	templates *template.Template
	fields    []application.Field
	listed    map[string][]string // the languages that there is a page in, by its path below the language's folder
	urls      map[string]string   // of the assets, by their plain names: "site.css"
}

// Build makes the site of a country as it is to be shown from a moment on: the form asks for no later year of birth, and what
// was checked too long before is said to be old.
func Build(pack *country.Pack, at time.Time) (Files, error) { return build(pack, at, contentFiles) }

func build(pack *country.Pack, at time.Time, texts fs.FS) (Files, error) {
	templates, err := template.New("").Funcs(template.FuncMap{"web": hsds.WebAddress, "icon": page.Drawing}).ParseFS(templateFiles, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("reading the site's templates: %w", err)
	}
	zone, err := pack.Location()
	if err != nil {
		return nil, fmt.Errorf("the time zone of %s: %w", pack.Code, err)
	}
	b := &builder{pack: pack, texts: texts, today: match.Day(at, zone), files: Files{}, templates: templates, listed: map[string][]string{}}
	b.fields = application.Fields(page.RegionCodes(b.regions(locale.Default)), locale.Languages(), b.today.Year())
	b.assets()
	if err := b.pages(); err != nil {
		return nil, err
	}
	b.findable()
	if err := b.worker(); err != nil {
		return nil, fmt.Errorf("making the service worker: %w", err)
	}
	return b.files, nil
}

// mainLanguage is the country's first official language that the site speaks.
func (b *builder) mainLanguage() string {
	for _, lang := range b.pack.Languages {
		if locale.Known(lang) {
			return lang
		}
	}
	return locale.Default
}

func (b *builder) regions(lang string) []page.RegionGroup {
	return page.Regions(b.pack.Areas.All(), lang)
}

func (b *builder) write(path string, render func(*bytes.Buffer) error) error {
	var out bytes.Buffer
	if err := render(&out); err != nil {
		return fmt.Errorf("making %s: %w", path, err)
	}
	b.files[path] = out.Bytes()
	return nil
}
