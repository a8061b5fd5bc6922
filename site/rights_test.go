package site_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/miict/immerse/shared/codes"
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
		if pages != len(codes.Needs)*len(locale.Languages()) {
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

// TestWhatAPageWasComparedWithIsSaid, with the age of what was read; and that it is no check.
func TestWhatAPageWasComparedWithIsSaid(t *testing.T) {
	files, due, err := spain(t, `{"es":{"health":{"sources":[{"name":"A","url":"https://example.org/"}],"compared":[
		{"says":"One line.","name":"Old","url":"https://example.org/old","of":"2023-05-22","on":"2026-11-21"},
		{"says":"Another.","name":"Undated","url":"https://example.org/u","of":"","on":"2026-11-21"}]}}}`)
	if err != nil {
		t.Fatal(err)
	}
	said := plain(string(files["en/rights/health/index.html"]))
	for _, want := range []string{"Nobody has checked this page yet.", `<a href="https://example.org/old" rel="noreferrer noopener">Old</a> (text of 22/05/2023, read on 21/11/2026)`, "(text without a date, read on 21/11/2026)"} {
		if !strings.Contains(said, want) {
			t.Errorf("the page doesn't say %q", want)
		}
	}
	if all := strings.Join(due, "\n"); !strings.Contains(all, "health: nobody has checked it\n\t\t\"One line.\" agreed with Old of 2023-05-22") {
		t.Errorf("what is due: %s", all)
	}
}

func TestPagesAboutRightsWithoutASourceAreRefused(t *testing.T) {
	for _, facts := range []string{
		`{"es":{"health":{"sources":[]}}}`, `{"es":{"health":{"sources":[{"name":"A","url":"javascript:alert(1)"}]}}}`,
		`{"es":{"health":{"sources":[{"name":"A","url":"https://a.example"}],"last_checked":"soon"}}}`, `{}`, `[`,
		`{"es":{"health":{"sources":[{"name":"A","url":"https://a.example"}],"compared":[{"says":"S","name":"N","url":"https://a.example","on":"soon"}]}}}`,
		`{"es":{"health":{"sources":[{"name":"A","url":"https://a.example"}],"compared":[{"says":"","name":"N","url":"https://a.example","on":"2026-11-22"}]}}}`,
		`{"es":{"health":{"sources":[{"name":"A","url":"https://a.example"}],"compared":[{"says":"S","name":"N","url":"javascript:1","on":"2026-11-22"}]}}}`,
	} {
		if _, _, err := spain(t, facts); err == nil {
			t.Errorf("%s is taken", facts)
		}
	}
}
