// Package locale holds every word that people read, one file per language in messages/, and says them: form labels,
// errors, reasons for a match, e-mails. Nothing a person reads is written in code or in a template.
//
// A message is named by a dotted key ("field.birth_year.hint") and may hold placeholders in braces ("{min}"). Messages
// are plain text, never HTML: templates escape them like any other text. A language that lacks a message says it in
// English; a message that no file has comes out as its key, so that nobody ever reads an empty line.
package locale

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
)

// Default is the language that has every message, and the one said when a better one is not known.
const Default = "en"

// ConsentVersion names the text of consent that the messages hold now. A change of what the consent messages mean needs
// a new version: it is stored with each application.
const ConsentVersion = "2026-11"

// A Printer says messages in one language. It is safe for concurrent use.
type Printer struct {
	lang     string
	messages map[string]json.RawMessage // each a string, or an object of plural forms
	plurals  func() plurals
}

// Lang is the language the printer speaks, as a BCP 47 tag, fit for an HTML lang attribute.
func (p *Printer) Lang() string { return p.lang }

// Dir is the direction the language is written in, "ltr" or "rtl", fit for an HTML dir attribute.
func (p *Printer) Dir() string { return p.T("meta.dir") }

// Has tells whether the message exists, in this language or in English.
func (p *Printer) Has(key string) bool {
	_, speaker := p.find(key)
	return speaker != nil
}

// T says a message. Its placeholders are filled from params: either one map[string]any, or names and values in turn
// (T("error.too_long", "max", 100)).
func (p *Printer) T(key string, params ...any) string {
	message, _ := p.find(key)
	text, ok := plain(message)
	if !ok || text == "" {
		return key
	}
	return fill(text, collect(params))
}

// N says a message in the plural form that the language has for n things; {count} in it is n.
func (p *Printer) N(key string, n int, params ...any) string {
	message, speaker := p.find(key)
	if speaker == nil {
		return key
	}
	data := collect(params)
	data["count"] = n
	if text := speaker.plurals().choose(message, n, data); text != "" {
		return text
	}
	return key
}

// Code says what a code of a list means ("need", "health"): the message "<list>.<code>".
func (p *Printer) Code(list, code string) string { return p.T(list + "." + code) }

// find gives a message and the printer of the language that it is in, or nil when there is no such message.
func (p *Printer) find(key string) (message json.RawMessage, speaker *Printer) {
	if message, ok := p.messages[key]; ok {
		return message, p
	}
	if p.lang == Default {
		return nil, nil
	}
	return For(Default).find(key)
}

// plain reads a JSON string. Nearly all messages are written without escapes, so that there is nothing to decode.
func plain(message json.RawMessage) (text string, ok bool) {
	if len(message) < 2 || message[0] != '"' {
		return "", false
	}
	if !bytes.ContainsRune(message, '\\') {
		return string(message[1 : len(message)-1]), true
	}
	err := json.Unmarshal(message, &text)
	return text, err == nil
}

// collect copies the caller's params, so that filling in {count} never writes to the caller's map.
func collect(params []any) map[string]any {
	data := make(map[string]any, len(params)/2+1)
	if len(params) == 1 {
		if given, ok := params[0].(map[string]any); ok {
			maps.Copy(data, given)
		}
		return data
	}
	for i := 0; i+1 < len(params); i += 2 {
		data[strings.TrimSpace(fmt.Sprint(params[i]))] = params[i+1]
	}
	return data
}
