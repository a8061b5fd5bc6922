// Package page renders the pages that people see, for the static site and for the functions alike: the shell around
// each page, the form, its confirmation, the status page, a problem. Every function here takes a plain view struct and
// writes one whole HTML document; html/template escapes what people wrote. Pages work without JavaScript, hold no
// inline script or style, and ask nothing of third parties: Policy is the Content-Security-Policy they are made for.
package page

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/locale"
)

// The paths that the pages link to (design §6).
const (
	SubmitPath   = "/api/v1/applications"
	StatusPath   = "/status"
	FeedbackPath = "/api/v1/feedback"
	FiguresPath  = "/figures"
)

// Policy is the Content-Security-Policy for every page. form-action and frame-ancestors keep a page from posting
// elsewhere or being framed.
const Policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; " +
	"manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

//go:embed templates/*.html
var templateFiles embed.FS

// parsed is made at the first page, not when a function starts: most calls of a function render none.
var parsed = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").Funcs(functions).ParseFS(templateFiles, "templates/*.html"))
})

// document is what the shell's template is given: P says the words, Body is the page's own content.
type document struct {
	Shell
	P          *locale.Printer
	StatusURL  string
	FiguresURL string
	Body       template.HTML
}

// Switched is where the forms post to that give a case's page in another language.
func (document) Switched() string { return StatusPath }

// Languages are those of the site, for such a form.
func (document) Languages() []Link {
	var all []Link
	for _, lang := range locale.Languages() {
		all = append(all, Link{Lang: lang})
	}
	return all
}

// InLanguages links a function's page to itself in every language, where it is at a path with a query: for readers and, with base
// before it, for search engines.
func (s *Shell) InLanguages(base, path string, query url.Values) {
	in := maps.Clone(query)
	if in == nil {
		in = url.Values{}
	}
	for _, lang := range locale.Languages() {
		in.Set("lang", lang)
		there := path + "?" + in.Encode()
		s.Links = append(s.Links, Link{Lang: lang, URL: there})
		s.Alternates = append(s.Alternates, Link{Lang: lang, URL: base + there})
	}
	in.Del("lang")
	s.Alternates = append(s.Alternates, Link{Lang: "x-default", URL: strings.TrimSuffix(base+path+"?"+in.Encode(), "?")})
}

// Name is the name of the link's language in that language.
func (l Link) Name() string { return locale.Autonym(l.Lang) }

// Render writes a whole page: the shell around a body.
func Render(w io.Writer, shell Shell, body template.HTML) error {
	printer := locale.For(shell.Lang)
	shell.Lang = printer.Lang()
	if shell.Home == "" {
		shell.Home = "/"
	}
	if shell.Stylesheet == "" {
		shell.Stylesheet = StylesheetURL()
	}
	if shell.MoreStyles == "" {
		shell.MoreStyles = MoreStylesURL()
	}
	if shell.SiteScript == "" {
		shell.SiteScript = SiteScriptURL()
	}
	lang := "?lang=" + printer.Lang()
	return write(w, "shell.html", document{Shell: shell, P: printer, StatusURL: StatusPath + lang, FiguresURL: FiguresPath + lang, Body: body})
}

// content is what a body template is given: P says the words, View is the caller's view.
type content struct {
	P    *locale.Printer
	Home string
	View any
}

// functions are what templates can call besides the printer's methods.
var functions = template.FuncMap{
	"pair":    func(p *locale.Printer, view any) content { return content{P: p, View: view} },
	"told":    told,
	"offered": offered,
	"tonight": tonight,
	"icon":    Drawing,
	"sign":    Sign,
	"whole":   whole,
	"web":     hsds.WebAddress,
	"asked":   func(r ReferralView, q QuestionView) putQuestion { return putQuestion{q, r.ID, r.Alive()} },
	"numbered": func(p *locale.Printer, of StatusView, view any, place any) numbered {
		return numbered{content{P: p, View: view}, of, fmt.Sprint(place)}
	},
	"backReasons": func() []string { return WithdrawReasons },
}

// told leaves out the reasons that a match's other lines say already: what is missing, that nobody has checked, and
// "open to everyone" where the organization says in words whom it is for.
func told(reasons []Reason, described string) []Reason {
	return slices.DeleteFunc(slices.Clone(reasons), func(reason Reason) bool {
		return reason.Code == eligibility.ReasonToCheck || reason.Code == eligibility.ReasonUnchecked ||
			reason.Code == eligibility.ReasonOpenToAll && described != ""
	})
}

// whole keeps a code that stands in a sentence in one piece, on a line of its own if need be: who copies half of it has nothing.
func whole(said, code string) template.HTML {
	before, after, found := strings.Cut(said, code)
	if !found || code == "" {
		return template.HTML(template.HTMLEscapeString(said)) // #nosec G203 -- escaped
	}
	return template.HTML(template.HTMLEscapeString(before) + `<bdi class="ref">` + template.HTMLEscapeString(code) + `</bdi>` + // #nosec G203 -- escaped
		template.HTMLEscapeString(after))
}

// renderWith renders the named template as the body of a page.
func renderWith(w io.Writer, shell Shell, name string, view any) error {
	if shell.Home == "" {
		shell.Home = "/"
	}
	return renderBody(w, shell, name, content{P: locale.For(shell.Lang), Home: shell.Home, View: view})
}

// renderBody renders the named template with what it wants to be given.
func renderBody(w io.Writer, shell Shell, name string, given any) error {
	var body bytes.Buffer
	if err := write(&body, name, given); err != nil {
		return err
	}
	return Render(w, shell, template.HTML(body.String())) // #nosec G203 -- html/template has just made and escaped it
}

// write renders to memory first, so that a failing template never leaves half a page behind.
func write(w io.Writer, name string, data any) error {
	var out bytes.Buffer
	if err := parsed().ExecuteTemplate(&out, name, data); err != nil {
		return err
	}
	_, err := w.Write(out.Bytes())
	return err
}
