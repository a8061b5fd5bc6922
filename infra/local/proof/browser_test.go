package proof

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/site/browser"
)

// languages are all of them in CI, which sets EVERY_PAGE, or else those that are most unlike each other.
func languages() []string {
	if os.Getenv("EVERY_PAGE") != "" {
		return locale.Languages()
	}
	return []string{"ar", "el"}
}

// A person goes through pages with the keyboard alone.
type person struct {
	*testing.T
	ctx    context.Context
	name   string // of their pictures
	axe    string // axe-core
	script bool   // whether pages may run scripts
}

// reach presses Tab until what selector means has the focus.
func (p person) reach(selector string) {
	p.Helper()
	for range 150 {
		if browser.JS[bool](p.ctx, p.T, `document.activeElement.matches('`+selector+`')`) {
			return
		}
		p.press(kb.Tab)
	}
	p.Fatalf("Tab never comes to %s", selector)
}

func (p person) press(keys string) {
	p.Helper()
	browser.Do(p.ctx, p.T, chromedp.KeyEvent(keys))
}

// enter presses Enter on what selector means, and waits for what is to be seen then.
func (p person) enter(selector, then string) {
	p.Helper()
	p.reach(selector)
	p.press(kb.Enter)
	p.see(then)
}

// see waits until something is shown.
func (p person) see(selector string) {
	p.Helper()
	browser.Until(p.ctx, p.T, `(() => { const e = document.querySelector('`+selector+`'); return document.readyState === 'complete' && e && e.offsetParent; })()`)
}

func (p person) tick(selector string) {
	p.Helper()
	p.reach(selector)
	p.press(" ")
	if !browser.JS[bool](p.ctx, p.T, `document.activeElement.checked`) {
		p.Errorf("%s is not ticked by the space bar", selector)
	}
}

// write writes into a field, in place of what is there.
func (p person) write(selector, text string) {
	p.Helper()
	p.reach(selector)
	browser.JS[bool](p.ctx, p.T, `document.activeElement.select(); true`)
	p.press(text)
}

// choose goes down a list until it says value.
func (p person) choose(selector, value string) {
	p.Helper()
	p.reach(selector)
	for range 120 {
		if browser.JS[string](p.ctx, p.T, `document.activeElement.value`) == value {
			return
		}
		p.press(kb.ArrowDown)
	}
	p.Fatalf("%s never says %s", selector, value)
}

// mend goes from the list of mistakes to the field of the first, as the list has the focus and its links lead there.
func (p person) mend(field string) {
	p.Helper()
	p.see(`.summary`)
	browser.Until(p.ctx, p.T, `document.activeElement.id === 'errors'`)
	p.look("mistake-" + strings.TrimPrefix(field, "#f-"))
	p.press(kb.Tab)
	p.press(kb.Enter)
	browser.Until(p.ctx, p.T, `document.activeElement.matches('`+field+`')`)
}

// look takes a picture, and lets axe look.
func (p person) look(name string) {
	p.Helper()
	browser.Picture(p.ctx, p.T, p.name+"-"+name)
	if !p.script { // axe is one; those of the page stay as they are, not run
		browser.Do(p.ctx, p.T, browser.Scripts(true))
		defer browser.Do(p.ctx, p.T, browser.Scripts(false))
	}
	for _, problem := range browser.Violations(p.ctx, p.T, p.axe) {
		p.Errorf("%s: %s", name, problem)
	}
}

// TestBrowser goes a person's way with the keyboard alone, with JavaScript and without: choose a language, fill in the
// form, make three mistakes and mend them, send, keep the two codes, see the case, erase everything.
func TestBrowser(t *testing.T) {
	axe := browser.Axe(t, "../../..")
	s := start(t, "es", nil)
	for _, lang := range languages() {
		for _, script := range []bool{true, false} {
			name := lang + map[bool]string{true: "-script", false: "-no-script"}[script]
			t.Run(name, func(t *testing.T) {
				p := person{t, browser.Open(t), name, axe, script}
				browser.Do(p.ctx, t, browser.Scripts(script), chromedp.Navigate(s.URL+"/"))
				p.enter(`a[hreflang="`+lang+`"]`, `a[href="/`+lang+`/apply/#step-needs"]`)
				p.enter(`main a[href="/`+lang+`/apply/#step-needs"]`, `#step-needs .progress`)
				if script {
					p.fillIn()
				} else {
					p.fillInWithoutScript()
				}
				p.see(secretShown)
				s.afterwards(p, lang)
			})
		}
	}
}

