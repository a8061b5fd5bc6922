package application

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/miict/immerse/shared/codes"
)

// read checks the answer to one field and puts it where answer points; what is wrong with it goes to found and leaves
// the answer absent.
func read(field Field, value any, answer any, found *problems) {
	switch target := answer.(type) {
	case *string:
		if text, ok := value.(string); ok {
			*target = readText(field, text, found)
			return
		}
	case **int:
		*target = readWhole(field, value, found)
		return
	case *bool:
		if yes, ok := value.(bool); ok {
			if *target = yes; !yes && field.Required {
				found.add(field.Name, missing(field))
			}
			return
		}
	case *[]string:
		if list, ok := value.([]any); ok {
			*target = readChoices(field, list, found)
			return
		}
	case *[]Language:
		if list, ok := value.([]any); ok {
			*target = readLanguages(field, list, found)
			return
		}
	}
	found.add(field.Name, CodeWrongType)
}

// readText reads what is one string: a text, an address, a code.
func readText(field Field, text string, found *problems) string {
	clean, ok := line(text)
	if field.Kind == LongText {
		clean, ok = lines(text)
	}
	if !ok && field.Kind != Phone { // a number pasted from a chat has invisible marks around it
		found.add(field.Name, CodeControlCharacters)
		return ""
	}
	code, read := "", true
	switch {
	case field.Kind == Choice && field.Open:
		clean, read = languageTag(clean)
		code = CodeInvalidLanguage
	case field.Kind == Choice:
		read, code = slices.Contains(field.Codes, clean), CodeUnknownCode
	case utf8.RuneCountInString(clean) > field.Max && field.Kind != Phone:
		found.add(field.Name, CodeTooLong, "max", field.Max)
		return ""
	case field.Kind == Email:
		clean, read = emailAddress(clean)
		code = CodeInvalidEmail
	case field.Kind == Phone:
		clean, read = phoneNumber(text)
		code = CodeInvalidPhone
	case field.Format == ISCO08:
		clean = latinDigits(clean)
		read, code = codes.Occupation(clean), CodeInvalidOccupation
	case field.Format == Version:
		read, code = version.MatchString(clean), CodeUnknownCode
	case field.Format == UUID:
		read, code = uuid.MatchString(clean), CodeUnknownEvent
	}
	if !read {
		found.add(field.Name, code)
		return ""
	}
	return clean
}

var uuid = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

var version = regexp.MustCompile(`^20[0-9]{2}-(0[1-9]|1[0-2])$`)

// readWhole reads a whole number. 7 is one, 7.0 and "7" are not: a program that sends those does not know what it sends.
func readWhole(field Field, value any, found *problems) *int {
	number, ok := value.(json.Number)
	if !ok {
		found.add(field.Name, CodeWrongType)
		return nil
	}
	whole, err := strconv.Atoi(number.String())
	if err != nil || whole < field.Min || whole > field.Max {
		found.add(field.Name, CodeOutOfRange, "min", field.Min, "max", field.Max)
		return nil
	}
	return &whole
}

// readChoices reads a list of codes, in the person's order. A code that is there twice counts once. An empty list says
// "none", where that is an answer, and nothing otherwise.
func readChoices(field Field, list []any, found *problems) []string {
	if len(list) > field.Max {
		found.add(field.Name, CodeTooMany, "max", field.Max)
		return nil
	}
	offersNone := slices.Contains(field.Codes, codes.None)
	if len(list) == 0 {
		if field.Required {
			found.add(field.Name, CodeRequired)
		}
		if offersNone {
			return []string{codes.None}
		}
		return nil
	}
	var chosen []string
	unknown := false
	for i, entry := range list {
		code, ok := entry.(string)
		switch {
		case !ok:
			found.add(join(field.Name, strconv.Itoa(i)), CodeWrongType)
		case !slices.Contains(field.Codes, code):
			unknown = true
		case !slices.Contains(chosen, code):
			chosen = append(chosen, code)
		}
	}
	if unknown {
		found.add(field.Name, CodeUnknownCode)
	}
	if offersNone && len(chosen) > 1 && slices.Contains(chosen, codes.None) {
		found.add(field.Name, CodeNoneAndOthers)
	}
	return chosen
}

// readLanguages reads pairs of code and level; rows that were left empty are passed over.
func readLanguages(field Field, list []any, found *problems) []Language {
	if len(list) > field.Max {
		found.add(field.Name, CodeTooMany, "max", field.Max)
		return nil
	}
	var spoken []Language
	for i, entry := range list {
		path := join(field.Name, strconv.Itoa(i))
		row, ok := entry.(map[string]any)
		switch {
		case entry == nil:
			continue
		case !ok:
			found.add(path, CodeWrongType)
			continue
		}
		one := Language{
			Code:  readCode(take(row, "code"), path+".code", CodeRequired, CodeInvalidLanguage, spokenLanguage, found),
			Level: readCode(take(row, "level"), path+".level", CodeLevelMissing, CodeUnknownCode, levelOf(field), found),
		}
		unknown(row, path, found)
		same := slices.IndexFunc(spoken, func(other Language) bool { return other.Code == one.Code && one.Code != "" })
		switch {
		case same < 0:
			spoken = append(spoken, one)
		case spoken[same].Level != one.Level:
			found.add(path+".code", CodeDuplicate)
		}
	}
	return spoken
}

func levelOf(field Field) func(string) (string, bool) {
	return func(level string) (string, bool) { return level, slices.Contains(field.Codes, level) }
}

// readCode reads one code with the given reading; absent and problem are the codes for none at all and for a wrong one.
func readCode(value any, path, absent, problem string, reading func(string) (string, bool), found *problems) string {
	text, ok := value.(string)
	switch {
	case value == nil || ok && text == "":
		found.add(path, absent)
		return ""
	case !ok:
		found.add(path, CodeWrongType)
		return ""
	}
	code, ok := reading(text)
	if !ok {
		found.add(path, problem)
		return ""
	}
	return code
}
