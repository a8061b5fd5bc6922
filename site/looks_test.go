package site_test

import (
	"os"
	"testing"

	"github.com/miict/immerse/site/browser"
)

// TestBrowserLooksOfServices takes pictures of the directory: SCREENSHOTS names a folder.
func TestBrowserLooksOfServices(t *testing.T) {
	if os.Getenv("SCREENSHOTS") == "" {
		t.Skip("no pictures are taken, which people look at: set SCREENSHOTS to a folder")
	}
	tab := browser.Open(t)
	_, address := served(t, "es")
	for _, lang := range []string{"ar", "el", "es"} {
		for _, width := range []int64{320, 1280} {
			for name, page := range map[string]string{
				"services": "/services/", "legal": "/services/legal/", "granada": "/services/in/es-gr/",
				"rights": "/rights/", "health": "/rights/health/", "front": "/",
				"asylum": "/services/2fe49311-58e5-569f-af9d-6dd4deaf320b/",
			} {
				look(tab, t, address+"/"+lang+page, lang+"-"+name, width)
			}
		}
	}
}
