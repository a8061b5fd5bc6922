package proof

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// browser opens a real Chromium, or skips the test saying so. Screenshots go to the folder that SCREENSHOTS names.
func browser(t *testing.T) context.Context {
	t.Helper()
	program := os.Getenv("CHROMIUM")
	if program == "" {
		program, _ = exec.LookPath("chromium")
	}
	if program == "" {
		t.Skip("SKIPPED: no Chromium here (set CHROMIUM, or install it as .ci/install does)")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.Flag("no-sandbox", true), chromedp.Flag("disable-gpu", true), chromedp.WindowSize(360, 740),
		chromedp.Flag("disable-background-networking", true), chromedp.UserDataDir(t.TempDir()),
	)
	allocator, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	tab, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	if err := chromedp.Do(tab); err != nil { // the first call starts the browser, and bounds its life
		t.Fatalf("starting Chromium: %v", err)
	}
	return tab
}

// do takes steps in the browser; a step that finds nothing in twenty seconds fails.
func do(ctx context.Context, t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	for _, step := range steps {
		get(ctx, t, step)
	}
}

// get reads something from the page.
func get[T any](ctx context.Context, t *testing.T, action chromedp.Action[T]) T {
	t.Helper()
	limited, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	value, err := chromedp.Run(limited, action)
	if err != nil {
		page, _ := chromedp.Run(ctx, chromedp.Text("body"))
		t.Fatalf("%v\non a page that says:\n%s", err, page)
	}
	return value
}

// tick ticks a box with the keyboard.
func tick(box string) chromedp.Action[chromedp.Void] { return chromedp.SendKeys(box, " ") }

// scripts turns JavaScript on or off.
func scripts(on bool) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	})
}

// picture keeps what the page looks like, if somebody wants to see it.
func picture(ctx context.Context, t *testing.T, name string) {
	t.Helper()
	folder := os.Getenv("SCREENSHOTS")
	if folder == "" {
		return
	}
	image := get(ctx, t, chromedp.FullScreenshot(100))
	if err := os.WriteFile(folder+"/"+name+".png", image, 0o600); err != nil {
		t.Error(err)
	}
}

// TestBrowser goes a person's way in Arabic, Spanish and English, with JavaScript and without: the form, the page with
// reference and secret, the status with its matches, and erasing everything.
func TestBrowser(t *testing.T) {
	s := start(t, "es", nil)
	for _, lang := range []string{"ar", "es", "en"} {
		for _, script := range []bool{true, false} {
			name := lang + map[bool]string{true: "-script", false: "-no-script"}[script]
			t.Run(name, func(t *testing.T) { s.personsWay(t, lang, script, name) })
		}
	}
}

func (s *system) personsWay(t *testing.T, lang string, script bool, name string) {
	ctx := browser(t)
	do(ctx, t, scripts(script), chromedp.Navigate(s.URL+"/"),
		chromedp.Click(`a[hreflang="`+lang+`"]`), chromedp.WaitVisible(`main a[href="/`+lang+`/apply/#step-needs"]`),
		chromedp.Click(`main a[href="/`+lang+`/apply/#step-needs"]`), chromedp.WaitVisible(`section#step-needs`),
		chromedp.Navigate("about:blank"), chromedp.Navigate(s.URL+"/"+lang+"/apply/"), chromedp.WaitVisible(`section#step-consent`))
	picture(ctx, t, name+"-1-form")

	do(ctx, t, tick(`#f-needs-language`), tick(`#f-needs-employment`),
		chromedp.SetValue(`#f-residence-region`, "ES-GR"), chromedp.SetValue(`#f-legal_status`, "asylum_seeker"),
		chromedp.SendKeys(`[name="birth_year"]`, "3000"), chromedp.SendKeys(`[name="contact.email"]`, "layla@example.org"),
		tick(`[name="consent.processing"]`), chromedp.Sleep(3100*time.Millisecond), // people take their time
		chromedp.Submit(`#application`), chromedp.WaitVisible(`.summary`))
	picture(ctx, t, name+"-2-mistake")

	if region := get(ctx, t, chromedp.Value(`#f-residence-region`)); region != "ES-GR" {
		t.Errorf("after a mistake the region is %q: the answers are lost", region)
	}
	do(ctx, t, chromedp.SetValue(`[name="birth_year"]`, "1994"), chromedp.Submit(`#application`), chromedp.WaitVisible(`form#checked`))
	picture(ctx, t, name+"-2-check")
	do(ctx, t, chromedp.Submit(`#checked`), chromedp.WaitVisible(secretShown))
	picture(ctx, t, name+"-3-confirmation")

	r := receipt{Reference: get(ctx, t, chromedp.Text(referenceShown)), Secret: get(ctx, t, chromedp.Text(secretShown))}
	dir := get(ctx, t, chromedp.AttributeValue("html", "dir")).Value
	if want := map[bool]string{true: "rtl", false: "ltr"}[lang == "ar"]; dir != want {
		t.Errorf("the page in %s runs %s", lang, dir)
	}
	if address := get(ctx, t, chromedp.Location()); strings.Contains(address, r.Secret) {
		t.Errorf("the secret is in the address %s", address)
	}
	s.notified(t, r, 10*time.Second)

	do(ctx, t, chromedp.Navigate(s.URL+"/status?lang="+lang+"&reference="+r.Reference),
		chromedp.SendKeys(`[name="secret"]`, strings.ToLower(r.Secret)), chromedp.Submit(`[name="secret"]`), chromedp.WaitVisible(`.match`))
	picture(ctx, t, name+"-4-status")
	shown := get(ctx, t, chromedp.Text("main"))
	if !strings.Contains(shown, "Granada") || strings.Contains(shown, "{") {
		t.Errorf("the status page says:\n%s", shown)
	}

	do(ctx, t, tick(`[name="confirm"]`), chromedp.Submit(`[name="confirm"]`), chromedp.WaitNotPresent(`.match`))
	picture(ctx, t, name+"-5-erased")
	if got := s.must(t, "GET", "/api/v1/applications/"+r.Reference, "", "Authorization", "Bearer "+r.Secret); got.status != 410 {
		t.Errorf("after erasing: %d %s", got.status, got.body)
	}
}

// Where the confirmation page shows them.
const (
	referenceShown = `.keep dd:nth-of-type(1) code`
	secretShown    = `.keep dd:nth-of-type(2) code`
)
