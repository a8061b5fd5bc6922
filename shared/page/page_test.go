package page_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/page"
)

var regions = []page.RegionGroup{
	{Name: "Andalucía", Regions: []page.Region{{Code: "ES-GR", Name: "Granada"}, {Code: "ES-AL", Name: "Almería"}}},
	{Regions: []page.Region{{Code: "ES-CE", Name: "Ceuta"}}},
}

func formView(lang string) page.FormView {
	fields := application.Fields(page.RegionCodes(regions), locale.Languages(), 2026)
	return page.FormView{Shell: page.Shell{Lang: lang, Country: "España"}, Fields: fields, Regions: regions}
}

// views are all kinds of page, each in a state that shows everything it can show.
func views(lang string) map[string]func(io.Writer) error {
	shell := page.Shell{Lang: lang, Country: "España", HelpLine: "112", Script: page.FormScriptURL()}
	wrong := formView(lang)
	wrong.Answers = map[string][]string{"contact.email": {"x"}, "needs": {"health"}, "languages.0.code": {"ar"}}
	wrong.Errors = []page.FieldError{
		{Field: "contact.email", Message: "m1"}, {Field: "languages.0.level", Message: "m2"},
		{Field: "residence.region", Message: "m3"}, {Field: "needs", Message: "m4"}, {Field: "nobody.knows", Message: "m5"},
		{Field: "consent.processing", Message: "m6"},
	}
	shown := page.StatusView{
		Shell: shell, Reference: "IM-1", Secret: "s", State: "notified", Submitted: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC),
		Referrals: []page.ReferralView{
			{Organization: "B", Services: []string{"A"}, State: "delivered", Due: time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC), URL: "https://example.org/"},
			{Organization: "F", State: "sent", Due: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), Overdue: true},
			{Organization: "G", State: "declined", At: time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)},
		},
		ToAdd: []page.FieldCount{{Field: "birth_year", Count: 2}},
		Needs: []page.NeedView{{Need: "health", Matches: []page.MatchView{
			{Service: "A", Organization: "B", URL: "https://example.org/", Eligible: true, Unchecked: true, Notified: true,
				Reasons: []page.Reason{{Code: "age_in_range", Params: map[string]any{"min": 18}}}},
			{Service: "C", Missing: []string{"birth_year", "gender"}, Stale: true},
		}, RuledOut: []page.RuledOutView{{Service: "D", Organization: "E", Reasons: []page.Reason{{Code: "not_registered", Params: map[string]any{"registration": []string{"health_card"}}}}}}}, {Need: "legal"}},
	}
	answers := map[string][]string{
		"kind": {"support"}, "needs": {"health", "legal"}, "residence.region": {"ES-GR"}, "birth_year": {"1994"}, "message": {"a\nb"},
		"languages.0.code": {"ar"}, "languages.0.level": {"native"}, "consent.processing": {"true"}, "idempotency_key": {"k"}, "review": {"check"},
	}
	return map[string]func(io.Writer) error{
		"check": func(w io.Writer) error {
			return page.Check(w, page.CheckView{Shell: shell, Fields: wrong.Fields, Regions: regions, Answers: answers})
		},
		"form":        func(w io.Writer) error { v := formView(lang); v.Shell = shell; return page.Form(w, v) },
		"form errors": func(w io.Writer) error { return page.Form(w, wrong) },
		"confirmation": func(w io.Writer) error {
			return page.Confirmation(w, page.ConfirmationView{Shell: shell, Reference: "IM-1", Secret: "s", Mailed: true})
		},
		"status":     func(w io.Writer) error { return page.Status(w, shown) },
		"status ask": func(w io.Writer) error { return page.Status(w, page.StatusView{Shell: shell, Problem: "not_found"}) },
		"status erased": func(w io.Writer) error {
			return page.Status(w, page.StatusView{Shell: shell, State: "erased", Reference: "IM-1"})
		},
		"thanks": func(w io.Writer) error { return page.Thanks(w, page.ThanksView{Shell: shell, Back: "/en/"}) },
		"problem": func(w io.Writer) error {
			return page.Problem(w, page.ProblemView{Shell: shell, Code: "too_large", Params: map[string]any{"max": 65536}})
		},
	}
}

func render(t *testing.T, write func(io.Writer) error) string {
	t.Helper()
	var out bytes.Buffer
	if err := write(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func parse(t *testing.T, document string) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// each calls visit for every element of a document.
func each(root *html.Node, visit func(element *html.Node)) {
	for node := range root.Descendants() {
		if node.Type == html.ElementNode {
			visit(node)
		}
	}
}

func attr(element *html.Node, name string) string {
	value, _ := lookup(element, name)
	return value
}

func lookup(element *html.Node, name string) (value string, ok bool) {
	for _, attribute := range element.Attr {
		if attribute.Key == name {
			return attribute.Val, true
		}
	}
	return "", false
}

// A screen reader says the catalogue's names in the language that they are in.
func TestNamesHaveTheirLanguage(t *testing.T) {
	view := page.StatusView{Shell: page.Shell{Lang: "ar"}, State: "matched", Needs: []page.NeedView{{
		Need:     "health",
		Matches:  []page.MatchView{{NamesLang: "es", Service: "Salud", Organization: "Junta"}},
		RuledOut: []page.RuledOutView{{NamesLang: "es", Service: "Clases", Organization: "Ayuntamiento"}},
	}}}
	document := render(t, func(w io.Writer) error { return page.Status(w, view) })
	for _, name := range []string{"Salud", "Junta", "Clases", "Ayuntamiento"} {
		if want := `<bdi lang="es">` + name + `</bdi>`; !strings.Contains(document, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}
