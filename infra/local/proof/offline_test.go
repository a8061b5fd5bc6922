package proof

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/miict/immerse/site/browser"
)

// A mast stands between browser and system. Without signal it drops every connection; it counts the forms that pass.
type mast struct {
	silent atomic.Bool
	forms  atomic.Int32
	to     *httputil.ReverseProxy
}

func raise(t *testing.T, s *system) (*mast, string) {
	t.Helper()
	there, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	m := &mast{to: httputil.NewSingleHostReverseProxy(there)}
	server := httptest.NewServer(m)
	t.Cleanup(server.Close)
	return m, server.URL
}

func (m *mast) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if m.silent.Load() {
		panic(http.ErrAbortHandler)
	}
	if r.Method == http.MethodPost && r.URL.Path == "/api/v1/applications" {
		m.forms.Add(1)
	}
	m.to.ServeHTTP(w, r)
}

// kept is how much is kept on the device: of drafts, forms and codes; of pages.
const (
	kept = `new Promise((resolve) => { const asked = indexedDB.open('immerse', 1);
		asked.onupgradeneeded = () => asked.result.createObjectStore('kept');
		asked.onsuccess = () => { const all = asked.result.transaction('kept').objectStore('kept').getAllKeys(); all.onsuccess = () => { asked.result.close(); resolve(all.result); }; }; })`
	pagesKept = `caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name).then((cache) => cache.match('/ar/apply/'))))).then((all) => all.some(Boolean))`
)

// TestBrowserWithoutConnection: in airplane mode the form opens, the draft survives a closed tab, and the form that was
// sent then goes out when there is a connection, once, though two tabs are open. What is kept can be erased.
func TestBrowserWithoutConnection(t *testing.T) {
	axe := browser.Axe(t, "../../..")
	s := start(t, "es", soon)
	mast, address := raise(t, s)
	first := browser.Open(t)
	tab := func() person {
		ctx, cancel := chromedp.NewContext(first)
		t.Cleanup(cancel)
		if err := chromedp.Do(ctx); err != nil { // the first call opens the tab, and bounds its life
			t.Fatalf("opening a tab: %v", err)
		}
		return person{T: t, ctx: ctx, name: "offline", axe: axe, script: true}
	}
	p := tab()
	browser.Do(p.ctx, t, chromedp.Navigate(address+"/ar/"))
	browser.Until(p.ctx, t, `navigator.serviceWorker.controller`)
	waitFor(t, "the pages to be kept", func() bool { return browser.JS[bool](p.ctx, t, pagesKept) })

	mast.silent.Store(true)
	browser.Do(p.ctx, t, chromedp.Navigate(address+"/ar/apply/"))
	browser.Until(p.ctx, t, `document.querySelector('.keeps')`)
	p.tick(`#f-needs-health`)
	p.enter(`.now .next`, `#step-place.now`)
	p.choose(`#f-residence-region`, "ES-GR")
	waitFor(t, "the draft to be kept", func() bool { return len(browser.JS[[]string](p.ctx, t, kept)) == 1 })
	waitFor(t, "the region to be kept", func() bool {
		return browser.JS[bool](p.ctx, t, strings.Replace(kept, "getAllKeys", "getAll", 1)+`.then((all) => JSON.stringify(all).includes('ES-GR'))`)
	})
	browser.Do(p.ctx, t, chromedp.Navigate("about:blank"))

	p = tab()
	browser.Do(p.ctx, t, chromedp.Navigate(address+"/ar/apply/"))
	p.see(`#found`)
	p.look("1-found")
	if !browser.JS[bool](p.ctx, t, `document.querySelector('#f-needs-health').checked && document.querySelector('#f-residence-region').value === 'ES-GR'`) {
		t.Fatal("the draft is not what was written")
	}
	for _, step := range []string{"place", "you", "skills", "contact", "consent"} {
		p.enter(`.now .next`, `#step-`+step+`.now`)
	}
	p.tick(`#f-consent-processing`)
	p.enter(`.now button[type=submit]`, `#step-check.now`)
	p.enter(`.now button[type=submit]`, `#waiting .kept`)
	p.see(`.waits .answers`) // what waits is shown
	p.look("2-waiting")
	if mast.forms.Load() != 0 {
		t.Error("something passed without a connection")
	}
	browser.Do(p.ctx, t, chromedp.Navigate("about:blank"))

	time.Sleep(3 * time.Second) // people take their time
	mast.silent.Store(false)
	var both sync.WaitGroup
	tabs := []person{tab(), tab()}
	for _, p := range tabs {
		both.Go(func() { browser.Do(p.ctx, t, chromedp.Navigate(address+"/ar/")) })
	}
	both.Wait()
	p = tabs[0]
	p.see(`#waiting .keep code`)
	p.look("3-sent")
	codes := browser.JS[[]string](p.ctx, t, `[...document.querySelectorAll('#waiting code')].map((e) => e.textContent)`)
	s.notified(t, receipt{Reference: codes[0], Secret: codes[1]})
	if n := mast.forms.Load(); n != 1 {
		t.Errorf("the form went out %d times", n)
	}
	if n := strings.Count(s.logs.String(), `"msg":"accepted"`); n != 1 {
		t.Errorf("%d applications were taken", n)
	}
	p.reach(`#waiting a.button`)
	p.press("\r")
	p.see(secretShown)
	waitFor(t, "the codes to be erased from the device", func() bool { return len(browser.JS[[]string](p.ctx, t, kept)) == 0 })
	s.registersWithoutConnection(t, mast, address, tab)
}

// TestBrowserLeavesFast: the way out leaves nothing of what was written, nor that the site was here, but in the history.
func TestBrowserLeavesFast(t *testing.T) {
	s := start(t, "es", nil)
	_, address := raise(t, s)
	ctx := browser.Open(t)
	p := person{T: t, ctx: ctx, script: true}
	browser.Do(ctx, t, chromedp.Navigate(address+"/ar/apply/"))
	browser.Until(ctx, t, `document.querySelector('.keeps') && navigator.serviceWorker.controller`)
	waitFor(t, "the pages to be kept", func() bool { return browser.JS[bool](ctx, t, pagesKept) })
	p.tick(`#f-needs-health`)
	waitFor(t, "the draft to be kept", func() bool { return len(browser.JS[[]string](ctx, t, kept)) == 1 })
	browser.JS[bool](ctx, t, `document.querySelector('.exit').href = '/robots.txt'; true`) // there is no other site here
	browser.JS[bool](ctx, t, `document.querySelector('.exit').click(); true`)
	browser.Until(ctx, t, `location.pathname === '/robots.txt'`)
	if left := browser.JS[[]string](ctx, t, kept); len(left) != 0 {
		t.Errorf("the device still keeps %v", left)
	}
	waitFor(t, "the pages to be gone", func() bool {
		return browser.JS[int](ctx, t, `caches.keys().then((names) => names.length)`) == 0
	})
	if n := browser.JS[int](ctx, t, `history.length`); n > 2 {
		t.Errorf("%d pages are in the history", n)
	}
}
