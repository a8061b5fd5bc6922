package catalogue

import (
	"encoding/json"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// checkForm looks at an object as HSDS describes its kind, and at all objects in it. Fields that HSDS doesn't know are
// none of its business. Null is the same as absent.
func checkForm(o Object, table *Table, wrong Report) {
	for _, field := range table.Fields {
		value := o.Get(field.Name)
		if value == nil {
			if field.Required {
				wrong(field.Name, "is missing")
			}
			continue
		}
		checkValue(value, field, wrong.under(field.Name))
	}
}

func checkValue(value json.RawMessage, field Field, wrong Report) {
	switch field.Type {
	case Many:
		if value[0] != '[' {
			wrong("", "is not a list")
			return
		}
		for i, element := range rawList(value) {
			checkNested(element, field.Of, wrong.under(indexed("", i)))
		}
	case One:
		checkNested(value, field.Of, wrong)
	case Number:
		if value[0] != '-' && (value[0] < '0' || value[0] > '9') {
			wrong("", "is not a number")
		}
	default:
		var text string
		if json.Unmarshal(value, &text) != nil {
			wrong("", "is not a text")
			return
		}
		checkText(text, field, wrong)
	}
}

func checkNested(value json.RawMessage, kind Kind, wrong Report) {
	object, err := parseObject(value)
	if err != nil {
		wrong("", "%v", err)
		return
	}
	if table, ok := TableOf(kind); ok {
		checkForm(object, table, wrong)
	}
}

var (
	anyUUID   = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	smallUUID = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
)

// checkText looks at a text. An empty one says nothing, which a required field may not.
func checkText(text string, field Field, wrong Report) {
	if strings.TrimSpace(text) == "" {
		if field.Required {
			wrong("", "is empty")
		}
		return
	}
	switch field.Type {
	case UUID:
		if !anyUUID.MatchString(text) {
			wrong("", "%q is not a UUID", text)
		}
	case Email:
		if _, err := mail.ParseAddress(text); err != nil {
			wrong("", "%q is not an e-mail address", text)
		}
	case Address:
		if parsed, err := url.Parse(text); err != nil || parsed.Scheme == "" {
			wrong("", "%q is not a web address", text)
		}
	case Date:
		if !isDate(text) {
			wrong("", "%q is not a date", text)
		}
	case Time:
		if _, ok := ParseTime(text); !ok {
			wrong("", "%q is not a date and time", text)
		}
	case Choice:
		if !slices.Contains(field.Values, text) {
			wrong("", "%q is none of %s", text, strings.Join(field.Values, ", "))
		}
	default:
	}
}

func isDate(text string) bool {
	_, ok := ParseTime(text)
	return ok
}

// timeForms are how feeds write times, the ones with a zone first; without one it is UTC.
var timeForms = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04Z07:00",
	"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly,
}

// ParseTime reads a time, or a day as its beginning, as feeds write them.
func ParseTime(text string) (at time.Time, ok bool) {
	for _, form := range timeForms {
		if at, err := time.Parse(form, text); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// address tells whether text is an e-mail address and nothing else: no name, no brackets, no line break, so that it
// can go into a header as it is.
func address(text string) bool {
	parsed, err := mail.ParseAddress(text)
	return err == nil && parsed.Address == text && !strings.ContainsAny(text, "\r\n")
}
