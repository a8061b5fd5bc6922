package site_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/miict/immerse/site"
)

// TestALanguageIsAFile lays the words of a language that there is none of into the folder of the locales, and nothing else, and makes a site:
// it is offered, has all its pages, running its own way, and every link of them leads somewhere.
func TestALanguageIsAFile(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short, as it builds the generator anew; make test runs it")
	}
	files := withLanguage(t, "tlh") // Klingon, which no pack has
	front := string(files["en/index.html"])
	if !strings.Contains(front, `href="/tlh/" lang="tlh" hreflang="tlh"`) {
		t.Error("the English front page doesn't offer it")
	}
	ours := 0
	for name, content := range files {
		other, of := strings.CutPrefix(name, "en/")
		if of && !strings.HasPrefix(other, "rights/") && files["tlh/"+other] == nil { // texts of a country are not among the words
			t.Errorf("there is no %s", "tlh/"+other)
		}
		if !strings.HasPrefix(name, "tlh/") {
			continue
		}
		ours++
		if !strings.Contains(string(content), `<html lang="tlh" dir="rtl"`) {
			t.Errorf("%s begins %.200s", name, content)
		}
		root, err := html.Parse(strings.NewReader(string(content)))
		if err != nil {
			t.Fatal(err)
		}
		for node := range root.Descendants() {
			for _, a := range node.Attr {
				if (a.Key == "href" || a.Key == "src" || a.Key == "data-words") && strings.HasPrefix(a.Val, "/") && !leads(files, a.Val) {
					t.Errorf("%s: <%s> leads to %q", name, node.Data, a.Val)
				}
			}
		}
	}
	if ours < 20 {
		t.Errorf("it has %d pages", ours)
	}
	if form := string(files["tlh/apply/index.html"]); !strings.Contains(form, "~What you need") {
		t.Error("the form doesn't speak it")
	}
	if text := string(files["tlh/accessibility/index.html"]); !strings.Contains(text, `<div class="text" lang="en" dir="ltr">`) {
		t.Error("a text that isn't translated is not said to be English")
	}
}

// withLanguage makes the site of Cyprus with the generator that there would be with another locale file.
func withLanguage(t *testing.T, lang string) site.Files {
	t.Helper()
	folder := t.TempDir()
	read, err := os.ReadFile("../shared/locale/messages/en.json")
	if err != nil {
		t.Fatal(err)
	}
	var words map[string]any
	if err := json.Unmarshal(read, &words); err != nil {
		t.Fatal(err)
	}
	for key, said := range words {
		if text, ok := said.(string); ok && !strings.HasPrefix(key, "meta.") {
			words[key] = "~" + text
		}
	}
	words["meta.dir"], words["meta.review"] = "rtl", "invented"
	place, err := filepath.Abs("../shared/locale/messages/" + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	overlay := filepath.Join(folder, "overlay.json")
	write := func(name string, content any) {
		text, err := json.Marshal(content)
		if err == nil {
			err = os.WriteFile(name, text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	write(filepath.Join(folder, "words.json"), words)
	write(overlay, map[string]any{"Replace": map[string]string{place: filepath.Join(folder, "words.json")}})
	out := filepath.Join(folder, "dist")
	if said, err := exec.CommandContext(t.Context(), "go", "run", "-overlay", overlay, "./cmd/site", "-country", "cy", "-out", out).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	files := site.Files{}
	err = fs.WalkDir(os.DirFS(out), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files[name], err = fs.ReadFile(os.DirFS(out), name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
