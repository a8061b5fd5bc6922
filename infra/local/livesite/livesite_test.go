package livesite

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/miict/immerse/site"
)

// module is a source tree with a generator that writes what one file says: what is tried is the noticing and the making,
// the real generator has tests of its own.
func module(t *testing.T) (root string, say func(text string)) {
	t.Helper()
	root = t.TempDir()
	write := func(name, text string) {
		name = filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", "module example.org/tried\n\ngo 1.26\n")
	write("site/cmd/site/main.go", `package main

import "os"

func main() {
	text, _ := os.ReadFile("shared/locale/words")
	if len(text) == 0 {
		os.Stderr.WriteString("no words")
		os.Exit(1)
	}
	os.MkdirAll(os.Args[4], 0o755)
	os.WriteFile(os.Args[4]+"/index.html", text, 0o600)
}
`)
	return root, func(text string) { write("shared/locale/words", text) }
}

func TestAChangeIsSeenOnReload(t *testing.T) {
	root, say := module(t)
	say("first")
	served := New(site.Files{"index.html": []byte("first")}, root, "es", filepath.Join(root, "build"), nil)
	for _, step := range []struct {
		write  string
		status int
		want   string
	}{{"first", 200, "first"}, {"", 500, "no words"}, {"second, longer", 200, "second"}} {
		if step.want != "first" {
			say(step.write)
		}
		answer := httptest.NewRecorder()
		served.ServeHTTP(answer, httptest.NewRequest("GET", "http://localhost/", nil))
		if answer.Code != step.status || !strings.Contains(answer.Body.String(), step.want) {
			t.Errorf("%q: %d %s", step.write, answer.Code, answer.Body)
		}
	}
}

// TestTheSourcesAreWhereTheyAreLookedFor: a folder that moved would make changes in it go unseen.
func TestTheSourcesAreWhereTheyAreLookedFor(t *testing.T) {
	for _, folder := range sources {
		if _, err := os.Stat(filepath.Join("../../..", folder)); err != nil {
			t.Error(err)
		}
	}
}
