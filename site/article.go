package site

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"

	"github.com/miict/immerse/shared/locale"
)

// contentFiles are the pages of text: content/<language>/<name>.md, the same names in every language.
//
//go:embed content
var contentFiles embed.FS

// markdown leaves HTML in the text out: authors write Markdown, and nothing else gets on a page.
var markdown = goldmark.New(
	goldmark.WithExtensions(extension.Table),
	goldmark.WithParserOptions(parser.WithAutoHeadingID()),
)

// An article is a Markdown file that has been read: what it says of itself in the lines at its top, and its text.
type article struct {
	Meta map[string]string
	Body template.HTML
}

// articles makes the pages that are text alone, one of each file of the English folder. A language that has no translation of one
// has it in English, and marked so: every page links to it.
func (b *builder) articles(lang string) ([]document, error) {
	names, err := fs.Glob(b.texts, "content/"+locale.Default+"/*.md")
	if err != nil {
		return nil, err
	}
	var made []document
	for _, name := range names {
		written := lang
		if _, err := fs.Stat(b.texts, b.inLanguage(name, lang)); err != nil {
			written = locale.Default
		}
		text, err := b.article(b.inLanguage(name, written))
		if err != nil {
			return nil, err
		}
		made = append(made, document{
			path:   strings.TrimSuffix(path.Base(name), ".md") + "/",
			title:  text.Meta["title"],
			render: b.from("article.html", articlePage{locale.For(lang), text, written, b.pack.MailReplyTo}),
		})
	}
	return made, nil
}

// inLanguage is where a text of the English folder is in another language.
func (b *builder) inLanguage(name, lang string) string {
	return "content/" + lang + strings.TrimPrefix(name, "content/"+locale.Default)
}

// articlePage is what the template of a page of text is given.
type articlePage struct {
	P       *locale.Printer
	Article article
	Written string // the language of the text
	Contact string // where to write to; may be empty
}

// article reads a file of content/.
func (b *builder) article(name string) (article, error) {
	text, err := fs.ReadFile(b.texts, name)
	if err != nil {
		return article{}, err
	}
	read, err := readArticle(text)
	if err != nil {
		return article{}, fmt.Errorf("%s: %w", name, err)
	}
	return read, nil
}

// readArticle reads lines of "name: value" between two lines of "---", then Markdown. "ends_with: contact" says after the
// text where to write to. A title is needed; the text's own
// headings begin at the second level, as the title is the first.
func readArticle(text []byte) (article, error) {
	head, body, ok := strings.Cut(strings.TrimPrefix(string(text), "---\n"), "\n---\n")
	if !ok || !bytes.HasPrefix(text, []byte("---\n")) {
		return article{}, fmt.Errorf("no lines between --- and --- at the top")
	}
	read := article{Meta: map[string]string{}}
	for _, line := range strings.Split(head, "\n") {
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			return article{}, fmt.Errorf("%q is not of the form name: value", line)
		}
		read.Meta[strings.TrimSpace(name)] = strings.TrimSpace(value)
	}
	if read.Meta["title"] == "" {
		return article{}, fmt.Errorf("no title")
	}
	var out bytes.Buffer
	if err := markdown.Convert([]byte(body), &out); err != nil {
		return article{}, err
	}
	read.Body = template.HTML(out.String()) // #nosec G203 -- goldmark leaves HTML of authors out
	return read, nil
}
