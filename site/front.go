package site

import (
	"bytes"
	"html/template"

	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/page"
)

// frontPage is what the front page's template is given.
type frontPage struct {
	P         *locale.Printer
	Apply     string
	StatusURL string
}

// front makes the front page of a language.
func (b *builder) front(lang string) error {
	printer := locale.For(lang)
	shell := b.shell(lang, "")
	shell.Title = printer.T("home.title")
	return b.body(lang+"/index.html", shell, "front.html", frontPage{
		P: printer, Apply: "/" + lang + "/apply/", StatusURL: page.StatusPath + "?lang=" + lang,
	})
}

// chooserPage offers the languages, each in its own words.
type chooserPage struct {
	P        *locale.Printer
	Printers []*locale.Printer
}

// Autonym is for the template.
func (chooserPage) Autonym(lang string) string { return locale.Autonym(lang) }

// chooser makes the first page of all. Its own few words are in the country's main language.
func (b *builder) chooser() error {
	view := chooserPage{P: locale.For(b.mainLanguage())}
	for _, lang := range locale.Languages() {
		view.Printers = append(view.Printers, locale.For(lang))
	}
	shell := b.shell(b.mainLanguage(), "")
	shell.Title, shell.Home, shell.Links = view.P.T("home.title"), "/", nil
	return b.body("index.html", shell, "chooser.html", view)
}

func (b *builder) body(path string, shell page.Shell, name string, view any) error {
	return b.write(path, func(out *bytes.Buffer) error {
		var body bytes.Buffer
		if err := b.templates.ExecuteTemplate(&body, name, view); err != nil {
			return err
		}
		return page.Render(out, shell, template.HTML(body.String())) // #nosec G203 -- html/template has just escaped it
	})
}
