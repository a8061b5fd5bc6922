package page_test

import (
	"io"
	"strings"
	"testing"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/page"
)

var helpLines = []country.HelpLine{
	{Purpose: "emergency", Phone: "112"},
	{Purpose: "gender_violence", Phone: "900 20 20", Languages: []string{"ar", "uk"}, Unchecked: true},
}

// TestWhomToCallIsSaidWhereItMatters: where somebody says that it can't wait, after they sent it, and where they follow it;
// as links that a telephone dials, in every language, the digits left to right also in Arabic.
func TestWhomToCallIsSaidWhereItMatters(t *testing.T) {
	for _, lang := range locale.Languages() {
		say := locale.For(lang)
		shell := page.Shell{Lang: lang, HelpLine: "112", Help: helpLines}
		form := formView(lang)
		form.Shell = shell
		for name, write := range map[string]func(io.Writer) error{
			"form": func(w io.Writer) error { return page.Form(w, form) },
			"confirmation": func(w io.Writer) error {
				return page.Confirmation(w, page.ConfirmationView{Shell: shell, Reference: "ES-1", Secret: "s"})
			},
			"status": func(w io.Writer) error {
				return page.Status(w, page.StatusView{Shell: shell, Reference: "ES-1", State: "matched"})
			},
		} {
			html := render(t, write)
			for _, want := range []string{
				say.T("help.title"), say.T("help.emergency") + `: <a href="tel:112"><bdi dir="ltr">112</bdi></a>`,
				`<a href="tel:9002020"><bdi dir="ltr">900 20 20</bdi></a>`, say.T("help.unchecked"),
			} {
				if !strings.Contains(html, want) {
					t.Errorf("%s in %s lacks %q", name, lang, want)
				}
			}
			if speaks := strings.Contains(html, say.T("help.speaks")); speaks != (lang == "ar" || lang == "uk") {
				t.Errorf("%s in %s says that the language is spoken: %v", name, lang, speaks)
			}
			if footer := html[strings.Index(html, "<footer"):]; !strings.Contains(footer, `<a href="tel:112"><bdi dir="ltr">112</bdi></a>`) {
				t.Errorf("the footer of the %s in %s has no number to dial:\n%s", name, lang, footer)
			}
		}
	}
}

// TestWhoOffersHelpIsNotAskedWhetherTheyAreInDanger: the numbers stand by the question how soon.
func TestWhoOffersHelpIsNotAskedWhetherTheyAreInDanger(t *testing.T) {
	for _, kind := range codes.Kinds {
		view := formView("en")
		view.Shell.Help, view.Kind = helpLines, kind
		html := render(t, func(w io.Writer) error { return page.Form(w, view) })
		if shown, asked := strings.Contains(html, "tel:9002020"), strings.Contains(html, `name="urgency"`); shown != asked {
			t.Errorf("%s: numbers %v, question %v", kind, shown, asked)
		}
	}
}

// TestANumberIsEscaped: a pack is checked, and a page does not rely on it.
func TestANumberIsEscaped(t *testing.T) {
	bad := `1"><script>alert(1)</script>`
	view := formView("en")
	view.Shell.HelpLine, view.Shell.Help = bad, []country.HelpLine{{Purpose: "emergency", Phone: bad}}
	if html := render(t, func(w io.Writer) error { return page.Form(w, view) }); strings.Contains(html, "<script>") {
		t.Errorf("a script got in:\n%s", html)
	}
}