// fillIn goes from page to page of the form; the script says at once what is wrong.
func (p person) fillIn() {
	browser.Until(p.ctx, p.T, `document.querySelector('.keeps')`) // the script is ready
	began := time.Now()
	p.enter(`.now .next`, `.summary`)
	p.mend(`#f-needs`)
	p.tick(`#f-needs-language`)
	p.tick(`#f-needs-employment`)
	p.enter(`.now .next`, `#step-place.now`)
	p.enter(`.now .next`, `.summary`)
	p.mend(`#f-residence-region`)
	p.choose(`#f-residence-region`, "ES-GR")
	p.enter(`.now .next`, `#step-you.now`)
	p.choose(`#f-legal_status`, "asylum_seeker")
	p.write(`#f-birth_year`, "3000")
	p.enter(`.now .next`, `.summary`)
	p.mend(`#f-birth_year`)
	p.write(`#f-birth_year`, "١٩٩٤") // as an Arabic keyboard writes 1994
	p.enter(`.now .next`, `#step-skills.now`)
	p.enter(`.now .next`, `#step-contact.now`)
	p.write(`#f-contact-email`, "layla@example.org")
	p.enter(`.now .next`, `#step-consent.now`)
	p.look("consent")
	p.tick(`#f-consent-processing`)
	p.enter(`.now button[type=submit]`, `#step-check.now`)
	p.look("check")
	time.Sleep(max(0, 3100*time.Millisecond-time.Since(began))) // people take their time
	p.reach(`.now button[type=submit]`)
	p.press(kb.Enter)
}

// fillInWithoutScript goes by the links between the groups; a function says what is wrong, then shows the answers.
func (p person) fillInWithoutScript() {
	turn := func(from, to string) { p.enter(`#step-`+from+` .next`, `#step-`+to) }
	turn("needs", "place")
	turn("place", "you")
	p.choose(`#f-legal_status`, "asylum_seeker")
	p.write(`#f-birth_year`, "3000")
	turn("you", "skills")
	turn("skills", "contact")
	p.write(`#f-contact-email`, "layla@example.org")
	turn("contact", "consent")
	p.tick(`#f-consent-processing`)
	p.enter(`#step-consent button[type=submit]`, `.summary`)
	p.look("mistakes")
	if links := browser.JS[int](p.ctx, p.T, `document.querySelectorAll('.summary a').length`); links != 3 {
		p.Errorf("%d mistakes are named, want 3", links)
	}
	p.tick(`#f-needs-language`)
	p.tick(`#f-needs-employment`)
	p.choose(`#f-residence-region`, "ES-GR")
	p.write(`#f-birth_year`, "1994")
	p.enter(`button[type=submit]`, `#checked`)
	p.look("check")
	p.reach(`#checked button`)
	p.press(kb.Enter)
}

// afterwards keeps the codes, follows the case and erases it.
func (s *system) afterwards(p person, lang string) {
	p.look("confirmation")
	r := receipt{Reference: browser.Get(p.ctx, p.T, chromedp.Text(referenceShown)), Secret: browser.Get(p.ctx, p.T, chromedp.Text(secretShown))}
	if dir, want := browser.JS[string](p.ctx, p.T, `document.dir`), locale.For(lang).Dir(); dir != want {
		p.Errorf("the page in %s runs %s", lang, dir)
	}
	if address := browser.Get(p.ctx, p.T, chromedp.Location()); strings.Contains(address, r.Secret) {
		p.Errorf("the secret is in the address %s", address)
	}
	s.notified(p.T, r)
	p.enter(`main form button`, `.match`)
	p.look("status")
	if shown := browser.Get(p.ctx, p.T, chromedp.Text("main")); strings.Contains(shown, "{") {
		p.Errorf("the status page says:\n%s", shown)
	}
	p.tick(`[name="confirm"]`)
	p.reach(`button.danger`)
	p.press(kb.Enter)
	browser.Until(p.ctx, p.T, `document.readyState === 'complete' && !document.querySelector('.match')`)
	p.look("erased")
	if got := s.must(p.T, "GET", "/api/v1/applications/"+r.Reference, "", "Authorization", "Bearer "+r.Secret); got.status != 410 {
		p.Errorf("after erasing: %d %s", got.status, got.body)
	}
}

// Where the confirmation page shows them.
const (
	referenceShown = `.keep dd:nth-of-type(1) code`
	secretShown    = `.keep dd:nth-of-type(2) code`
)
