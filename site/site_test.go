package site_test

import (
	"bytes"
	"compress/gzip"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/site"
)

// today is late in the day: the day counts, not the hour.
var today = time.Date(2026, 11, 22, 22, 0, 0, 0, time.UTC)

var (
	buildMu sync.Mutex
	built   = map[string]site.Files{}
)

// build is a country's site, made once for all tests, which only read it.
func build(t *testing.T, code string) site.Files {
	t.Helper()
	buildMu.Lock()
	defer buildMu.Unlock()
	if built[code] == nil {
		built[code] = buildAgain(t, code)
	}
	return built[code]
}

func buildAgain(t *testing.T, code string) site.Files {
	t.Helper()
	pack, err := country.Load(code)
	if err != nil {
		t.Fatal(err)
	}
	files, err := site.Build(pack, today)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestEveryCountryHasItsPages(t *testing.T) {
	for _, code := range country.Codes() {
		files := build(t, code)
		want := []string{"index.html", "404.html", "assets/site.css", "assets/form.js", "assets/icon.svg"}
		for _, lang := range locale.Languages() {
			want = append(want, lang+"/index.html", lang+"/apply/index.html")
		}
		for _, name := range want {
			if len(files[name]) == 0 {
				t.Errorf("%s lacks %s", code, name)
			}
		}
	}
}

// TestOneRegistersAtAnEvent: no page of the site asks for which one, and the way from the front page is the list.
func TestOneRegistersAtAnEvent(t *testing.T) {
	files := build(t, "es")
	for _, lang := range locale.Languages() {
		front := string(files[lang+"/index.html"])
		link := `<a href="` + page.EventsPath + "?lang=" + lang + `"`
		if title := page.Words(locale.For(lang), "form.title", "event_registration"); !strings.Contains(front, link) || !strings.Contains(front, html.EscapeString(title)) {
			t.Errorf("%s: the front page doesn't lead to the events", lang)
		}
	}
	for name, content := range files {
		if strings.HasSuffix(name, ".html") && strings.Contains(string(content), `name="kind" value="event_registration"`) {
			t.Errorf("%s has the form of a registration without an event", name)
		}
		if strings.Contains(string(content), "/register/") {
			t.Errorf("%s refers to a page that isn't there", name)
		}
	}
}

func TestSameCountrySameBytes(t *testing.T) {
	if !maps.EqualFunc(build(t, "es"), buildAgain(t, "es"), bytes.Equal) {
		t.Error("two builds differ")
	}
}

// firstRoundTrip is what a server may send before it has to wait for the first acknowledgement.
const firstRoundTrip = 14 << 10

func TestFirstPageFitsInOneRoundTrip(t *testing.T) {
	for _, code := range country.Codes() {
		files := build(t, code)
		style, more := packed(t, page.Stylesheet()), packed(t, page.MoreStyles())
		heaviest, largest := "", 0
		for name, content := range files {
			if path.Ext(name) != ".html" {
				continue
			}
			size := packed(t, content) + style
			if bytes.Contains(content, []byte(`href="/assets/more-`)) {
				size += more
			}
			if size > firstRoundTrip {
				t.Errorf("%s: %s and its style are %d bytes compressed", code, name, size)
			}
			if size > largest {
				heaviest, largest = name, size
			}
		}
		t.Logf("%s: the heaviest page is %s with %d bytes", code, heaviest, largest)
	}
}

// mostScript is all the JavaScript that a phone may have to load, as it is before compression.
const mostScript = 30 << 10

func TestScriptsAreSmall(t *testing.T) {
	size := 0
	for name, content := range build(t, "es") {
		if hashed := regexp.MustCompile(`-[0-9a-f]{12}\.js$`).MatchString(name); hashed || name == "sw.js" {
			size += len(content)
		}
	}
	if size > mostScript || size < 10_000 {
		t.Errorf("all scripts are %d bytes", size)
	}
	t.Logf("all scripts are %d bytes", size)
}

// TestModulesImportWhatIsThere: the names that scripts import have the hashes of the files.
func TestModulesImportWhatIsThere(t *testing.T) {
	files, seen := build(t, "es"), 0
	for name, content := range files {
		if path.Ext(name) != ".js" {
			continue
		}
		for _, match := range regexp.MustCompile(`from '\./([^']+)'`).FindAllSubmatch(content, -1) {
			seen++
			if other := "assets/" + string(match[1]); files[other] == nil || !strings.Contains(other, "-") {
				t.Errorf("%s imports %s, which is not there", name, other)
			}
		}
	}
	if seen == 0 {
		t.Error("no imports found")
	}
}

// TestTheWorkerKeepsWhatIsThere, and all that the pages it keeps ask for: without one of them it would keep nothing.
func TestTheWorkerKeepsWhatIsThere(t *testing.T) {
	files := build(t, "es")
	worker := string(files["sw.js"])
	for _, match := range regexp.MustCompile(`"(/[^"]*)"`).FindAllStringSubmatch(worker, -1) {
		name := match[1][1:]
		if strings.HasSuffix(name, "/") {
			name += "index.html"
		}
		if files[name] == nil {
			t.Errorf("it keeps %s, which is not there", match[1])
		}
	}
	for _, match := range regexp.MustCompile(`(?:src|href|data-words|data-rules)="(/assets/[^"]*)"`).FindAllStringSubmatch(string(files["ar/apply/index.html"]), -1) {
		if file, _, _ := strings.Cut(match[1], "#"); !strings.Contains(worker, file) {
			t.Errorf("it doesn't keep %s", match[1])
		}
	}
}

// TestWhatFormsOfFunctionsAskForIsKept: under the name that the worker makes of it.
func TestWhatFormsOfFunctionsAskForIsKept(t *testing.T) {
	files := build(t, "es")
	fields := application.Fields([]string{"ES-GR"}, locale.Languages(), today.Year())
	for _, url := range []string{page.StylesheetURL(), page.MoreStylesURL(), page.SiteScriptURL(), page.FormScriptURL(), page.RulesURL(fields), page.WordsURL("ar"), page.WordsURL("uk")} {
		name := regexp.MustCompile(`\.(\w+)\?v=(\w+)$`).ReplaceAllString(url, "-$2.$1")
		plain, _, _ := strings.Cut(url, "?")
		if !strings.Contains(string(files["sw.js"]), `"`+name+`"`) || !bytes.Equal(files[name[1:]], files[plain[1:]]) || files[name[1:]] == nil {
			t.Errorf("%s is not kept as %s", url, name)
		}
	}
}

func packed(t *testing.T, content []byte) int {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Len()
}

// TestLinksLeadSomewhere: every path on a page is a file of the site or a page of a function.
func TestLinksLeadSomewhere(t *testing.T) {
	files := build(t, "it")
	for name, content := range files {
		if path.Ext(name) != ".html" {
			continue
		}
		root, err := html.Parse(bytes.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		for node := range root.Descendants() {
			for _, a := range node.Attr {
				if !slices.Contains([]string{"href", "src", "action", "data-words", "data-rules"}, a.Key) {
					continue
				}
				if !leads(files, a.Val) {
					t.Errorf("%s: <%s> leads to %q", name, node.Data, a.Val)
				}
			}
		}
	}
}

func leads(files site.Files, address string) bool {
	address, _, _ = strings.Cut(address, "?")
	address, fragment, _ := strings.Cut(address, "#")
	switch {
	case fragment != "" && address != "": // of another page, or an icon
		if strings.HasSuffix(address, "/") {
			address += "index.html"
		}
		page := string(files[strings.TrimPrefix(address, "/")])
		return strings.Contains(page, `id="`+fragment+`"`)
	case address == "", strings.HasPrefix(address, "https://"), strings.HasPrefix(address, "tel:"): // help_test.go has the numbers
		return true
	case slices.Contains([]string{page.SubmitPath, page.StatusPath, page.FiguresPath, page.FeedbackPath, page.EventsPath}, address):
		return true
	case strings.HasSuffix(address, "/"):
		address += "index.html"
	}
	_, ok := files[strings.TrimPrefix(address, "/")]
	return ok
}

func TestFormOffersTheCountrysRegions(t *testing.T) {
	files := build(t, "es")
	form := string(files["es/apply/index.html"])
	for _, want := range []string{`<optgroup label="Andalucía">`, `<option value="ES-GR">Granada`, `<option value="ES-CE">Ceuta`} {
		if !strings.Contains(form, want) {
			t.Errorf("the form lacks %s", want)
		}
	}
	if arabic := string(files["ar/apply/index.html"]); !strings.Contains(arabic, `<option value="ES-GR">غرناطة`) {
		t.Error("the Arabic form doesn't name Granada in Arabic")
	}
	if strings.Contains(form, `value="ES-AN"`) || strings.Contains(form, `value="ES"`) {
		t.Error("the form offers an area that is divided further")
	}
}

// TestPlacesAreNamedInThePagesLanguage: who reads no Greek finds Nicosia, and the country in the header.
func TestPlacesAreNamedInThePagesLanguage(t *testing.T) {
	files := build(t, "cy")
	for lang, want := range map[string][]string{
		"en": {">Nicosia\n", "<bdi>Cyprus</bdi>"}, "ar": {">نيقوسيا\n", "<bdi>قبرص</bdi>"}, "el": {">Λευκωσία\n", "<bdi>Κύπρος</bdi>"},
	} {
		for _, part := range want {
			if form := string(files[lang+"/apply/index.html"]); !strings.Contains(form, part) {
				t.Errorf("%s: the form lacks %s", lang, part)
			}
		}
	}
}

func BenchmarkBuild(b *testing.B) {
	pack, err := country.Load("es")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := site.Build(pack, today); err != nil {
			b.Fatal(err)
		}
	}
}
