package intake

import (
	"slices"
	"strings"
	"time"

	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/store"
)

// looks are the times at which an organization looked at how to reach the person.
func (h *Handler) looks(opened personCase, organization string) []time.Time {
	var seen []time.Time
	for _, line := range opened.Audit {
		if line.Action == "contact_shown:"+organization {
			seen = append(seen, h.inCountry(line.At))
		}
	}
	return seen
}

// trail says in words what was done with the case. Lines about the working of the system are left out; the download has all.
func (h *Handler) trail(opened personCase) []page.TrailView {
	var views []page.TrailView
	for _, line := range opened.Audit {
		code, _, _ := strings.Cut(line.Action, ":")
		if !slices.Contains(page.Trailed, code) {
			continue
		}
		views = append(views, page.TrailView{
			At: h.inCountry(line.At), Code: code, Organization: h.named(opened, line), NamesLang: h.Pack.Languages[0],
		})
	}
	return views
}

// named is the organization that a line names, as its last word, by its name; empty if it names none.
func (h *Handler) named(opened personCase, line store.Audit) string {
	id := line.Action[strings.LastIndexByte(line.Action, ':')+1:]
	for _, facts := range opened.facts {
		if organization, ok := facts.Organization(id); ok {
			return organization.Name
		}
	}
	return ""
}
