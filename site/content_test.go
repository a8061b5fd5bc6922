package site_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/miict/immerse/shared/locale"
)

// outline is what a text must have in common with its translations: names of its first lines, headings, links, lists.
var outline = regexp.MustCompile(`(?m)^(#+ |- |\d+\. |\||[a-z_]+:)|\]\([^)]*\)|\*\*`)

func TestTranslationsOfTextsAgree(t *testing.T) {
	english := map[string][]string{}
	contents(t, locale.Default, func(name, text string) { english[name] = outline.FindAllString(text, -1) })
	if len(english) == 0 {
		t.Fatal("no texts found")
	}
	for _, lang := range locale.Languages() {
		there := map[string]bool{}
		contents(t, lang, func(name, text string) {
			there[name] = true
			if got, want := outline.FindAllString(text, -1), english[name]; !slices.Equal(got, want) {
				t.Errorf("%s: %s is built otherwise than in English:\n%q\n%q", lang, name, got, want)
			}
		})
		for name := range english {
			if !there[name] {
				t.Errorf("%s lacks %s", lang, name)
			}
		}
	}
}

func contents(t *testing.T, lang string, see func(name, text string)) {
	t.Helper()
	folder := filepath.Join("content", lang)
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(folder, path)
		see(name, string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// action is what a template does rather than says.
var action = regexp.MustCompile(`(?s)\{\{.*?\}\}`)

// TestTemplatesHoldNoWords: what people read is in the locale files and in content/, so that it can be translated.
func TestTemplatesHoldNoWords(t *testing.T) {
	read := 0
	for _, folder := range []string{"templates", "../shared/page/templates"} {
		names, _ := filepath.Glob(filepath.Join(folder, "*.html"))
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			read++
			for _, words := range wordsOf(t, string(text)) {
				t.Errorf("%s says %q", name, words)
			}
		}
	}
	if read < 5 {
		t.Errorf("only %d templates found", read)
	}
}

// attributes are what a template gives to the tags of another.
var attributes = regexp.MustCompile(`aria-[a-z]+="[a-z]*"|\brequired\s*$`)

// spoken are the attributes that people see or hear.
var spoken = []string{"alt", "aria-label", "placeholder", "title", "aria-description", "aria-roledescription"}

func wordsOf(t *testing.T, template string) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(action.ReplaceAllString(template, "")))
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	letters := regexp.MustCompile(`\p{L}`)
	for node := range root.Descendants() {
		if node.Type == html.TextNode && letters.MatchString(attributes.ReplaceAllString(node.Data, "")) {
			said = append(said, strings.TrimSpace(node.Data))
		}
		for _, a := range node.Attr {
			if slices.Contains(spoken, a.Key) && letters.MatchString(a.Val) {
				said = append(said, a.Val)
			}
		}
	}
	return said
}

func TestTheSearchForWordsFindsThem(t *testing.T) {
	got := wordsOf(t, `<p>{{.P.T "a.b"}} Hello</p><img alt="A {{.X}}"><a class="b" href="/c">{{with .D}}e{{end}}</a>`)
	if len(got) != 3 {
		t.Errorf("found %q", got)
	}
}

// physical are CSS properties and values that name a side of the screen. Arabic is read from the other side.
var physical = regexp.MustCompile(`(?:[;{ -](?:left|right|top|bottom)|(?:^|[;{])(?:width|height|(?:min|max)-(?:width|height)))\s*:|(?:float|clear|text-align)\s*:\s*(?:left|right)|(?:margin|padding|border)-(?:left|right|top|bottom)|translateX`)

func TestStyleNamesNoSideOfTheScreen(t *testing.T) {
	styles, _ := filepath.Glob("../shared/page/assets/*.css")
	if len(styles) == 0 {
		t.Fatal("no style found")
	}
	for _, name := range styles {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range physical.FindAllString(string(text), -1) {
			t.Errorf("%s has %q: use inline, block, start and end", name, found)
		}
	}
	for _, bad := range []string{"a{left:0}", "a{color:red;margin-left:1px}", "a{float: right}", "a{inset:0;width:1px}", "a{text-align:left}"} {
		if !physical.MatchString(bad) {
			t.Errorf("%s passes", bad)
		}
	}
	if good := "a{inset-inline-start:0;border-inline-start:1px;text-align:start;inline-size:1px}@media (max-width:30rem){b{c:d}}"; physical.MatchString(good) {
		t.Errorf("%s doesn't pass", good)
	}
}
