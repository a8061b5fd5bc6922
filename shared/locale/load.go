package locale

import (
	"embed"
	"encoding/json"
	"slices"
	"strings"
	"sync"
)

//go:embed messages/*.json
var files embed.FS

// offered is the order in which languages are offered; a file whose language is not in it comes after these.
var offered = []string{"en", "es", "it", "el", "fr", "ar", "uk"}

var languages = sync.OnceValue(func() []string {
	entries, err := files.ReadDir("messages")
	if err != nil {
		panic(err) // the directory is part of the program
	}
	var found []string
	for _, entry := range entries {
		found = append(found, strings.TrimSuffix(entry.Name(), ".json"))
	}
	slices.SortStableFunc(found, func(a, b string) int { return place(a) - place(b) })
	return found
})

func place(lang string) int {
	if i := slices.Index(offered, lang); i >= 0 {
		return i
	}
	return len(offered)
}

// Languages are the languages of the site, in the order in which a chooser offers them. There is one for each file.
func Languages() []string { return slices.Clone(languages()) }

// Known tells whether lang is exactly one of Languages.
func Known(lang string) bool { return slices.Contains(languages(), lang) }

var (
	printersMu sync.Mutex
	printers   = map[string]*Printer{}
)

// For gives the printer of a language, or the English one when there is no such language. A file is read at the first
// call for its language, and English only when another language lacks a message: functions start with one language.
func For(lang string) *Printer {
	if !Known(lang) {
		lang = Default
	}
	printersMu.Lock()
	defer printersMu.Unlock()
	if printers[lang] == nil {
		printers[lang] = load(lang)
	}
	return printers[lang]
}

// load panics on a file that does not parse: the files are part of the program and the tests parse each one.
func load(lang string) *Printer {
	text, err := files.ReadFile("messages/" + lang + ".json")
	if err != nil {
		panic(err)
	}
	printer := &Printer{lang: lang}
	if err := json.Unmarshal(text, &printer.messages); err != nil {
		panic(err)
	}
	printer.plurals = sync.OnceValue(func() plurals { return newPlurals(lang) })
	return printer
}
