package proof

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/site/browser"
)

// TestBrowserWithoutScript goes the ways that TestBrowser doesn't, on a screen of 320 pixels and without JavaScript: an officer's
// page, the case after it, correcting the answers, the directory, a service, pages about rights, what is not there. On each page axe
// finds nothing, nothing reaches over the side, and whatever is to be pressed is large enough. SCREENSHOTS keeps what it saw.
func TestBrowserWithoutScript(t *testing.T) {
	axe := browser.Axe(t, "../../..")
	s := start(t, "es", soon)
	event := s.announced(t)
	for _, lang := range languages() {
		t.Run(lang, func(t *testing.T) {
			given := application(lang)
			given["needs"] = []any{"legal"}
			r := s.submit(t, given, "looked at in "+lang).receipt(t)
			s.notified(t, r)
			v := visitor{person{t, browser.Open(t), lang + "-page", axe, false}, s.URL}
			browser.Do(v.ctx, t, browser.Scripts(false), chromedp.EmulateViewport(320, 640))
			v.officer(s.officer(t, r).path, lang)
			v.corrects(r, lang)
			v.browses(lang)
			v.registers(event, lang)
			v.isToldWhatIsWrong(lang)
		})
	}
}

// A visitor presses what it sees.
type visitor struct {
	person
	site string
}

// press presses the first thing that selector means, and waits for what is on the next page.
func (v visitor) press(selector, then string) {
	v.Helper()
	browser.JS[bool](v.ctx, v.T, `document.querySelector('`+selector+`').setAttribute('data-was', ''); true`)
	browser.JS[bool](v.ctx, v.T, `document.querySelector('`+selector+`').click(); true`)
	browser.Until(v.ctx, v.T, `document.readyState === 'complete' && !document.querySelector('[data-was]')`)
	v.see(then)
}

func (v visitor) open(path, then string) {
	v.Helper()
	browser.Do(v.ctx, v.T, chromedp.Navigate(v.site+path))
	v.see(then)
}

func (v visitor) officer(path, lang string) {
	v.open(path+"?lang="+lang, `#accept`)
	v.sees("referral")
	v.press(`#accept ~ form button`, `#finish`)
	v.sees("referral-accepted")
}

func (v visitor) corrects(r receipt, lang string) {
	v.open("/status?lang="+lang, `#reference`)
	browser.Do(v.ctx, v.T, chromedp.SendKeys(`#reference`, r.Reference), chromedp.SendKeys(`#secret`, r.Secret))
	v.sees("status-asked")
	v.press(`main form button`, `#referrals`)
	v.sees("status")
	v.changesLanguage(r, lang)
	v.press(`[value="correct"] ~ p button`, `#application`)
	began := time.Now()
	v.sees("correct")
	if year := browser.JS[string](v.ctx, v.T, `document.querySelector('#f-birth_year').value`); year != "1994" {
		v.Errorf("the form to correct says %q was the year of birth", year)
	}
	browser.JS[bool](v.ctx, v.T, `document.querySelector('#f-birth_year').value = '1990'; document.querySelector('#f-consent-processing').checked = true`)
	v.press(`#application button[type="submit"]`, `#checked`)
	v.sees("corrected")
	time.Sleep(max(0, 3100*time.Millisecond-time.Since(began))) // people take their time
	v.press(`#checked button`, secretShown)
	v.sees("receipt")
	if again := browser.Get(v.ctx, v.T, chromedp.Text(referenceShown)); again == r.Reference || again == "" {
		v.Errorf("the corrected case is called %q", again)
	}
}

// changesLanguage reads the case in another language and in its own again: the address says neither code.
func (v visitor) changesLanguage(r receipt, lang string) {
	for _, other := range []string{"en", lang} {
		v.press(`.languages button[value="`+other+`"]`, `#referrals`)
		if said, shown := browser.JS[string](v.ctx, v.T, `document.documentElement.lang`), browser.Get(v.ctx, v.T, chromedp.Text("main")); said != other || !strings.Contains(shown, r.Reference) {
			v.Errorf("in %s, the page is in %s and says:\n%s", other, said, shown)
		}
		if address := browser.Get(v.ctx, v.T, chromedp.Location()); strings.Contains(address, r.Secret) || strings.Contains(address, r.Reference) {
			v.Errorf("the address is %s", address)
		}
	}
}

