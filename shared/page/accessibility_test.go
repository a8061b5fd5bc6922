package page_test

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/miict/immerse/shared/locale"
)

func everyPage(t *testing.T, check func(t *testing.T, lang string, root *html.Node)) {
	for _, lang := range locale.Languages() {
		for name, write := range views(lang) {
			t.Run(lang+" "+name, func(t *testing.T) { check(t, lang, parse(t, render(t, write))) })
		}
	}
}

func TestPagesSayTheirLanguageAndDirection(t *testing.T) {
	everyPage(t, func(t *testing.T, lang string, root *html.Node) {
		each(root, func(e *html.Node) {
			if e.Data == "html" && (attr(e, "lang") != lang || attr(e, "dir") != locale.For(lang).Dir()) {
				t.Errorf("html has lang %q, dir %q", attr(e, "lang"), attr(e, "dir"))
			}
		})
	})
}

func TestIdsAreUniqueAndReferencesLead(t *testing.T) {
	everyPage(t, func(t *testing.T, _ string, root *html.Node) {
		ids := map[string]bool{}
		each(root, func(e *html.Node) {
			if id := attr(e, "id"); id != "" {
				if ids[id] {
					t.Errorf("id %q twice", id)
				}
				ids[id] = true
			}
		})
		each(root, func(e *html.Node) {
			var wanted []string
			wanted = append(wanted, strings.Fields(attr(e, "aria-describedby"))...)
			wanted = append(wanted, strings.Fields(attr(e, "aria-labelledby"))...)
			if e.Data == "label" {
				wanted = append(wanted, attr(e, "for"))
			}
			if href, ok := strings.CutPrefix(attr(e, "href"), "#"); ok {
				wanted = append(wanted, href)
			}
			for _, id := range wanted {
				if !ids[id] {
					t.Errorf("<%s> points to %q, which is not there", e.Data, id)
				}
			}
		})
	})
}

func TestEveryInputHasALabel(t *testing.T) {
	everyPage(t, func(t *testing.T, _ string, root *html.Node) {
		labelled := map[string]bool{}
		each(root, func(e *html.Node) {
			if e.Data == "label" {
				labelled[attr(e, "for")] = true
			}
		})
		each(root, func(e *html.Node) {
			switch e.Data {
			case "input", "select", "textarea":
				if attr(e, "type") != "hidden" && !labelled[attr(e, "id")] {
					t.Errorf("%s %q has no label", e.Data, attr(e, "name"))
				}
			}
		})
	})
}

func TestOneMainHeadingAndNoLevelSkipped(t *testing.T) {
	everyPage(t, func(t *testing.T, _ string, root *html.Node) {
		mains, last := 0, 0
		each(root, func(e *html.Node) {
			if len(e.Data) != 2 || e.Data[0] != 'h' || e.Data[1] < '1' || e.Data[1] > '6' {
				return
			}
			level := int(e.Data[1] - '0')
			if level == 1 {
				mains++
			}
			// The error summary stands before the main heading, as screen readers and people should meet it first.
			if last != 0 && level > last+1 {
				t.Errorf("h%d after h%d", level, last)
			}
			last = level
		})
		if mains != 1 {
			t.Errorf("%d main headings", mains)
		}
	})
}

// TestPagesKeepTheirPolicy: nothing inline, nothing from elsewhere, as page.Policy has it.
func TestPagesKeepTheirPolicy(t *testing.T) {
	everyPage(t, func(t *testing.T, _ string, root *html.Node) {
		each(root, func(e *html.Node) {
			if e.Data == "style" || e.Data == "script" && e.FirstChild != nil {
				t.Errorf("inline <%s>", e.Data)
			}
			for _, a := range e.Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
					t.Errorf("<%s> has %s", e.Data, a.Key)
				}
				if loads := a.Key == "src" || e.Data == "link" && a.Key == "href"; loads && !strings.HasPrefix(a.Val, "/") {
					t.Errorf("<%s> loads %q", e.Data, a.Val)
				}
			}
		})
	})
}

// TestNoMessageIsMissing: a key that is shown as itself has dots and no spaces.
func TestNoMessageIsMissing(t *testing.T) {
	everyPage(t, func(t *testing.T, _ string, root *html.Node) {
		for node := range root.Descendants() {
			text := strings.TrimSpace(node.Data)
			if node.Type == html.TextNode && strings.Contains(text, ".") && !strings.ContainsAny(text, " \n…") && strings.ToLower(text) == text && strings.ToUpper(text) != text {
				t.Errorf("text %q looks like a key", text)
			}
			if node.Type == html.TextNode && strings.ContainsAny(text, "{}") {
				t.Errorf("text %q has a placeholder left", text)
			}
		}
	})
}
