package page_test

import (
	"net/url"

	"golang.org/x/net/html"
)

// sent is what a browser sends when the form of a page is submitted as it stands.
func sent(root *html.Node) url.Values {
	values := url.Values{}
	each(root, func(e *html.Node) {
		name := attr(e, "name")
		switch {
		case name == "" || e.Data == "meta":
		case e.Data == "input":
			_, checked := lookup(e, "checked")
			if kind := attr(e, "type"); checked || kind != "checkbox" && kind != "radio" {
				values.Add(name, attr(e, "value"))
			}
		case e.Data == "textarea":
			text := ""
			if e.FirstChild != nil {
				text = e.FirstChild.Data
			}
			values.Add(name, text)
		case e.Data == "select":
			values.Add(name, chosen(e))
		}
	})
	return values
}

func chosen(list *html.Node) string {
	value := ""
	each(list, func(e *html.Node) {
		if _, selected := lookup(e, "selected"); selected {
			value = attr(e, "value")
		}
	})
	return value
}
