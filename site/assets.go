package site

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/page"
)

// assets are written under a name with their hash, for the site's own pages, and those that functions' pages ask for
// under a stable name as well, to which they add the hash as a query (decision 0304).
func (b *builder) assets() {
	b.urls = map[string]string{}
	for name, content := range map[string][]byte{"site.css": page.Stylesheet(), "more.css": page.MoreStyles()} {
		b.asset(name, content)
		b.files["assets/"+name] = content
	}
	b.files["assets/icon.svg"] = page.Icon()
	b.files["assets/icons.svg"] = page.Icons()
	for name, content := range page.Scripts() {
		b.asset(name, content)
		b.files["assets/"+name] = content
	}
	read := map[string][]byte{"rules.json": page.ScriptRules(b.fields)}
	for _, lang := range locale.Languages() {
		read["words-"+lang+".json"] = page.ScriptWords(lang)
	}
	for name, content := range read {
		b.asset(name, content)
		b.files["assets/"+name] = content
	}
}

func (b *builder) asset(name string, content []byte) {
	b.urls[name] = "/assets/" + page.Hashed(name, content)
	b.files[b.urls[name][1:]] = content
}

// worker writes the service worker, which keeps the assets, and the first page and forms of a language that was looked
// at, for when there is no connection. Its version changes with any of them.
func (b *builder) worker() error {
	always, kept := []string{"/assets/icon.svg", "/assets/icons.svg"}, map[string][]string{}
	for name, url := range b.urls {
		if !strings.HasPrefix(name, "words-") {
			always = append(always, url)
		}
	}
	slices.Sort(always)
	for _, lang := range locale.Languages() {
		kept[lang] = []string{b.urls["words-"+lang+".json"], "/" + lang + "/"}
		for _, kind := range page.Forms {
			kept[lang] = append(kept[lang], "/"+lang+"/"+page.FormPath(kind))
		}
	}
	assets, err := json.Marshal(always)
	if err != nil {
		return err
	}
	pages, err := json.Marshal(kept)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	fmt.Fprintf(&out, "const VERSION = '%s';\nconst ASSETS = %s;\nconst PAGES = %s;\n", b.version(kept), assets, pages)
	out.Write(page.Worker())
	b.files["sw.js"] = out.Bytes()
	return nil
}

// version tells whether any of the pages has changed: they name all their assets with their hashes.
func (b *builder) version(kept map[string][]string) string {
	var all []byte
	for _, lang := range locale.Languages() {
		for _, url := range kept[lang] {
			name := url[1:]
			if strings.HasSuffix(name, "/") {
				name = path.Join(name, "index.html")
			}
			all = append(all, b.files[name]...)
		}
	}
	return page.Hash(all)
}
