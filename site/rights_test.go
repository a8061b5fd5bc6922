package site_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/site"
)

// TestPagesAboutRightsSayWhereTheyComeFrom, in every language and country, and that nobody has checked them as long as that is so.
func TestPagesAboutRightsSayWhereTheyComeFrom(t *testing.T) {
	for _, code := range country.Codes() {
		files, pages := build(t, code), 0
		for name, content := range files {
			lang, rest, _ := strings.Cut(name, "/")
			if need, ok := strings.CutPrefix(rest, "rights/"); !ok || need == "index.html" {
				continue
			}
			pages++
			say, said := locale.For(lang), plain(string(content))
			_, sources, _ := strings.Cut(said, say.T("rights.sources"))
			if !strings.Contains(sources, `<a href="https://`) {
				t.Errorf("%s: %s has no source", code, name)
			}
			if !strings.Contains(said, say.T("rights.unchecked")) {
				t.Errorf("%s: %s doesn't say that nobody has checked it", code, name)
			}
			if drafted := say.T("meta.review") != "reviewed"; drafted != strings.Contains(said, say.T("site.draft")) {
				t.Errorf("%s: %s: that a machine translated it: %v", code, name, drafted)
			}
		}
		if pages < 5*len(locale.Languages()) {
			t.Errorf("%s has %d pages about rights", code, pages)
		}
	}
}

// spain builds Spain's site with other facts about its pages about rights.
func spain(t *testing.T, facts string) (files site.Files, due []string, err error) {
	t.Helper()
	texts := fstest.MapFS{"content/rights.json": {Data: []byte(facts)}}
	for _, lang := range locale.Languages() {
		for _, name := range []string{"content/" + lang + "/accessibility.md", "content/" + lang + "/es/health.md"} {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			texts[name] = &fstest.MapFile{Data: text}
		}
	}
	pack, err := country.Load("es")
	if err != nil {
		t.Fatal(err)
	}
	files, err = site.BuildFrom(pack, today, texts)
	if err != nil {
		return nil, nil, err
	}
	due, err = site.DueFrom(pack, today, texts)
	return files, due, err
}

func TestOldChecksOfRightsAreSaidAndDue(t *testing.T) {
	for date, want := range map[string]struct{ page, due string }{
		"2026-05-22": {"A person checked this page on 22/05/2026.", ""},
		"2026-05-21": {"This page was last checked on 21/05/2026.", "health: last checked on 2026-05-21"},
		"":           {"Nobody has checked this page yet.", "health: nobody has checked it"},
	} {
		files, due, err := spain(t, `{"es":{"health":{"sources":[{"name":"A","url":"https://example.org/"}],"last_checked":"`+date+`"}}}`)
		if err != nil {
			t.Fatal(err)
		}
		if page := string(files["en/rights/health/index.html"]); !strings.Contains(page, want.page) {
			t.Errorf("%q: the page doesn't say %q", date, want.page)
		}
		about := slices.DeleteFunc(due, func(line string) bool { return !strings.HasPrefix(line, "health") })
		if got := strings.Join(about, ""); got != want.due {
			t.Errorf("%q: due is %q", date, got)
		}
	}
}

func TestPagesAboutRightsWithoutASourceAreRefused(t *testing.T) {
	for _, facts := range []string{
		`{"es":{"health":{"sources":[]}}}`, `{"es":{"health":{"sources":[{"name":"A","url":"javascript:alert(1)"}]}}}`,
		`{"es":{"health":{"sources":[{"name":"A","url":"https://a.example"}],"last_checked":"soon"}}}`, `{}`, `[`,
	} {
		if _, _, err := spain(t, facts); err == nil {
			t.Errorf("%s is taken", facts)
		}
	}
}
