package figures_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/site/browser"
)

// TestBrowserFigures: axe finds nothing on the page, it fits a small screen, bars begin where reading does and are as long as their numbers
// say, also in colours that a reader has set.
func TestBrowserFigures(t *testing.T) {
	axe := browser.Axe(t, "../..")
	tab := browser.Open(t)
	h := handler(t, quarter(t, "2026-Q4"), quarter(t, "2026-Q3"))
	mux := http.NewServeMux()
	for name, style := range map[string][]byte{"site": page.Stylesheet(), "more": page.MoreStyles()} {
		mux.HandleFunc("/assets/"+name+".css", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/css")
			_, _ = w.Write(style)
		})
	}
	mux.HandleFunc("/figures", func(w http.ResponseWriter, r *http.Request) {
		answer := ask(t, h, r.Method, "/figures?"+r.URL.RawQuery)
		for name, value := range answer.Headers {
			w.Header().Set(name, value)
		}
		_, _ = w.Write([]byte(answer.Body))
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	browser.Do(tab, t, chromedp.EmulateViewport(320, 640))
	for _, lang := range []string{"ar", "el", "es"} {
		browser.Do(tab, t, chromedp.Navigate(server.URL+"/figures?lang="+lang))
		for _, problem := range browser.Violations(tab, t, axe) {
			t.Errorf("%s: %s", lang, problem)
		}
		if wide := browser.JS[int](tab, t, `document.scrollingElement.scrollWidth`); wide > 320 {
			t.Errorf("%s: %d pixels wide", lang, wide)
		}
		if seen := browser.Paint(tab, t); seen.Shift > 0.001 || seen.Largest == "" {
			t.Errorf("%s: the layout shifts by %.3f: %v; the largest element is %q", lang, seen.Shift, seen.Moved, seen.Largest)
		}
		browser.Picture(tab, t, "figures-"+lang)
		if wrong := browser.JS[[]string](tab, t, barsAreRight); len(wrong) > 0 {
			t.Errorf("%s: %v", lang, wrong)
		}
	}
}

// barsAreRight holds each bar to the number beside it, and to the side on which it begins.
const barsAreRight = `(() => {
	const wrong = [], rtl = document.documentElement.dir === 'rtl';
	const cells = [...document.querySelectorAll('.chart td:last-child')];
	for (const cell of cells) {
		const share = parseInt(cell.textContent, 10), whole = cell.querySelector('svg').getBoundingClientRect(), bar = cell.querySelector('rect').getBoundingClientRect();
		const gap = rtl ? whole.right - bar.right : bar.left - whole.left;
		if (Math.abs(bar.width / whole.width * 100 - share) > 1 || gap > 1) wrong.push(cell.textContent + ' ' + bar.width + ' of ' + whole.width + ', ' + gap);
	}
	if (cells.length < 20) wrong.push(cells.length + ' bars');
	return wrong;
})()`
