package page_test

import (
	"io"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/page"
)

func formRoot(t *testing.T, view page.FormView) *html.Node {
	return parse(t, render(t, func(w io.Writer) error { return page.Form(w, view) }))
}

func TestFormAsksEveryFieldByItsName(t *testing.T) {
	names := map[string]bool{}
	each(formRoot(t, formView("en")), func(e *html.Node) { names[attr(e, "name")] = true })
	for _, field := range formView("en").Fields {
		if field.Name == application.FieldEvent {
			continue // chosen on the event's page
		}
		want := field.Name
		if field.Kind == application.Languages {
			want += ".0.code"
		}
		if !names[want] {
			t.Errorf("nothing is named %q", want)
		}
	}
	for _, want := range []string{"website", "languages.3.level", "consent.version", "language"} {
		if !names[want] {
			t.Errorf("nothing is named %q", want)
		}
	}
}

// TestFormIsReadByTheReader sends what the browser would send for a form filled in, and the API's reader takes it.
func TestFormIsReadByTheReader(t *testing.T) {
	view := formView("ar")
	view.Answers = map[string][]string{
		"kind": {"support"}, "needs": {"health", "legal"}, "residence.region": {"ES-GR"}, "legal_status": {"refugee"},
		"birth_year": {"1994"}, "languages.0.code": {"ar"}, "languages.0.level": {"native"}, "education": {"5"},
		"occupation": {"2221"}, "registrations": {"tax_number"}, "consent.processing": {"true"}, "message": {"مرحبا"},
	}
	reader := application.Reader{Fields: view.Fields, ConsentVersion: locale.ConsentVersion}
	read, _, problems := reader.Form([]byte(sent(formRoot(t, view)).Encode()))
	if len(problems) > 0 {
		t.Fatalf("the reader found %v", problems)
	}
	if read.Language != "ar" || !slices.Equal(read.Needs, []string{"health", "legal"}) || read.Occupation != "2221" ||
		*read.BirthYear != 1994 || *read.Education != 5 || read.Languages[0].Level != "native" || read.Message != "مرحبا" ||
		read.Consent.Version != locale.ConsentVersion || !read.Consent.Processing || read.Consent.Sharing {
		t.Errorf("read %+v", read)
	}
}

func TestFormKeepsAnswersAndNamesErrors(t *testing.T) {
	view := formView("en")
	view.Answers = map[string][]string{"contact.name": {"Amal"}, "birth_year": {"soon"}, "idempotency_key": {"k"}}
	view.Errors = []page.FieldError{{Field: "birth_year", Message: "Not a year."}, {Field: "languages.1.level", Message: "Unknown."}}
	root := formRoot(t, view)
	values := sent(root)
	if values.Get("contact.name") != "Amal" || values.Get("birth_year") != "soon" || values.Get("idempotency_key") != "k" {
		t.Errorf("kept %v", values)
	}
	var links []string
	each(root, func(e *html.Node) {
		if e.Data == "a" && strings.HasPrefix(attr(e, "href"), "#f-") {
			links = append(links, attr(e, "href"))
		}
		if attr(e, "name") == "birth_year" {
			if attr(e, "aria-invalid") != "true" || !strings.Contains(attr(e, "aria-describedby"), "f-birth_year-error") {
				t.Errorf("birth_year is not marked as wrong: %v", e.Attr)
			}
			if attr(e, "type") != "text" {
				t.Errorf("a browser hides %q in an input of type %q", "soon", attr(e, "type"))
			}
		}
	})
	if want := []string{"#f-birth_year", "#f-languages-1-level"}; !slices.Equal(links, want) {
		t.Errorf("the summary links to %v, want %v", links, want)
	}
}

// TestEachKindAsksWhatItNeeds: nobody who wants to help is asked which help they need, how urgent it is, or for papers.
func TestEachKindAsksWhatItNeeds(t *testing.T) {
	never := map[string][]string{
		"volunteer":          {"urgency", "legal_status", "gender", "registrations", "household.children", "residence.months_in_country"},
		"event_registration": {"urgency", "legal_status", "birth_year", "education", "occupation"},
		"expert_question":    {"occupation", "household.adults"},
	}
	for kind, unasked := range never {
		view := formView("en")
		view.Kind = kind
		root := formRoot(t, view)
		values := sent(root)
		if values.Get("kind") != kind {
			t.Errorf("the form of %s sends %q", kind, values.Get("kind"))
		}
		each(root, func(e *html.Node) {
			if slices.Contains(unasked, attr(e, "name")) {
				t.Errorf("%s asks %s", kind, attr(e, "name"))
			}
		})
		for _, field := range view.Fields {
			if field.Required && field.Kind != application.Agreement && !field.AskedFor(kind) {
				t.Errorf("%s can't be sent: %s is required and not asked", kind, field.Name)
			}
		}
		if text := words(root); strings.Contains(text, "Help you need") {
			t.Errorf("%s asks for the help that is needed", kind)
		}
	}
}

