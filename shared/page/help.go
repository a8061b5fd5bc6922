package page

import (
	"html/template"
	"slices"
	"strings"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/locale"
)

// placeholder stands in a message where a link will be: a character that nobody writes.
const placeholder = "\uE000"

// Danger says in the footer whom to call now, with the number as a link that a telephone dials.
func (d document) Danger() template.HTML {
	number := country.HelpLine{Phone: d.HelpLine}
	link := `<a href="tel:` + template.HTMLEscapeString(number.Dial()) + `"><bdi dir="ltr">` + template.HTMLEscapeString(number.Phone) + `</bdi></a>`
	said := template.HTMLEscapeString(d.P.T("site.footer.danger", "phone", placeholder))
	return template.HTML(strings.Replace(said, placeholder, link, 1)) // #nosec G203 -- both parts were just escaped
}

// notTonight are what other help lines are for than what the form asks under "how soon": its first look has little room, and
// the pages after it have them all.
var notTonight = []string{"human_trafficking", "asylum"}

// tonight are the lines for who can't wait.
func tonight(lines []country.HelpLine) []country.HelpLine {
	return slices.DeleteFunc(slices.Clone(lines), func(l country.HelpLine) bool { return slices.Contains(notTonight, l.Purpose) })
}

// Numbers gives the numbers to call as a part of a page of the site.
func Numbers(printer *locale.Printer, lines []country.HelpLine) (template.HTML, error) {
	var body strings.Builder
	err := parsed().ExecuteTemplate(&body, "numbers", content{P: printer, View: lines})
	return template.HTML(body.String()), err // #nosec G203 -- html/template has just made and escaped it
}
