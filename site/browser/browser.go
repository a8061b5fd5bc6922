// Package browser drives a real Chromium in tests: it opens one, goes through steps, and looks at what is there.
package browser

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A Step is something to do in the browser.
type Step = chromedp.Action[chromedp.Void]

// patience is how long a step may take that finds nothing: the first page of a test may have to wait for the site to be made.
const patience = 5 * time.Minute

// Open starts a Chromium with an empty profile and gives its first tab, or skips the test saying so. Further tabs are
// chromedp.NewContext of it.
func Open(t *testing.T) context.Context {
	t.Helper()
	if os.Getenv("BROWSER") == "later" {
		t.Skip("SKIPPED: BROWSER=later, as CI has it, which looks at more pages in a step of its own")
	}
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

// Do takes steps in the browser; a step that finds nothing for long fails.
func Do(ctx context.Context, t *testing.T, steps ...Step) {
	t.Helper()
	for _, step := range steps {
		Get(ctx, t, step)
	}
}

// Get reads something from the page.
func Get[T any](ctx context.Context, t *testing.T, action chromedp.Action[T]) T {
	t.Helper()
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	value, err := chromedp.Run(limited, action)
	if err != nil {
		page, _ := chromedp.Run(ctx, chromedp.Text("body"))
		t.Fatalf("%v\non a page that says:\n%s", err, page)
	}
	return value
}

// JS runs an expression in the page, waits for it if it is a promise, and gives its value.
func JS[T any](ctx context.Context, t *testing.T, expression string) T {
	t.Helper()
	return Get(ctx, t, chromedp.Evaluate[T](expression, func(p *runtime.EvaluateParams) {
		yes := true
		p.AwaitPromise = &yes
	}))
}

// Until waits until an expression is true, over pages that come and go.
func Until(ctx context.Context, t *testing.T, expression string) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for {
		if found, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("Boolean("+expression+")")); err == nil && found {
			return
		}
		if time.Now().After(deadline) {
			page, _ := chromedp.Run(ctx, chromedp.Text("body"))
			t.Fatalf("not so after %s: %s\non a page that says:\n%s", patience, expression, page)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// Scripts turns JavaScript on or off.
func Scripts(on bool) Step {
	return call(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
}

// Media sets what the reader's device asks for: Media("forced-colors", "active").
func Media(feature, value string) Step {
	return call(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: feature, Value: value}}})
}

func call[P, R any](command cdp.Command[P, R], params P) Step {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, command, params)
		return err
	})
}

// Picture keeps what the page looks like in the folder that SCREENSHOTS names, if somebody wants to see it.
func Picture(ctx context.Context, t *testing.T, name string) {
	t.Helper()
	folder := os.Getenv("SCREENSHOTS")
	if folder == "" {
		return
	}
	take := chromedp.CaptureScreenshot()
	if JS[bool](ctx, t, `document.scrollingElement.scrollHeight > innerHeight`) { // a shorter one comes out shifted, when it runs from right to left
		take = chromedp.FullScreenshot(100)
	}
	image := Get(ctx, t, take)
	//nolint:gosec // the folder is the developer's own
	if err := os.WriteFile(filepath.Join(folder, name+".png"), image, 0o600); err != nil {
		t.Error(err)
	}
}

// axeRules are the rules of WCAG 2.2 at level A and AA, and axe's best practices.
const axeRules = `['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']`

// Axe gives axe-core's source from node_modules, or skips the test saying so. root is the module's root folder.
func Axe(t *testing.T, root string) string {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(root, "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Skip("SKIPPED: no axe-core here (npm ci installs it)")
	}
	return string(source)
}

// Violations are what axe finds on the page as it is now, a line each.
func Violations(ctx context.Context, t *testing.T, axe string) []string {
	t.Helper()
	JS[bool](ctx, t, axe+"; true")
	found := JS[string](ctx, t, `axe.run(document, {runOnly: `+axeRules+`, resultTypes: ['violations']}).then((result) => result.violations
		.map((one) => one.id + ': ' + one.nodes.map((node) => node.target.join(' ') + ' (' + node.failureSummary + ')').join(', ').replace(/\n/g, ' ')).join('\n'))`)
	if found == "" {
		return nil
	}
	return strings.Split(found, "\n")
}
