package site_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/site"
)

func TestHandlerServesWhatTheCloudWould(t *testing.T) {
	handler := site.Handler(build(t, "es"))
	tests := []struct {
		method, path     string
		status           int
		kind, cache, end string
	}{
		{"GET", "/", 200, "text/html", "max-age=300", "</html>"},
		{"GET", "/ar/apply/", 200, "text/html", "max-age=300", "</html>"},
		{"GET", "/ar/apply", 301, "", "", ""},
		{"GET", "/assets/site.css?v=" + page.Hash(page.Stylesheet()), 200, "text/css", "max-age=86400", ""},
		{"GET", "/assets/" + page.Hashed("form.js", page.Scripts()["form.js"]), 200, "javascript", "immutable", ""},
		{"GET", "/assets/form.js?v=" + page.Hash(page.Scripts()["form.js"]), 200, "javascript", "max-age=86400", ""},
		{"GET", "/sw.js", 200, "javascript", "max-age=300", ""},
		{"GET", "/assets/icon.svg", 200, "image/svg+xml", "max-age=86400", ""},
		{"GET", "/robots.txt", 200, "text/plain", "max-age=300", "/sitemap.xml"},
		{"GET", "/nowhere", 404, "text/html", "max-age=300", "</html>"},
		{"GET", "/../../etc/passwd", 404, "text/html", "max-age=300", "</html>"},
		{"HEAD", "/", 200, "text/html", "max-age=300", ""},
		{"POST", "/", 405, "", "", ""},
	}
	for _, test := range tests {
		t.Run(test.method+" "+test.path, func(t *testing.T) {
			answer := httptest.NewRecorder()
			handler.ServeHTTP(answer, httptest.NewRequest(test.method, "http://localhost"+test.path, nil))
			header := answer.Header()
			if answer.Code != test.status || !strings.Contains(header.Get("Content-Type"), test.kind) ||
				!strings.Contains(header.Get("Cache-Control"), test.cache) {
				t.Errorf("answered %d %v", answer.Code, header)
			}
			if !strings.HasSuffix(strings.TrimSpace(answer.Body.String()), test.end) {
				t.Errorf("body ends otherwise than in %q", test.end)
			}
			if answer.Code == http.StatusOK && header.Get("Content-Security-Policy") != page.Policy {
				t.Error("no policy")
			}
		})
	}
}

func TestNotFoundIsSaidInTheReadersLanguage(t *testing.T) {
	handler := site.Handler(build(t, "es"))
	for _, test := range []struct{ path, accept, want string }{
		{"/nowhere", "", "es"}, {"/nowhere", "ar-MA,fr;q=0.5", "ar"}, {"/uk/nowhere", "ar", "uk"}, {"/nowhere", "tlh", "en"},
	} {
		answer := httptest.NewRecorder()
		request := httptest.NewRequest(http.MethodGet, "http://localhost"+test.path, nil)
		request.Header.Set("Accept-Language", test.accept)
		handler.ServeHTTP(answer, request)
		if answer.Code != http.StatusNotFound || !strings.Contains(answer.Body.String(), `<html lang="`+test.want+`"`) {
			t.Errorf("%s for %q: %d, not in %s", test.path, test.accept, answer.Code, test.want)
		}
	}
}
