package site_test

import (
	"bytes"
	"encoding/xml"
	"path"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/site"
)

// at is Spain under a domain.
func at(t *testing.T, domain string) site.Files {
	t.Helper()
	pack, err := country.Load("es")
	if err != nil {
		t.Fatal(err)
	}
	there := *pack
	there.Domain = domain
	files, err := site.Build(&there, today)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestPagesNameThemselvesInEveryLanguage: search engines send a reader to the page in the reader's language, if each page names
// them all, itself among them, and they name it.
func TestPagesNameThemselvesInEveryLanguage(t *testing.T) {
	files := at(t, "immerse.example")
	for name, content := range files {
		if path.Base(name) != "index.html" || name == "index.html" {
			continue
		}
		lang, rest, _ := strings.Cut(strings.TrimSuffix(name, "index.html"), "/")
		found := alternates(t, content)
		for _, other := range locale.Languages() {
			if want := "https://immerse.example/" + other + "/" + rest; found[other] != want {
				t.Errorf("%s in %s: %s is at %q, want %q", name, lang, other, found[other], want)
			}
		}
		want := "https://immerse.example/es/" + rest
		if rest == "" {
			want = "https://immerse.example/"
		}
		if found["x-default"] != want {
			t.Errorf("%s: for everybody else %q, want %q", name, found["x-default"], want)
		}
	}
}

func alternates(t *testing.T, content []byte) map[string]string {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for node := range root.Descendants() {
		attributes := map[string]string{}
		for _, a := range node.Attr {
			attributes[a.Key] = a.Val
		}
		if node.Data == "link" && attributes["rel"] == "alternate" {
			found[attributes["hreflang"]] = attributes["href"]
		}
	}
	return found
}

func TestSitemapListsEveryPage(t *testing.T) {
	files := at(t, "immerse.example")
	var read struct {
		Pages []struct {
			Loc   string `xml:"loc"`
			Links []struct {
				Href string `xml:"href,attr"`
			} `xml:"link"`
		} `xml:"url"`
	}
	if err := xml.Unmarshal(files["sitemap.xml"], &read); err != nil {
		t.Fatal(err)
	}
	listed, functions := map[string]bool{}, map[string]int{}
	for _, one := range read.Pages {
		file := strings.TrimPrefix(one.Loc, "https://immerse.example/") + "index.html"
		if path, query, _ := strings.Cut(one.Loc, "?"); path == "https://immerse.example/api/v1/events" || path == "https://immerse.example/figures" {
			functions[query]++ // what is there is for functions to say
		} else if files[file] == nil {
			t.Errorf("%s is listed and not there", one.Loc)
		}
		if want := len(locale.Languages()) + 1; len(one.Links) != want {
			t.Errorf("%s has %d links to languages, want %d", one.Loc, len(one.Links), want)
		}
		listed[file] = true
	}
	for name := range files {
		if path.Base(name) == "index.html" && name != "index.html" && !listed[name] {
			t.Errorf("%s is not listed", name)
		}
	}
	if len(functions) != len(locale.Languages()) || functions["lang=ar"] != 2 {
		t.Errorf("of functions are listed %v", functions)
	}
	if !strings.Contains(string(files["robots.txt"]), "Sitemap: https://immerse.example/sitemap.xml") {
		t.Error("robots.txt doesn't name the sitemap")
	}
	if at(t, "")["sitemap.xml"] != nil {
		t.Error("without a domain there are no full addresses to list")
	}
}
