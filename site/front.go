package site

import (
	"bytes"
	"html/template"
	"slices"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/page"
)

// frontPage is what the front page's template is given.
type frontPage struct {
	P         *locale.Printer
	Apply     string
	StatusURL string
	Services  string
	Rights    string
	Events    string
	Numbers   template.HTML // to call
	More      []choice
}

// A choice leads to a form: what it is, and what a person would say who wants it.
type choice struct{ URL, Title, Words, Icon string }

// front makes the front page of a language.
func (b *builder) front(lang string) ([]document, error) {
	printer := locale.For(lang)
	view := frontPage{
		P: printer, StatusURL: page.StatusPath + "?lang=" + lang, Services: "/" + lang + "/" + servicesFolder, Rights: b.rightsPath(lang),
		Events: eventsAddress(lang),
	}
	var err error
	if view.Numbers, err = page.Numbers(printer, b.pack.HelpLines); err != nil {
		return nil, err
	}
	for _, kind := range codes.Kinds {
		here := choice{"/" + lang + "/" + page.FormPath(kind) + "#step-needs", page.Words(printer, "form.title", kind), printer.Code("kind", kind), kind}
		switch {
		case kind == codes.Support:
			view.Apply = "/" + lang + "/" + page.FormPath(kind)
			continue
		case !slices.Contains(page.Forms, kind):
			here.URL = eventsAddress(lang) // one registers for one of them
		}
		view.More = append(view.More, here)
	}
	return []document{{title: printer.T("home.title"), render: b.from("front.html", view)}}, nil
}

// eventsAddress is the list of what people can take part in: a function makes it, as it is when somebody looks.
func eventsAddress(lang string) string { return page.EventsPath + "?lang=" + lang }

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
	shell := b.shell(b.mainLanguage())
	shell.Title, shell.Home = view.P.T("home.title"), "/"
	b.link(&shell, "")
	shell.Links = nil // the page itself is the choice
	return b.write("index.html", func(out *bytes.Buffer) error { return b.from("chooser.html", view)(out, shell) })
}
