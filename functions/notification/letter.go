package notification

import (
	"bytes"
	"embed"
	"fmt"
	htmltemplate "html/template"
	"strings"
	"sync"
	texttemplate "text/template"
)

// A letter is a mail before it is set as text and as HTML. Everything in it is already said in the reader's language.
type letter struct {
	Lang, Dir string
	Title     string
	Intro     []string
	Facts     []string
	Sections  []section
	Reasons   string // label in front of a service's reasons
	Website   string // label in front of a web address
	For       string // label in front of whom a service is for
	Help      help
	Follow    link
	Keep      []string // what to know about following
	Footer    []string
}

// A section is a heading with services, or with a note where there are none.
type section struct {
	Heading  string
	Services []serviceLine
	Note     string
}

type serviceLine struct {
	Lang         string // of the names, which are as the catalogue has them; empty: the letter's
	Name         string
	Organization string
	URL          string
	For          string // whom it is for, in the organization's words and the language of the names
	Verdict      string // with what is to be checked
	Reasons      []string
	Notes        []string // how far the entry itself can be relied on
}

// help are the lines to call in danger.
type help struct {
	Heading string
	Lines   []helpLine
}

type helpLine struct {
	Purpose, Phone string
	Dial           string   // the number as a telephone takes it
	Notes          []string // that they speak the language; that nobody has checked it
}

type link struct{ Label, URL string }

//go:embed templates
var templateFiles embed.FS

var setters = sync.OnceValue(func() (set struct {
	html *htmltemplate.Template
	text *texttemplate.Template
}) {
	set.html = htmltemplate.Must(htmltemplate.ParseFS(templateFiles, "templates/*.html"))
	line := texttemplate.FuncMap{"line": oneLine} // text has no escaping: nothing may begin a line of its own
	set.text = texttemplate.Must(texttemplate.New("letter.txt").Funcs(line).ParseFS(templateFiles, "templates/*.txt"))
	return set
})

// set gives what the templates of a name make of a letter, as plain text and as HTML.
func set(name string, letter any) (text, html string, err error) {
	var textOut, htmlOut bytes.Buffer
	if err := setters().text.ExecuteTemplate(&textOut, name+".txt", letter); err != nil {
		return "", "", fmt.Errorf("setting a %s as text: %w", name, err)
	}
	if err := setters().html.ExecuteTemplate(&htmlOut, name+".html", letter); err != nil {
		return "", "", fmt.Errorf("setting a %s as HTML: %w", name, err)
	}
	return strings.TrimSpace(textOut.String()) + "\n", htmlOut.String(), nil
}

// write sets a letter and makes it the mail's.
func write(l letter, m Mail) (Mail, error) {
	text, html, err := set("letter", l)
	if err != nil {
		return Mail{}, err
	}
	m.Language, m.Subject, m.Text, m.HTML = l.Lang, oneLine(l.Title), text, html
	return m, nil
}
