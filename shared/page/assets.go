package page

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"sync"
)

//go:embed assets/site.css
var stylesheet []byte

//go:embed assets/icon.svg
var icon []byte

//go:embed assets/form.js
var formScript []byte

// Stylesheet is the CSS of every page.
func Stylesheet() []byte { return stylesheet }

// Icon is the browser tab's icon, an SVG image.
func Icon() []byte { return icon }

// FormScript is the form's JavaScript, which it works without.
func FormScript() []byte { return formScript }

// Hash is the short content hash that asset names and URLs carry, so that they can be cached for ever.
func Hash(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])[:12]
}

// StylesheetURL is where functions' pages find the stylesheet: a stable path, with the hash as a query, so that a
// function needs no manifest of the static site.
var StylesheetURL = sync.OnceValue(func() string { return "/assets/site.css?v=" + Hash(stylesheet) })

// FormScriptURL is where functions' pages find the form's script.
var FormScriptURL = sync.OnceValue(func() string { return "/assets/form.js?v=" + Hash(formScript) })
