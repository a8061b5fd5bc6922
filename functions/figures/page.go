package figures

import (
	"bytes"
	"embed"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/miict/immerse/shared/figures"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/page"
)

//go:embed templates/*.html
var templateFiles embed.FS

var templates = sync.OnceValue(func() *template.Template { return template.Must(template.ParseFS(templateFiles, "templates/*.html")) })

// view is what the page shows of one period.
type view struct {
	P        *locale.Printer
	K        int
	Licence  string
	Period   string // in words; empty: there is nothing yet
	Others   []link // to other periods
	CSV      string
	JSON     string
	Sections []section
}

type link struct{ URL, Title string }

// A section is what there is by one measure.
type section struct {
	ID, Title, About string
	Half             string // by when half of the answers came
	Charts           []chart
}

// A chart is a table, in which each number has a bar beside it.
type chart struct {
	Title  string
	Groups []group
}

type group struct {
	Name  string
	Lang  string // of the name, if it is not the page's
	Total string
	Bars  []bar
}

// A bar is a number: how many cases, and how much of the group in whole per cent. Start is where it begins, as an SVG knows no
// direction of writing.
type bar struct {
	Name         string
	Cases        int
	Share        string
	Start, Width int
}

func (h *Handler) page(r request, releases []figures.Release) response {
	releases = slices.DeleteFunc(slices.Clone(releases), func(release figures.Release) bool { return !release.Shown() })
	v := view{P: locale.For(r.lang), K: figures.K, Licence: Licence, CSV: dataPath + "?format=csv", JSON: dataPath}
	asked := r.query.Get("period")
	at := slices.IndexFunc(releases, func(release figures.Release) bool { return asked == "" || release.Period == asked })
	if at < 0 && asked != "" {
		return h.refuse(r, http.StatusNotFound, "not_found")
	}
	for i, release := range releases {
		if i != at {
			v.Others = append(v.Others, link{pagePath + "?lang=" + r.lang + "&period=" + release.Period, period(v.P, release)})
			continue
		}
		v.Period = period(v.P, release)
		for _, table := range release.Tables {
			v.Sections = append(v.Sections, h.section(v.P, table))
		}
	}
	shell := h.shell(r.lang)
	shell.Title = v.P.T("figures.title")
	query := url.Values{}
	if asked != "" {
		query.Set("period", asked)
	}
	shell.InLanguages(h.BaseURL, pagePath, query)
	return html(http.StatusOK, r.lang, kept, func(w io.Writer) error {
		var body bytes.Buffer
		if err := templates().ExecuteTemplate(&body, "figures.html", v); err != nil {
			return err
		}
		return page.Render(w, shell, template.HTML(body.String())) // #nosec G203 -- html/template has just escaped it
	})
}

// html answers with a page that render writes.
func html(status int, lang, keep string, render func(io.Writer) error) response {
	var body bytes.Buffer
	if err := render(&body); err != nil {
		panic(err) // a template that does not fit its view
	}
	return response{status: status, body: body.Bytes(), headers: map[string]string{
		"Content-Type": "text/html; charset=utf-8", "Content-Language": locale.For(lang).Lang(), "Content-Security-Policy": page.Policy,
		"Cross-Origin-Resource-Policy": "same-origin", "Cache-Control": keep,
	}}
}

// period says in words from when to when.
func period(say *locale.Printer, release figures.Release) string {
	day := func(written string) string {
		at, err := time.Parse(time.DateOnly, written)
		if err != nil {
			return written
		}
		return say.Date(at)
	}
	return say.T("figures.period", "from", day(release.From), "to", day(release.To))
}

var dimensions = []string{figures.ByAll, figures.ByRegion, figures.ByAuthority, figures.ByNeed}

func (h *Handler) section(say *locale.Printer, table figures.Table) section {
	measure := string(table.Measure)
	made := section{ID: measure, Title: say.Code("figures.measure", measure), About: say.Code("figures.about", measure)}
	for _, dimension := range dimensions {
		c := chart{Title: say.Code("figures.by", dimension)}
		for _, row := range table.Of(dimension) {
			c.Groups = append(c.Groups, h.group(say, table, row))
		}
		if len(c.Groups) > 0 {
			made.Charts = append(made.Charts, c)
		}
	}
	if all := table.Of(figures.ByAll); table.Measure == figures.Time && len(all) > 0 {
		made.Half = half(say, table, all[0])
	}
	return made
}

// half says by when half of the answers had come, as far as the categories tell.
func half(say *locale.Printer, table figures.Table, row figures.Row) string {
	sum := 0
	for i, count := range row.Counts {
		sum += count
		_, to, _ := figures.DaysOf(table.Categories[i].Codes)
		if 2*sum >= row.Total() && to >= 0 {
			return say.T("figures.half", "days", to)
		}
	}
	return ""
}

func (h *Handler) group(say *locale.Printer, table figures.Table, row figures.Row) group {
	total := row.Total()
	g := group{Name: h.name(say, row), Total: say.T("figures.cases", "count", total)}
	if row.Dimension == figures.ByAuthority && row.Group != figures.Other {
		g.Lang = h.Pack.Languages[0]
	}
	for i, category := range table.Categories {
		share := (100*row.Counts[i] + total/2) / total
		b := bar{Name: named(say, table.Measure, category.Codes), Cases: row.Counts[i], Share: say.T("figures.share", "share", share), Width: share}
		if say.Dir() == "rtl" {
			b.Start = 100 - share
		}
		g.Bars = append(g.Bars, b)
	}
	return g
}

func (h *Handler) name(say *locale.Printer, row figures.Row) string {
	area := func(code string) string {
		if code == h.Pack.Code {
			return say.T("figures.country")
		}
		return h.Pack.Areas.NameIn(code, say.Lang())
	}
	switch {
	case row.Group == figures.All:
		return h.Pack.NameIn(say.Lang())
	case row.Group == figures.Other && row.Dimension == figures.ByAuthority && row.Region != figures.Other:
		return say.T("figures.others.in", "area", area(row.Region))
	case row.Group == figures.Other:
		return say.T("figures.others")
	case row.Dimension == figures.ByRegion:
		return area(row.Group)
	case row.Dimension == figures.ByNeed && row.Group == figures.Several:
		return say.T("figures.several")
	case row.Dimension == figures.ByNeed:
		return say.Code("need", row.Group)
	case row.Name != "":
		return row.Name
	}
	return row.Group
}
