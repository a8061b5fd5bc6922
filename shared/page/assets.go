package page

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"regexp"
	"strings"
	"sync"

	"github.com/miict/immerse/shared/application"
)

//go:embed assets
var assetFiles embed.FS

// Stylesheet is the CSS of every page; its lines are for those who write it.
func Stylesheet() []byte { return bytes.ReplaceAll(asset("site.css"), []byte("\n"), nil) }

// MoreStyles is the CSS of every page but forms, which have no room for what they don't show.
func MoreStyles() []byte { return bytes.ReplaceAll(asset("more.css"), []byte("\n"), nil) }

// Icon is the browser tab's icon, an SVG image.
func Icon() []byte { return asset("icon.svg") }

func asset(name string) []byte {
	content, err := assetFiles.ReadFile("assets/" + name)
	if err != nil {
		panic(err) // the files are part of the program
	}
	return content
}

// script is a JavaScript file without indentation, comments and most ends of lines: a third less to load.
func script(name string) []byte { return joined(statements(name)) }

// statements are the lines of a file that say something.
func statements(name string) []string {
	var lines []string
	for line := range strings.Lines(string(asset(name))) {
		if line = strings.TrimLeft(line, " "); line != "\n" && !strings.HasPrefix(line, "//") {
			lines = append(lines, remark.ReplaceAllString(line, "$1\n"))
		}
	}
	return lines
}

func joined(lines []string) []byte {
	var out strings.Builder
	for _, line := range lines {
		if goesOn.MatchString(line) {
			line = strings.TrimSuffix(line, "\n")
		}
		out.WriteString(line)
	}
	return []byte(out.String())
}

// goesOn is a line that the next one can follow at once; not one with a slash, which may begin a comment.
var goesOn = regexp.MustCompile(`^[^/]*[;{,(]\n$`)

// remark is a comment after a statement; one with a quotation mark stays, as it may be part of a text.
var remark = regexp.MustCompile("([;{},]) // [^'\"`]*\n$")

// Hash is the short content hash that asset names and URLs carry, so that they can be cached for ever.
func Hash(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])[:12]
}

// Hashed is the name of a file with its content's hash in it: "site.css" is "site-0123456789ab.css".
func Hashed(name string, content []byte) string {
	stem, kind, _ := strings.Cut(name, ".")
	return stem + "-" + Hash(content) + "." + kind
}

// The scripts that pages name: SiteScript is every page's, FormScript the form's, ServicesScript that of lists of services.
const (
	SiteScript     = "site.js"
	FormScript     = "form.js"
	ServicesScript = "services.js"
)

// Scripts are the JavaScript modules by their plain names. Those that they import they name with the hash, so a changed
// module changes the hash of every one that uses it.
var Scripts = sync.OnceValue(func() map[string][]byte {
	made := map[string][]byte{}
	addScript(SiteScript, made)
	addScript(FormScript, made)
	addScript(ServicesScript, made)
	return made
})

var imported = regexp.MustCompile(`from '\./([a-z]+\.js)'`)

func addScript(name string, made map[string][]byte) []byte {
	if content, ok := made[name]; ok {
		return content
	}
	content := imported.ReplaceAllFunc(script(name), func(words []byte) []byte {
		other := string(imported.FindSubmatch(words)[1])
		return []byte("from './" + Hashed(other, addScript(other, made)) + "'")
	})
	made[name] = content
	return content
}

// Worker is the service worker's script, which can import nothing: what it shares with the pages stands above it. The
// site puts before it what it is to keep.
func Worker() []byte {
	var lines []string
	for _, name := range []string{"keep.js", "send.js", "worker.js"} {
		for _, line := range statements(name) {
			if !strings.HasPrefix(line, "import ") {
				lines = append(lines, strings.TrimPrefix(line, "export "))
			}
		}
	}
	return joined(lines)
}

// Functions' pages find the stylesheet and the scripts under a stable path, with the hash as a query: a function needs
// no manifest of the static site.
var (
	StylesheetURL = sync.OnceValue(func() string { return "/assets/site.css?v=" + Hash(Stylesheet()) })
	MoreStylesURL = sync.OnceValue(func() string { return "/assets/more.css?v=" + Hash(MoreStyles()) })
	SiteScriptURL = sync.OnceValue(func() string { return "/assets/site.js?v=" + Hash(Scripts()[SiteScript]) })
	FormScriptURL = sync.OnceValue(func() string { return "/assets/form.js?v=" + Hash(Scripts()[FormScript]) })
)

// RulesURL and WordsURL are the same for what the form's script reads.
func RulesURL(fields []application.Field) string {
	return "/assets/rules.json?v=" + Hash(ScriptRules(fields))
}

// WordsURL is where scripts find what they say in a language.
func WordsURL(lang string) string {
	return "/assets/words-" + lang + ".json?v=" + Hash(ScriptWords(lang))
}
