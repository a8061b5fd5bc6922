package site

import (
	"bytes"
	"html/template"

	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/page"
)

// A document is one page in one language, before anything surrounds it.
type document struct {
	path   string // below the language's folder, with a slash at its end: "apply/"; "" is the front page
	title  string
	script string // an external script, or none
	render func(out *bytes.Buffer, shell page.Shell) error
}

// sections make the pages of a language. The pages of one section should be there in every language; where one is not,
// the others don't link to it.
var sections = []func(b *builder, lang string) ([]document, error){
	(*builder).front,
	(*builder).forms,
	(*builder).articles,
	(*builder).directory,
	(*builder).rights,
}

// notFound is the page for every path that there is no file for.
const notFound = "404.html"

// pages makes all pages: first it is found out which there are, as each links to itself in the other languages.
func (b *builder) pages() error {
	made := map[string][]document{}
	for _, lang := range locale.Languages() {
		for _, section := range sections {
			documents, err := section(b, lang)
			if err != nil {
				return err
			}
			made[lang] = append(made[lang], documents...)
			for _, one := range documents {
				b.listed[one.path] = append(b.listed[one.path], lang)
			}
		}
	}
	for lang, documents := range made {
		for _, one := range documents {
			if err := b.page(lang, one); err != nil {
				return err
			}
		}
		if err := b.notFound(lang+"/"+notFound, lang); err != nil {
			return err
		}
	}
	if err := b.chooser(); err != nil {
		return err
	}
	return b.notFound(notFound, b.mainLanguage())
}

func (b *builder) page(lang string, made document) error {
	shell := b.shell(lang)
	shell.Title, shell.Script = made.title, made.script
	b.link(&shell, made.path)
	return b.write(lang+"/"+made.path+"index.html", func(out *bytes.Buffer) error { return made.render(out, shell) })
}

// shell surrounds a page of a language. It has no links to other languages yet.
func (b *builder) shell(lang string) page.Shell {
	return page.Shell{
		Lang: lang, Country: b.pack.NameIn(lang), Home: "/" + lang + "/", HelpLine: b.pack.Emergency(), Help: b.pack.HelpLines,
		Stylesheet: b.urls["site.css"], MoreStyles: b.urls["more.css"], SiteScript: b.urls[page.SiteScript], Words: b.urls["words-"+lang+".json"],
	}
}

// notFound makes the page for what there is no file for. The cloud answers with the country's; a server that can read what
// the browser asks for has one in each language.
func (b *builder) notFound(path, lang string) error {
	shell := b.shell(lang)
	b.choices(&shell, "")
	return b.write(path, func(out *bytes.Buffer) error {
		return page.Problem(out, page.ProblemView{Shell: shell, Code: "not_found"})
	})
}

// from renders a template of the site with a view, as the body of a page.
func (b *builder) from(name string, view any) func(*bytes.Buffer, page.Shell) error {
	return func(out *bytes.Buffer, shell page.Shell) error {
		var body bytes.Buffer
		if err := b.templates.ExecuteTemplate(&body, name, view); err != nil {
			return err
		}
		return page.Render(out, shell, template.HTML(body.String())) // #nosec G203 -- html/template has just escaped it
	}
}
