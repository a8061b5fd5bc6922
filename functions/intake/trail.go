package intake

import (
	"cmp"
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

// wrote is what the trail says of the mails to organizations. It hangs on those mails: "notified" in the audit trail says
// that every mail has ended, and the only one may have been the person's own receipt.
const wrote = "notified"

// trail says in words what was done with the case. Lines about the working of the system are left out; the download has all.
func (h *Handler) trail(opened personCase) []page.TrailView {
	var views []page.TrailView
	for _, line := range opened.Audit {
		code, _, _ := strings.Cut(line.Action, ":")
		if code == wrote || !slices.Contains(page.Trailed, code) {
			continue
		}
		views = append(views, page.TrailView{
			At: h.inCountry(line.At), Code: code, Organization: h.named(opened, line), NamesLang: h.Pack.Languages[0],
		})
	}
	views = append(views, h.writings(opened)...)
	views = append(views, h.reminders(opened)...)
	slices.SortStableFunc(views, func(a, b page.TrailView) int { // mails have whole seconds; within one, in the order of a case's life
		return cmp.Or(cmp.Compare(a.At.Unix(), b.At.Unix()), cmp.Compare(slices.Index(page.Trailed, a.Code), slices.Index(page.Trailed, b.Code)))
	})
	return views
}

// writings are the days on which organizations were written to.
func (h *Handler) writings(opened personCase) []page.TrailView {
	var views []page.TrailView
	mails := opened.Ledger.Referrals()
	slices.SortFunc(mails, func(a, b store.Mail) int { return a.At.Compare(b.At) })
	for _, mail := range mails {
		at := h.inCountry(mail.At)
		said := slices.ContainsFunc(views, func(v page.TrailView) bool { return v.At.Format(time.DateOnly) == at.Format(time.DateOnly) })
		if mail.State == store.MailSent && !said {
			views = append(views, page.TrailView{At: at, Code: wrote})
		}
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
