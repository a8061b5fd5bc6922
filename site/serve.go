package site

import (
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/miict/immerse/shared/page"
)

// hashed is where files are that never change under their name. The two stable names among them are asked for with the
// hash as a query.
const hashed = "assets/"

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
				http.Redirect(w, r, "/"+name+"/", http.StatusMovedPermanently)
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
		name, status = notFound, http.StatusNotFound
		content = files[notFound]
	}
	SetHeaders(w.Header(), name)
	w.WriteHeader(status)
	if r.Method == http.MethodGet {
		_, _ = w.Write(content) // the reader went away: nobody is left to tell
	}
}

// SetHeaders sets the headers of a file: its type, how long it may be kept, and what its page may do.
func SetHeaders(header http.Header, name string) {
	header.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Content-Security-Policy", page.Policy)
	header.Set("Cache-Control", "public, max-age=300")
	if strings.HasPrefix(name, hashed) {
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
}
