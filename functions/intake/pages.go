package intake

import (
	"io"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/store"
)

// asPage makes whatever goes wrong be said in a page: these paths are for people.
func (r request) asPage() request {
	headers := map[string]string{}
	for name, value := range r.Headers {
		headers[name] = value
	}
	headers["accept"] = "text/html"
	r.Headers = headers
	return r
}

func sayIn(r request) *locale.Printer { return locale.For(r.lang) }

func (h *Handler) statusPage(r request, status int, n note, view page.StatusView) response {
	if view.Shell.Lang == "" {
		view.Shell = h.shell(r)
	}
	return h.html(r, status, n, func(w io.Writer) error { return page.Status(w, view) })
}

func (h *Handler) erasedPage(r request, status int, found store.Application, n note) response {
	view := page.StatusView{Reference: found.Reference, State: string(store.Erased), Submitted: found.SubmittedAt}
	return h.statusPage(r, status, n, view)
}

// needViews sets out what was found for each need, in the person's order.
func (h *Handler) needViews(lang string, opened personCase, mails []store.Mail) []page.NeedView {
	written := writtenTo(mails)
	var views []page.NeedView
	for _, need := range opened.Needs {
		view := page.NeedView{Need: need}
		for _, found := range opened.result.Result.Matches {
			if found.Need == need {
				view.Matches = append(view.Matches, h.matchView(lang, opened, found, written))
			}
		}
		for _, miss := range opened.result.Result.Misses {
			if miss.Need == need {
				named := h.matchOf(opened.factsOf(0), match.Match{Service: miss.Service}, locale.For(locale.Default))
				view.RuledOut = append(view.RuledOut, page.RuledOutView{
					NamesLang: h.Pack.Languages[0], Service: named.Service, Organization: named.Organization,
					Reasons: h.reasons(lang, miss.Reasons),
				})
			}
		}
		views = append(views, view)
	}
	return views
}

func (h *Handler) matchView(lang string, opened personCase, found match.Match, written map[string]bool) page.MatchView {
	facts := opened.factsOf(opened.result.RoundOf(found))
	named := h.matchOf(facts, found, locale.For(locale.Default)) // the page says the reasons itself
	view := page.MatchView{
		NamesLang: h.Pack.Languages[0], Service: named.Service, Organization: named.Organization, URL: named.URL,
		For: named.For, Eligible: found.Verdict == eligibility.True, Missing: found.Missing, Reasons: h.reasons(lang, opened.result.Reasons(found)),
		Waiting: opened.result.IsWaiting(found.Service), Event: h.eventOf(opened, facts, found.Service, lang),
	}
	for _, reason := range found.Reasons {
		view.Unchecked = view.Unchecked || reason.Code == eligibility.ReasonUnchecked
		view.Stale = view.Stale || reason.Code == eligibility.ReasonLastCheckedLongAgo
	}
	if service, ok := facts.Service(found.Service); ok && service.Immerse != nil {
		id := store.ReferralID(service.Immerse.Authority, opened.result.RoundOf(found))
		view.Notified = written[id] && !view.Waiting
		if life, err := opened.Ledger.Life(opened.Ledger.Mail(id)); err == nil && life.State().Final() && !view.Waiting {
			view.Ended = string(life.State())
		}
	}
	return view
}

func (h *Handler) reasons(lang string, given []eligibility.Reason) []page.Reason {
	var views []page.Reason
	for _, reason := range given {
		views = append(views, page.Reason{Code: reason.Code, Params: h.Pack.NameAreas(reason.Params, lang)})
	}
	return views
}

// writtenTo gives the mails that were sent, by their ids.
func writtenTo(mails []store.Mail) map[string]bool {
	written := map[string]bool{}
	for _, mail := range mails {
		written[mail.ID] = mail.State == store.MailSent
	}
	return written
}
