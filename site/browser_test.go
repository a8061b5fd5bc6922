package site_test

import (
	"context"
	"net/http/httptest"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/site"
	"github.com/miict/immerse/site/browser"
)

// served serves a country's site and gives its address.
func served(t *testing.T, code string) (files site.Files, address string) {
	t.Helper()
	files = build(t, code)
	server := httptest.NewServer(site.Handler(files))
	t.Cleanup(server.Close)
	return files, server.URL
}

// looked are the paths of the pages to look at: all of one country's, and of the others those in which countries differ.
// Unless EVERY_PAGE is set, as CI sets it, one country's pages in the two most unlike languages have to do.
func looked(files site.Files, first bool) []string {
	every := os.Getenv("EVERY_PAGE") != ""
	seen := map[string]int{}
	var found []string
	for _, name := range files.Paths() {
		lang, _, _ := strings.Cut(name, "/")
		differs := strings.Contains(name, "/apply/") || lang == "index.html"
		wanted := every && (first || differs) || first && (lang == "ar" || lang == "el")
		kind := kindOf(name)
		if kind != "" && (!every || serviceOf.MatchString(name)) { // they differ in their facts only
			if seen[kind]++; seen[kind] > 3 {
				continue
			}
		}
		switch {
		case wanted && path.Base(name) == "index.html":
			found = append(found, "/"+strings.TrimSuffix(name, "index.html"))
		case wanted && path.Base(name) == "404.html":
			found = append(found, "/"+name)
		}
	}
	return found
}

// alike begins the paths of pages that one template makes, in a language; serviceOf are those of one service each.
var (
	alike     = regexp.MustCompile(`^[a-z]+/(services/in|services|rights)/[^/]+/`)
	serviceOf = regexp.MustCompile(`^[a-z]+/services/[0-9a-f-]{36}/`)
)

func kindOf(name string) string {
	found := alike.FindStringSubmatch(name)
	switch {
	case found == nil:
		return ""
	case serviceOf.MatchString(name):
		return name[:2] + " one service"
	}
	return name[:2] + found[1]
}

// whole shows all groups of a form at once, as they are without a script.
const whole = `document.querySelector('#application')?.classList.remove('stepped'); document.querySelector('#application')?.removeAttribute('data-rules'); true`

// TestBrowserAxe: axe finds nothing on any page.
func TestBrowserAxe(t *testing.T) {
	axe := browser.Axe(t, "..")
	tab := browser.Open(t)
	for i, code := range country.Codes() {
		files, address := served(t, code)
		for _, page := range looked(files, i == 0) {
			browser.Do(tab, t, chromedp.Navigate(address+page))
			browser.JS[bool](tab, t, whole)
			for _, problem := range browser.Violations(tab, t, axe) {
				t.Errorf("%s %s: %s", code, page, problem)
			}
		}
	}
}

// TestBrowserSmallScreens: no page needs scrolling sideways on 320 pixels, which is what a screen of 1280 has left at 400 %.
func TestBrowserSmallScreens(t *testing.T) {
	tab := browser.Open(t)
	browser.Do(tab, t, chromedp.EmulateViewport(320, 640))
	files, address := served(t, "es")
	for _, page := range looked(files, true) {
		browser.Do(tab, t, chromedp.Navigate(address+page))
		for _, state := range []string{"true", whole} {
			browser.JS[bool](tab, t, state)
			if wide := browser.JS[[]string](tab, t, tooWide); len(wide) > 0 {
				t.Errorf("%s is wider than the screen: %v", page, wide)
			}
		}
	}
}

// tooWide are the elements that reach over the screen's side, if the page can be scrolled there.
const tooWide = `(() => {
	const page = document.scrollingElement;
	if (page.scrollWidth <= 320) return [];
	return [...document.querySelectorAll('body *')].filter((e) => { const r = e.getBoundingClientRect(); return r.right > 321 || r.left < -1; })
		.map((e) => e.tagName + '.' + e.className);
})()`

// TestBrowserNothingJumps: the largest thing that a reader sees is in the first response, nothing moves once it is shown,
// and nothing is asked of anybody else.
func TestBrowserNothingJumps(t *testing.T) {
	tab := browser.Open(t)
	files, address := served(t, "es")
	for _, size := range [][2]int64{{320, 640}, {1280, 800}} {
		browser.Do(tab, t, chromedp.EmulateViewport(size[0], size[1]))
		for _, page := range []string{"/", "/ar/", "/ar/apply/", "/el/apply/", "/ar/services/legal/", "/el/rights/", "/ar/rights/health/"} {
			browser.Do(tab, t, chromedp.Navigate("about:blank"), chromedp.Navigate(address+page))
			seen := browser.Paint(tab, t)
			if seen.Shift > 0.001 {
				t.Errorf("%s at %d: the layout shifts by %.3f: %v", page, size[0], seen.Shift, seen.Moved)
			}
			file, _, _ := strings.Cut(strings.TrimPrefix(page, "/"), "#")
			if !strings.Contains(plain(string(files[file+"index.html"])), seen.Largest) || seen.Largest == "" {
				t.Errorf("%s: the largest element, %q, is not in the first response", page, seen.Largest)
			}
			for _, url := range seen.Loaded {
				if !strings.HasPrefix(url, address+"/") {
					t.Errorf("%s loads %s", page, url)
				}
			}
		}
	}
}

