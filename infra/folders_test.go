package main

import (
	"os/exec"
	"strings"
	"testing"
)

// The one program that runs at the content network, run by Node.
func TestFolders(t *testing.T) {
	needsNode(t)
	for asked, want := range map[string]string{
		"/":                         "/index.html",
		"/es/":                      "/es/index.html",
		"/es/apply/":                "/es/apply/index.html",
		"/es/apply":                 "301 /es/apply/",
		"//evil.example/x":          "301 /evil.example/x/",
		"/assets/site.css":          "/assets/site.css",
		"/manifest.webmanifest":     "/manifest.webmanifest",
		"/.well-known/security.txt": "/.well-known/security.txt",
	} {
		program := foldersCode + `
			var answer = handler({request: {uri: process.argv[1]}});
			console.log(answer.statusCode ? answer.statusCode + ' ' + answer.headers.location.value : answer.uri);`
		out, err := exec.Command("node", "-e", program, asked).Output()
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimSpace(string(out)); got != want {
			t.Errorf("%s: %s, want %s", asked, got, want)
		}
	}
}
