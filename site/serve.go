package site

import (
	"mime"
	"net/http"
	"path"
	"regexp"
	"strings"

	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/page"
)

// hashed are the names of files that never change: their content's hash is in them.
var hashed = regexp.MustCompile(`^assets/.*-[0-9a-f]{12}\.\w+$`)

// Handler serves the files the way the content network does in the cloud: index.html for a folder, the page for what
// is not found, and the headers that every page has.
func Handler(files Files) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		if _, folder := files[path.Join(name, "index.html")]; folder {
			if !strings.HasSuffix(r.URL.Path, "/") {
				http.Redirect(w, r, "/"+name+"/", http.StatusMovedPermanently) // #nosec G710 -- name is a folder of the site
				return
			}
			name = path.Join(name, "index.html")
		}
		serve(w, r, files, name)
	})
}

func serve(w http.ResponseWriter, r *http.Request, files Files, name string) {
	content, ok := files[name]
	status := http.StatusOK
	if !ok {
		name, status = notFoundIn(r), http.StatusNotFound
		content = files[name]
		w.Header().Add("Vary", "Accept-Language")
	}
	SetHeaders(w.Header(), name)
	w.WriteHeader(status)
	if r.Method == http.MethodGet {
		_, _ = w.Write(content) // the reader went away: nobody is left to tell
	}
}

// notFoundIn is the page that says "not found" in the language of the folder asked for, or else of the browser.
func notFoundIn(r *http.Request) string {
	folder, _, _ := strings.Cut(strings.TrimPrefix(path.Clean(r.URL.Path), "/"), "/")
	if locale.Known(folder) {
		return folder + "/" + notFound
	}
	if asked := r.Header.Get("Accept-Language"); asked != "" {
		return locale.Negotiate("", asked, "") + "/" + notFound
	}
	return notFound
}

// SetHeaders sets the headers of a file: its type, how long it may be kept, and what its page may do.
func SetHeaders(header http.Header, name string) {
	header.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Content-Security-Policy", page.Policy)
	header.Set("Cache-Control", "public, max-age="+maxAge(name))
}

// maxAge is in seconds: a year for what never changes, a day for assets that are asked for with their hash as a query,
// five minutes for pages, so that a correction reaches people soon.
func maxAge(name string) string {
	switch {
	case hashed.MatchString(name):
		return "31536000, immutable"
	case strings.HasPrefix(name, "assets/"):
		return "86400"
	}
	return "300"
}
