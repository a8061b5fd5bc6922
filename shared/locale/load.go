package locale

import (
	"embed"
	"slices"
	"strings"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
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

// For gives the printer of a language, or the English one when there is no such language. Only that language's file and
// the English one are parsed, at the first call.
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
	printer := &Printer{lang: lang, has: map[string]bool{}}
	bundle := i18n.NewBundle(language.MustParse(Default))
	for _, from := range slices.Compact([]string{Default, lang}) {
		text, err := files.ReadFile("messages/" + from + ".json")
		if err != nil {
			panic(err)
		}
		parsed, err := bundle.ParseMessageFileBytes(text, from+".json")
		if err != nil {
			panic(err)
		}
		for _, message := range parsed.Messages {
			printer.has[message.ID] = true
		}
	}
	printer.localizer = i18n.NewLocalizer(bundle, lang)
	return printer
}
