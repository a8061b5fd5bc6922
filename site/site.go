// Package site makes the static site of one country, in memory: the language chooser, a front page and a form in every
// language, and the assets. Same country and year in, same bytes out.
package site

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"maps"
	"slices"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/page"
)

//go:embed templates/*.html
var templateFiles embed.FS

// Files are the site's files by their path, without a leading slash: "es/apply/index.html".
type Files map[string][]byte

// Paths gives the paths of all files, sorted.
func (f Files) Paths() []string { return slices.Sorted(maps.Keys(f)) }

// notFound is the page for every path that there is no file for.
const notFound = "404.html"

// robots lets search engines find the site, and keeps them off what is about one person.
const robots = "User-agent: *\nAllow: /\nDisallow: " + page.StatusPath + "\nDisallow: /api/\n"

// builder makes one country's site.
type builder struct {
	pack       *country.Pack
	files      Files
	templates  *template.Template
	fields     []application.Field
	stylesheet string
	script     string
}

// Build makes the site of a country. year is the current one: the form asks for no later year of birth.
func Build(pack *country.Pack, year int) (Files, error) {
	templates, err := template.ParseFS(templateFiles, "templates/*.html")
	if err != nil {
		return nil, fmt.Errorf("reading the site's templates: %w", err)
	}
	b := &builder{pack: pack, files: Files{}, templates: templates}
	b.fields = application.Fields(page.RegionCodes(b.regions(locale.Default)), locale.Languages(), year)
	b.assets()
	if err := b.pages(); err != nil {
		return nil, err
	}
	return b.files, nil
}

// assets are written under a name with their hash for the site's own pages, and under a stable name for the pages of
// functions, which add the hash as a query.
func (b *builder) assets() {
	b.stylesheet = "/assets/site-" + page.Hash(page.Stylesheet()) + ".css"
	b.script = "/assets/form-" + page.Hash(page.FormScript()) + ".js"
	b.files[b.stylesheet[1:]] = page.Stylesheet()
	b.files[b.script[1:]] = page.FormScript()
	b.files["assets/site.css"] = page.Stylesheet()
	b.files["assets/form.js"] = page.FormScript()
	b.files["assets/icon.svg"] = page.Icon()
	b.files["robots.txt"] = []byte(robots)
}

func (b *builder) pages() error {
	if err := b.chooser(); err != nil {
		return err
	}
	for _, lang := range locale.Languages() {
		if err := b.front(lang); err != nil {
			return err
		}
		if err := b.form(lang); err != nil {
			return err
		}
	}
	for _, lang := range locale.Languages() {
		if err := b.notFound(lang+"/"+notFound, lang); err != nil {
			return err
		}
	}
	return b.notFound(notFound, b.mainLanguage())
}

// notFound makes the page for what there is no file for. The cloud answers with the country's; a server that can read what
// the browser asks for has one in each language.
func (b *builder) notFound(path, lang string) error {
	return b.write(path, func(out *bytes.Buffer) error {
		return page.Problem(out, page.ProblemView{Shell: b.shell(lang, ""), Code: "not_found"})
	})
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

func (b *builder) form(lang string) error {
	return b.write(lang+"/apply/index.html", func(out *bytes.Buffer) error {
		shell := b.shell(lang, "apply/")
		shell.Script = b.script
		return page.Form(out, page.FormView{Shell: shell, Fields: b.fields, Regions: b.regions(lang)})
	})
}

func (b *builder) regions(lang string) []page.RegionGroup {
	return page.Regions(b.pack.Areas.All(), lang)
}

// shell surrounds the page at a path below each language's folder.
func (b *builder) shell(lang, path string) page.Shell {
	shell := page.Shell{
		Lang: lang, Country: b.pack.NameIn(lang), Home: "/" + lang + "/", HelpLine: b.pack.Emergency(), Stylesheet: b.stylesheet,
	}
	for _, other := range locale.Languages() {
		shell.Links = append(shell.Links, page.Link{Lang: other, URL: "/" + other + "/" + path})
	}
	return shell
}

func (b *builder) write(path string, render func(*bytes.Buffer) error) error {
	var out bytes.Buffer
	if err := render(&out); err != nil {
		return fmt.Errorf("making %s: %w", path, err)
	}
	b.files[path] = out.Bytes()
	return nil
}
