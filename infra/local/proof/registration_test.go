package proof

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/site/browser"
)

// announced publishes the example of an event, in two months, and gives its id.
func (s *system) announced(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../immersectl/testdata/event.json")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	moved := strings.NewReplacer("2027-06-16", now.AddDate(0, 2, 0).Format(time.DateOnly), "2027-06-15", now.AddDate(0, 2, -1).Format(time.DateOnly),
		"2026-11-20", now.Format(time.DateOnly)).Replace(string(text))
	var event hsds.Service
	if err := json.Unmarshal([]byte(moved), &event); err != nil {
		t.Fatal(err)
	}
	catalogue := s.catalogueWithout(t, "es", "participation")
	catalogue.contents.Services = append(catalogue.contents.Services, event)
	catalogue.publish(t, "with an event")
	return event.ID
}

// registersWithoutConnection: the form of a registration is kept by the device that has opened it, with the answers, and goes out once
// when there is a connection. Answers that are erased are gone, and who listens to the page is told.
func (s *system) registersWithoutConnection(t *testing.T, mast *mast, address string, tab func() person) {
	t.Helper()
	event := s.announced(t)
	form := "/api/v1/events/" + event + "/register?lang=ar"
	draft := "draft-event_registration-" + event
	before := mast.forms.Load()

	p := tab()
	browser.Do(p.ctx, t, chromedp.Navigate(address+"/api/v1/events/"+event+"?lang=ar"))
	p.enter(`main a.button`, `#step-place.now`)
	browser.Until(p.ctx, t, `document.querySelector('.keeps')`)
	if n := browser.JS[int](p.ctx, t, `[...document.querySelectorAll('.step')].filter((e) => e.offsetParent).length`); n != 1 {
		t.Errorf("%d groups of questions are shown at once", n)
	}
	waitFor(t, "the form to be kept", func() bool { return browser.JS[bool](p.ctx, t, `caches.match('`+form+`').then(Boolean)`) })
	p.choose(`#f-residence-region`, "ES-GR")
	waitFor(t, "the draft to be kept", func() bool { return strings.Join(browser.JS[[]string](p.ctx, t, kept), " ") == draft })
	p.enter(`.keeps button`, `[role=status]`)
	if !browser.JS[bool](p.ctx, t, `document.activeElement.matches('[role=status]') && document.querySelector('#f-residence-region').value === ''`) {
		t.Error("after erasing nothing has the focus, or an answer is there")
	}
	p.look("4-erased")
	if left := browser.JS[[]string](p.ctx, t, kept); len(left) != 0 {
		t.Errorf("the device still keeps %v", left)
	}
	p.choose(`#f-residence-region`, "ES-GR")
	waitFor(t, "the draft to be kept", func() bool { return len(browser.JS[[]string](p.ctx, t, kept)) == 1 })
	browser.Do(p.ctx, t, chromedp.Navigate("about:blank"))

	mast.silent.Store(true)
	p = tab()
	browser.Do(p.ctx, t, chromedp.Navigate(address+form))
	p.see(`#found`)
	if said := browser.Get(p.ctx, t, chromedp.Text("#event")); !strings.HasPrefix(said, "Ejemplo: tarde") {
		t.Errorf("the form is for %q", said)
	}
	p.look("5-registration")
	for _, step := range []string{"skills", "contact", "consent"} {
		p.enter(`.now .next`, `#step-`+step+`.now`)
	}
	p.tick(`#f-consent-processing`)
	p.enter(`.now button[type=submit]`, `#step-check.now`)
	p.enter(`.now button[type=submit]`, `#waiting .kept`)
	p.look("6-registration-waits")
	browser.Do(p.ctx, t, chromedp.Navigate("about:blank"))
	time.Sleep(3 * time.Second) // people take their time
	mast.silent.Store(false)
	p = tab()
	browser.Do(p.ctx, t, chromedp.Navigate(address+"/ar/"))
	p.see(`#waiting .keep code`)
	p.look("7-registration-sent")
	if !browser.JS[bool](p.ctx, t, `document.querySelector('#waiting [role=img] svg path').getBoundingClientRect().width > 100 && Boolean(document.querySelector('#waiting a[href="tel:112"]'))`) {
		t.Error("the codes have no picture, or no number to call")
	}
	codes := browser.JS[[]string](p.ctx, t, `[...document.querySelectorAll('#waiting code')].map((e) => e.textContent)`)
	r := receipt{Reference: codes[0], Secret: codes[1]}
	s.notified(t, r)
	if n := mast.forms.Load() - before; n != 1 {
		t.Errorf("the registration went out %d times", n)
	}
	if found := s.matches(t, r); len(found) != 1 {
		t.Errorf("the registration is matched with %+v", found)
	}
}
