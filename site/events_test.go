package site_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/site"
	"github.com/miict/immerse/site/browser"
)

// TestBrowserEvents: axe finds nothing on the list of events and on the page of one with all that it can show, and they fit a
// small screen.
func TestBrowserEvents(t *testing.T) {
	pack, err := country.Load("es")
	if err != nil {
		t.Fatal(err)
	}
	axe := browser.Axe(t, "..")
	tab := browser.Open(t)
	mux := http.NewServeMux()
	mux.Handle("/", site.Handler(build(t, "es")))
	mux.HandleFunc(page.EventsPath+"/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", page.Policy)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		lang := r.URL.Query().Get("lang")
		var links []page.Link
		for _, other := range locale.Languages() {
			links = append(links, page.Link{Lang: other, URL: page.EventsPath + "/?lang=" + other})
		}
		shell := page.Shell{Lang: lang, Country: pack.NameIn(lang), HelpLine: "112", Home: "/" + lang + "/", Links: links}
		line := page.EventLine{
			URL: page.EventsPath + "/one?lang=" + lang, Name: "Tarde de encuentro y conversación", NamesLang: "es", Organizer: "Granada Acoge", Kind: "event",
			When: "16/06/2027, 18:00–20:30", Start: "2027-06-16T18:00:00+02:00", Where: "Sala, Calle 1, 18001 Granada", Spoken: "es, ar", Unchecked: true,
		}
		var out bytes.Buffer
		if strings.HasSuffix(r.URL.Path, "/one") {
			err = page.Event(&out, page.EventView{
				Shell: shell, EventLine: line, Back: page.EventsPath + "/?lang=" + lang, Areas: "Granada", About: "Se habla, con té y juegos.", Clock: pack.NameIn(lang),
				Places: []page.EventPlace{{Line: line.Where, Transport: "Autobús", Map: "https://www.openstreetmap.org/", Accessible: []string{"Entrada sin escalones."}}},
				Online: "https://example.org/a-long-address-of-a-meeting-on-the-web", Attend: "Presencial", Interpreter: "Árabe", Cost: "Gratuito.", How: "Aquí.", For: "Cualquier persona.",
				Website: "https://example.org/", Room: 30, Register: page.EventsPath + "/one/register?lang=" + lang, RegisterBy: "15/06/2027 12:00", Calendar: "/c",
			})
		} else {
			council := line
			council.When, council.Kind = "", "council"
			err = page.Events(&out, page.EventsView{
				Shell: shell, Coming: []page.EventLine{line}, Councils: []page.EventLine{council}, Consultations: []page.EventLine{council},
				Regions: page.Regions(pack.Areas.All(), lang), Region: "ES-GR", More: "/" + lang + "/services/participation/",
			})
		}
		if err != nil {
			t.Error(err)
		}
		_, _ = out.WriteTo(w) // the browser is gone only with the test
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	for _, width := range []int64{320, 1280} {
		browser.Do(tab, t, chromedp.EmulateViewport(width, 900))
		for _, lang := range []string{"ar", "el", "es"} {
			for _, path := range []string{"/", "/one"} {
				browser.Do(tab, t, chromedp.Navigate(server.URL+page.EventsPath+path+"?lang="+lang))
				for _, problem := range browser.Violations(tab, t, axe) {
					t.Errorf("%s%s: %s", lang, path, problem)
				}
				if wide := browser.JS[[]string](tab, t, tooWide); width == 320 && len(wide) > 0 {
					t.Errorf("%s%s: wider than the screen: %v", lang, path, wide)
				}
				if seen := browser.Paint(tab, t); seen.Shift > 0.001 || seen.Largest == "" {
					t.Errorf("%s%s: the layout shifts by %.3f: %v; the largest element is %q", lang, path, seen.Shift, seen.Moved, seen.Largest)
				}
				browser.Do(tab, t, browser.Media("forced-colors", "active"))
				if bare := browser.JS[[]string](tab, t, edgeless); len(bare) > 0 {
					t.Errorf("%s%s with forced colours: no edge around %v", lang, path, bare)
				}
				browser.Do(tab, t, browser.Media("prefers-reduced-motion", "reduce"))
				if moving := browser.JS[[]string](tab, t, moves); len(moving) > 0 {
					t.Errorf("%s%s moves: %v", lang, path, moving)
				}
				browser.Picture(tab, t, fmt.Sprintf("events-%s%s-%d", lang, strings.ReplaceAll(path, "/", "-"), width))
			}
		}
	}
}
