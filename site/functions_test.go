package site_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/site"
	"github.com/miict/immerse/site/browser"
)

// TestBrowserStatusPage: axe finds nothing on a case's page with all that it can show, and it fits a small screen.
func TestBrowserStatusPage(t *testing.T) {
	axe := browser.Axe(t, "..")
	tab := browser.Open(t)
	mux := http.NewServeMux()
	mux.Handle("/", site.Handler(build(t, "es")))
	mux.HandleFunc("/status", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", page.Policy)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		var out bytes.Buffer
		if err := page.Status(&out, aCase(r.URL.Query().Get("lang"))); err != nil {
			t.Error(err)
		}
		_, _ = out.WriteTo(w) // the browser is gone only with the test
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	browser.Do(tab, t, chromedp.EmulateViewport(320, 640))
	for _, lang := range []string{"ar", "el", "es"} {
		browser.Do(tab, t, chromedp.Navigate(server.URL+"/status?lang="+lang))
		if seen := browser.Paint(tab, t); seen.Shift > 0.001 || seen.Largest == "" {
			t.Errorf("%s: the layout shifts by %.3f: %v; the largest element is %q", lang, seen.Shift, seen.Moved, seen.Largest)
		}
		for _, problem := range browser.Violations(tab, t, axe) {
			t.Errorf("%s: %s", lang, problem)
		}
		if wide := browser.JS[[]string](tab, t, tooWide); len(wide) > 0 {
			t.Errorf("%s: wider than the screen: %v", lang, wide)
		}
	}
}

// aCase is a case in the middle of its life.
func aCase(lang string) page.StatusView {
	day := func(d int) time.Time { return time.Date(2026, 11, d, 0, 0, 0, 0, time.UTC) }
	return page.StatusView{
		Shell: page.Shell{Lang: lang, Country: "España", HelpLine: "112", Home: "/"}, Reference: "ES-7K3M-9QXT-40AB", Secret: "s",
		State: "notified", Submitted: day(2),
		Referrals: []page.ReferralView{
			{NamesLang: "es", Organization: "Oficina de Asilo y Refugio", URL: "https://example.org/", Services: []string{"Solicitud de asilo"}, State: "delivered", At: day(2), Due: day(27)},
			{ID: "authority-a", NamesLang: "es", Organization: "Granada Acoge", Services: []string{"Servicio jurídico"}, State: "accepted", At: day(4),
				Contact: "released", Seen: []time.Time{day(5), day(9)}, Questions: []page.QuestionView{
					{ID: "q1", At: day(5), Code: "documents", Replied: day(6), Reply: "جواز سفر فقط"},
					{ID: "q2", At: day(9), Code: "other", Text: "¿Puede venir el lunes por la mañana a la oficina de la calle Portería de Santa Paula, s/n?"},
				}},
			{NamesLang: "es", Organization: "Accem", Services: []string{"Acogida"}, State: "sent", At: day(2), Due: day(20), Overdue: true},
			{ID: "authority-c", NamesLang: "es", Organization: "Cruz Roja Española", Services: []string{"Asesoría"}, State: "declined", Why: "no_capacity", At: day(8), Rating: "partly"},
			{ID: "authority-d", NamesLang: "es", Organization: "CEAR", Services: []string{"Asesoría"}, Instead: true, State: "delivered", At: day(8), Due: day(28)},
			{ID: "authority-e", NamesLang: "es", Organization: "Ayuntamiento", State: "expired", Why: "no_answer", At: day(9), Rated: true, Rating: "no"},
		},
		Trail: []page.TrailView{{At: day(2), Code: "consented"}, {At: day(5), Code: "contact_shown", Organization: "Granada Acoge", NamesLang: "es"}},
		ToAdd: []page.FieldCount{{Field: "birth_year", Count: 3}, {Field: "legal_status", Count: 1}},
		Needs: []page.NeedView{{Need: "legal", Matches: []page.MatchView{{
			NamesLang: "es", Service: "Solicitud de asilo", Organization: "Oficina de Asilo y Refugio", URL: "https://example.org/",
			Missing: []string{"birth_year"}, Notified: true, Unchecked: true, Reasons: []page.Reason{{Code: "online"}},
		}}}},
	}
}