// plain is what a document says, on one line.
func plain(document string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("&#39;", "'", "&#34;", `"`, "&amp;", "&", "<bdi>", "", "</bdi>", "").Replace(document)), " ")
}

// TestBrowserArabicIsMirrored: where English has the name at the left, Arabic has it at the right.
func TestBrowserArabicIsMirrored(t *testing.T) {
	tab := browser.Open(t)
	_, address := served(t, "es")
	browser.Do(tab, t, chromedp.EmulateViewport(1280, 800))
	for _, lang := range locale.Languages() {
		browser.Do(tab, t, chromedp.Navigate(address+"/"+lang+"/apply/"))
		left := func(selector string) float64 {
			return browser.JS[float64](tab, t, `document.querySelector('`+selector+`').getBoundingClientRect().left`)
		}
		mirrored := lang == "ar"
		if brand, exit := left(".brand"), left(".exit"); (brand > exit) != mirrored {
			t.Errorf("%s: the name is at %.0f, the way out at %.0f", lang, brand, exit)
		}
		if box, label := left(".box input"), left(".box label"); (box > label) != mirrored {
			t.Errorf("%s: the box is at %.0f, its words at %.0f", lang, box, label)
		}
	}
}

// TestBrowserReadersColoursAndRest: with colours of the reader's own every control still has an edge, and nothing moves,
// least of all for those who asked for that.
func TestBrowserReadersColoursAndRest(t *testing.T) {
	tab := browser.Open(t)
	_, address := served(t, "es")
	for _, page := range []string{"/", "/en/", "/en/apply/", "/ar/services/legal/", "/ar/rights/health/"} {
		browser.Do(tab, t, browser.Media("forced-colors", "active"), chromedp.Navigate(address+page))
		if bare := browser.JS[[]string](tab, t, edgeless); len(bare) > 0 {
			t.Errorf("%s with forced colours: no edge around %v", page, bare)
		}
		browser.Do(tab, t, browser.Media("prefers-reduced-motion", "reduce"), chromedp.Navigate(address+page))
		if moving := browser.JS[[]string](tab, t, moves); len(moving) > 0 {
			t.Errorf("%s moves: %v", page, moving)
		}
	}
}

const (
	edgeless = `[...document.querySelectorAll('button, .button, .exit, .choose a, input:not([type=hidden], [type=checkbox], [type=radio]), select, textarea')]
		.filter((e) => e.offsetParent && !e.closest('.away')).filter((e) => { const s = getComputedStyle(e); return s.borderTopStyle === 'none' || parseFloat(s.borderTopWidth) < 1; })
		.map((e) => e.tagName + '.' + e.className)`
	moves = `[...document.querySelectorAll('*')].filter((e) => { const s = getComputedStyle(e);
		return s.animationName !== 'none' || s.transitionDuration !== '0s' || s.scrollBehavior !== 'auto'; }).map((e) => e.tagName + '.' + e.className)`
)

// TestBrowserLooks takes pictures for whoever wants to see them: SCREENSHOTS names a folder.
func TestBrowserLooks(t *testing.T) {
	if os.Getenv("SCREENSHOTS") == "" {
		t.Skip("no pictures are taken, which people look at: set SCREENSHOTS to a folder")
	}
	tab := browser.Open(t)
	_, address := served(t, "es")
	for _, lang := range []string{"ar", "el", "en", "uk"} {
		for _, width := range []int64{320, 1280} {
			for name, page := range map[string]string{"front": "/", "needs": "/apply/#step-needs", "you": "/apply/", "text": "/accessibility/"} {
				look(tab, t, address+"/"+lang+page, lang+"-"+name, width)
			}
		}
	}
	look(tab, t, address+"/", "chooser", 320)
	look(tab, t, address+"/", "chooser", 1280)
}

func look(tab context.Context, t *testing.T, url, name string, width int64) {
	browser.Do(tab, t, chromedp.EmulateViewport(width, 800), chromedp.Navigate("about:blank"), chromedp.Navigate(url))
	browser.Picture(tab, t, name+"-"+map[int64]string{320: "320", 1280: "1280"}[width])
}