func words(root *html.Node) string {
	var out strings.Builder
	for node := range root.Descendants() {
		if node.Type == html.TextNode {
			out.WriteString(node.Data)
		}
	}
	return out.String()
}

// TestEveryQuestionSaysWhyAndWhatMayBeSkipped in each language, for every kind.
func TestEveryQuestionSaysWhyAndWhatMayBeSkipped(t *testing.T) {
	for _, lang := range locale.Languages() {
		say := locale.For(lang)
		for _, field := range formView(lang).Fields {
			if field.Kind == application.Agreement || field.Name == "kind" || field.Name == "language" || field.Name == "consent.version" ||
				field.Name == application.FieldEvent {
				continue
			}
			if !say.Has("field." + field.Name + ".why") {
				t.Errorf("%s: %s doesn't say why it is asked", lang, field.Name)
			}
		}
		view := formView(lang)
		optional := 0
		for _, field := range view.Fields {
			if !field.Required && field.Name != "consent.version" && field.Name != application.FieldEvent {
				optional++
			}
		}
		if got := strings.Count(words(formRoot(t, view)), "("+say.T("form.optional")+")"); got != optional {
			t.Errorf("%s: %d questions say that they may be skipped, want %d", lang, got, optional)
		}
	}
}

// TestCheckShowsAnswersInWordsAndSendsThemAgain: what the person agrees to is what they see.
func TestCheckShowsAnswersInWordsAndSendsThemAgain(t *testing.T) {
	root := parse(t, render(t, views("en")["check"]))
	text := words(root)
	for _, want := range []string{"Health", "Legal advice", "Granada", "1994", "العربية – Arabic, My own language", "Yes", "Not answered", "a\nb"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	values := sent(root)
	if values.Get("idempotency_key") != "k" || !slices.Equal(values["needs"], []string{"health", "legal"}) || values.Has("review") {
		t.Errorf("it sends %v", values)
	}
}

func TestHoneypotIsOutOfEveryonesWay(t *testing.T) {
	each(formRoot(t, formView("en")), func(e *html.Node) {
		if attr(e, "name") == "website" && (attr(e, "tabindex") != "-1" || attr(e, "autocomplete") != "off" || attr(e.Parent, "aria-hidden") != "true") {
			t.Errorf("honeypot: %v in %v", e.Attr, e.Parent.Attr)
		}
	})
}

func TestRegionsAreGrouped(t *testing.T) {
	groups := page.Regions([]country.Area{
		{Code: "ES"}, {Code: "ES-AN", Name: "Andalucía", Parent: "ES"}, {Code: "ES-GR", Name: "Granada", Parent: "ES-AN"},
		{Code: "ES-CE", Name: "Ceuta", Names: map[string]string{"ar": "سبتة"}, Parent: "ES"},
	}, "ar")
	if len(groups) != 2 || groups[0].Name != "Andalucía" || groups[1].Name != "" || groups[1].Regions[0].Name != "سبتة" {
		t.Fatalf("groups are %+v", groups)
	}
	if got := page.RegionCodes(groups); !slices.Equal(got, []string{"ES-GR", "ES-CE"}) {
		t.Errorf("codes are %v", got)
	}
}

// TestARegionWithoutAGroupStandsAlone: Ceuta is no part of the group before it.
func TestARegionWithoutAGroupStandsAlone(t *testing.T) {
	found := map[string]string{}
	each(formRoot(t, formView("en")), func(e *html.Node) {
		if e.Data == "option" {
			found[attr(e, "value")] = e.Parent.Data
		}
	})
	if found["ES-GR"] != "optgroup" || found["ES-CE"] != "select" {
		t.Errorf("ES-GR is in %q, ES-CE in %q", found["ES-GR"], found["ES-CE"])
	}
}
