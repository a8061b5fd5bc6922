package site

import (
	"encoding/xml"
	"maps"
	"slices"
	"strings"

	"github.com/miict/immerse/shared/page"
)

// robots lets search engines find the site, and keeps them off what is about one person.
// The pages of events are found; their forms and files are not for it (decision 2802).
const robots = "User-agent: *\nAllow: /\nDisallow: " + page.StatusPath + "\nDisallow: /api/\nAllow: " + page.EventsPath +
	"\nDisallow: " + page.EventsPath + "/*/\nDisallow: /referral/\n"

// ofFunctions are the pages of functions that search engines are told of: they stay where they are, whatever they have to show.
var ofFunctions = []string{page.EventsPath, page.FiguresPath}

// address is the full web address of a path, or the path where the country's site has no domain of its own.
func (b *builder) address(path string) string {
	if b.pack.Domain == "" {
		return path
	}
	return "https://" + b.pack.Domain + path
}

// choices lets the reader choose the language of a page: where there is none in a language, its front page.
func (b *builder) choices(shell *page.Shell, path string) {
	for _, lang := range b.listed[""] {
		there := "/" + lang + "/"
		if slices.Contains(b.listed[path], lang) {
			there += path
		}
		shell.Links = append(shell.Links, page.Link{Lang: lang, URL: there})
	}
}

// link gives a page its links to the other languages: those that readers choose from, and those that search engines read.
func (b *builder) link(shell *page.Shell, path string) {
	b.choices(shell, path)
	for _, lang := range b.listed[path] {
		shell.Alternates = append(shell.Alternates, page.Link{Lang: lang, URL: b.address("/" + lang + "/" + path)})
	}
	shell.Alternates = append(shell.Alternates, page.Link{Lang: "x-default", URL: b.address(b.anyLanguage(path))})
}

// anyLanguage is where somebody is sent whose language the site doesn't speak: the chooser, or the page in the country's
// language or, failing that, in the first that there is.
func (b *builder) anyLanguage(path string) string {
	if path == "" {
		return "/"
	}
	lang := b.mainLanguage()
	if there := b.listed[path]; !slices.Contains(there, lang) {
		lang = there[0]
	}
	return "/" + lang + "/" + path
}

// A sitemap as sitemaps.org has it, with each page's other languages (Google's xhtml:link).
type sitemap struct {
	XMLName xml.Name     `xml:"urlset"`
	XMLNS   string       `xml:"xmlns,attr"`
	XHTML   string       `xml:"xmlns:xhtml,attr"`
	Pages   []sitemapURL `xml:"url"`
}

type sitemapURL struct {
	Loc   string        `xml:"loc"`
	Links []sitemapLink `xml:"xhtml:link"`
}

type sitemapLink struct {
	Rel      string `xml:"rel,attr"`
	Hreflang string `xml:"hreflang,attr"`
	Href     string `xml:"href,attr"`
}

// findable writes what search engines read: robots.txt, and the sitemap where there is a domain, as it holds full
// addresses only.
func (b *builder) findable() {
	b.files["robots.txt"] = []byte(robots)
	if b.pack.Domain == "" {
		return
	}
	b.files["robots.txt"] = []byte(robots + "Sitemap: " + b.address("/sitemap.xml") + "\n")
	all := sitemap{XMLNS: "http://www.sitemaps.org/schemas/sitemap/0.9", XHTML: "http://www.w3.org/1999/xhtml"}
	for _, path := range slices.Sorted(maps.Keys(b.listed)) {
		var shell page.Shell
		b.link(&shell, path)
		for _, lang := range b.listed[path] {
			all.Pages = append(all.Pages, sitemapURL{b.address("/" + lang + "/" + path), linked(shell)})
		}
	}
	for _, path := range ofFunctions {
		var shell page.Shell
		shell.InLanguages(b.address(""), path, nil)
		for _, one := range shell.Links {
			all.Pages = append(all.Pages, sitemapURL{b.address(one.URL), linked(shell)})
		}
	}
	var out strings.Builder
	out.WriteString(xml.Header)
	encoder := xml.NewEncoder(&out)
	if err := encoder.Encode(all); err != nil {
		panic(err) // plain structs
	}
	b.files["sitemap.xml"] = []byte(out.String())
}

// linked are a page's other languages as the sitemap has them.
func linked(shell page.Shell) []sitemapLink {
	var links []sitemapLink
	for _, other := range shell.Alternates {
		links = append(links, sitemapLink{"alternate", other.Lang, other.URL})
	}
	return links
}