func (v visitor) browses(lang string) {
	v.open("/"+lang+"/", `.steps`)
	v.sees("front")
	v.press(`main a[href="/`+lang+`/services/"]`, `h1`)
	v.sees("services")
	v.press(`main a[href$="/services/legal/"]`, `.plain a`)
	v.sees("services-legal")
	v.press(`.plain a`, `#helpful`)
	v.sees("service")
	v.press(`[name="helpful"][value="yes"]`, `main p a`)
	v.sees("helpful")
	v.press(`main p a`, `#helpful`)
	v.open("/"+lang+"/rights/", `main a[href$="/rights/mobility/"]`)
	v.sees("rights")
	v.press(`main a[href$="/rights/mobility/"]`, `.text`)
	v.sees("rights-mobility")
	v.press(`main a[href="/`+lang+`/services/mobility/"]`, `h1`)
}

// registers for an event, from the list to the receipt.
func (v visitor) registers(event, lang string) {
	v.open("/api/v1/events?lang="+lang, `.plain a`)
	v.sees("events")
	v.press(`.plain a[href*="`+event+`"]`, `#register`)
	v.sees("event")
	v.press(`main a.button`, `#step-place`)
	began := time.Now()
	if shown := browser.JS[int](v.ctx, v.T, `[...document.querySelectorAll('.step')].filter((e) => e.offsetParent).length`); shown != 1 {
		v.Errorf("%d groups of questions are shown at once", shown)
	}
	v.sees("registration")
	v.press(`#step-consent button`, `.summary`)
	v.sees("registration-mistakes")
	browser.JS[bool](v.ctx, v.T, `document.querySelector('#f-residence-region').value = 'ES-GR'; document.querySelector('#f-consent-processing').checked = true`)
	v.press(`#application button[type="submit"]`, `#checked`)
	v.sees("registration-check")
	time.Sleep(max(0, 3100*time.Millisecond-time.Since(began))) // people take their time
	v.press(`#checked button`, secretShown)
	v.sees("registration-receipt")
	if said := browser.Get(v.ctx, v.T, chromedp.Text("#event")); !strings.HasPrefix(said, "Ejemplo: tarde") {
		v.Errorf("the receipt is for %q", said)
	}
	v.open("/figures?lang="+lang, `main`)
	v.sees("figures")
}

func (v visitor) isToldWhatIsWrong(lang string) {
	v.open("/"+lang+"/nowhere/", `main a`)
	v.sees("not-found")
	v.open("/referral/none?lang="+lang, `main`)
	v.sees("referral-unknown")
	v.open("/"+lang+"/apply/", `#application`)
	v.press(`#step-consent button`, `.summary`)
	v.sees("mistakes")
	if links := browser.JS[int](v.ctx, v.T, `document.querySelectorAll('.summary a').length`); links != 3 {
		v.Errorf("%d things are said to be missing", links)
	}
}

// sees holds the page to what every page must be.
func (v visitor) sees(name string) {
	v.Helper()
	v.look(name)
	if dir, want := browser.JS[string](v.ctx, v.T, `document.dir`), locale.For(v.lang()).Dir(); dir != want {
		v.Errorf("%s runs %s", name, dir)
	}
	for _, one := range browser.JS[[]string](v.ctx, v.T, tooWide) {
		v.Errorf("%s: wider than the screen: %s", name, one)
	}
	for _, one := range browser.JS[[]string](v.ctx, v.T, tooSmall) {
		v.Errorf("%s: too small to be pressed: %s", name, one)
	}
	if os.Getenv("SCREENSHOTS") == "" {
		return
	}
	browser.Do(v.ctx, v.T, browser.Media("forced-colors", "active"))
	browser.Picture(v.ctx, v.T, v.name+"-"+name+"-forced")
	browser.Do(v.ctx, v.T, browser.Media("forced-colors", "none"), chromedp.EmulateViewport(1280, 800))
	browser.Picture(v.ctx, v.T, v.name+"-"+name+"-1280")
	browser.Do(v.ctx, v.T, chromedp.EmulateViewport(320, 640))
}

func (v visitor) lang() string {
	lang, _, _ := strings.Cut(v.name, "-")
	return lang
}

const (
	// tooWide are the elements that reach over the side of the screen.
	tooWide = `document.scrollingElement.scrollWidth <= 320 ? [] : [...document.querySelectorAll('body *')]
		.filter((e) => { const r = e.getBoundingClientRect(); return r.right > 321 || r.left < -1; }).map((e) => e.tagName + '.' + e.className)`
	// tooSmall is to be pressed, and less than 24 pixels high or wide, and not a link in a line of text (WCAG 2.2, 2.5.8).
	tooSmall = `[...document.querySelectorAll('a, button, input:not([type=hidden]), select, textarea, summary')]
		.filter((e) => e.offsetParent && !e.closest('.away'))
		.filter((e) => { const r = (e.closest('.box') || e).getBoundingClientRect(); return r.height < 24 || r.width < 24; })
		.map((e) => e.outerHTML.slice(0, 120))`
)
