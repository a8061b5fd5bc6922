package page

import (
	"slices"
	"strconv"
	"strings"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/locale"
)

// languageRowCount is how many languages the form has room for. The API takes more.
const languageRowCount = 4

// row asks for one language and its level.
type row struct {
	ID, Name              string
	CodeLabel, LevelLabel string
	Codes, Levels         []option
}

func languageRows(printer *locale.Printer, answers map[string][]string, id string) []row {
	rows := make([]row, languageRowCount)
	for i := range rows {
		name := "languages." + strconv.Itoa(i)
		rows[i] = row{
			ID: id + "-" + strconv.Itoa(i), Name: name,
			CodeLabel:  printer.T("form.language.code", "number", i+1),
			LevelLabel: printer.T("form.language.level", "number", i+1),
			Codes:      spoken(printer, first(answers[name+".code"])),
			Levels:     levels(printer, first(answers[name+".level"])),
		}
	}
	return rows
}

// spoken offers languages under their own names, in the order of those, and under the page's name for them.
func spoken(printer *locale.Printer, chosen string) []option {
	var options []option
	for _, code := range locale.SpokenLanguages() {
		words := locale.Autonym(code)
		if here := printer.Language(code); !strings.EqualFold(here, words) {
			words += " – " + here
		}
		options = append(options, option{Code: code, Words: words, Chosen: code == chosen})
	}
	slices.SortFunc(options, func(a, b option) int { return strings.Compare(a.Words, b.Words) })
	return options
}

func levels(printer *locale.Printer, chosen string) []option {
	var options []option
	for _, code := range codes.Levels {
		options = append(options, option{Code: code, Words: printer.Code("level", code), Chosen: code == chosen})
	}
	return options
}

func (q *question) codes(list, answers []string) []option {
	var options []option
	for _, code := range list {
		words := q.P.Code(q.Field.List, code)
		options = append(options, option{Code: code, Words: words, Chosen: slices.Contains(answers, code)})
	}
	return options
}

func regionChoices(groups []RegionGroup, chosen string) []choices {
	var made []choices
	for _, group := range groups {
		var options []option
		for _, region := range group.Regions {
			options = append(options, option{Code: region.Code, Words: region.Name, Chosen: region.Code == chosen})
		}
		made = append(made, choices{Name: group.Name, Options: options})
	}
	return made
}

// occupationChoices offers ISCO-08's major groups, and the narrower group that the person gave before, if any.
func occupationChoices(printer *locale.Printer, chosen string) []choices {
	offered := numbers(0, 9)
	if codes.Occupation(chosen) && !slices.Contains(offered, chosen) {
		offered = append(offered, chosen)
	}
	var options []option
	for _, code := range offered {
		options = append(options, option{Code: code, Words: printer.Occupation(code), Chosen: code == chosen})
	}
	return []choices{{Options: options}}
}

func numbers(from, to int) []string {
	var all []string
	for n := from; n <= to; n++ {
		all = append(all, strconv.Itoa(n))
	}
	return all
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// fieldID is the id of a field's first input: dots would need escaping in a selector.
func fieldID(name string) string { return "f-" + strings.ReplaceAll(name, ".", "-") }

// concerns tells whether an error about one name is about the field: about itself, or about one of its entries
// ("languages.1.level", "needs[3]").
func concerns(about, field string) bool {
	rest, ok := strings.CutPrefix(about, field)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// errorID is where an error's link leads: the field's first input, or the one of the language row it is about.
func errorID(field application.Field, about string) string {
	id := fieldID(field.Name)
	if field.Kind != application.Languages {
		return id
	}
	for i := range languageRowCount {
		for _, part := range []string{"code", "level"} {
			if about == field.Name+"."+strconv.Itoa(i)+"."+part {
				return id + "-" + strconv.Itoa(i) + "-" + part
			}
		}
	}
	return id + "-0-code"
}

// errorsOf joins what is wrong with a field: a list may have several wrong entries.
func errorsOf(errors []FieldError, field string) string {
	var messages []string
	for _, err := range errors {
		if concerns(err.Field, field) && !slices.Contains(messages, err.Message) {
			messages = append(messages, err.Message)
		}
	}
	return strings.Join(messages, " ")
}
