package intake

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/web"
)

// ask shows the page that asks for reference and secret. A link may name the reference, never the secret.
func (h *Handler) ask(_ context.Context, r request) response {
	r = r.asPage()
	reference := cut(r.Query.Get("reference"))
	view := page.StatusView{Shell: h.shell(r), Reference: reference}
	query := url.Values{}
	if reference != "" {
		query.Set("reference", reference)
	}
	view.Shell.InLanguages(h.BaseURL, page.StatusPath, query)
	return h.statusPage(r, http.StatusOK, note{outcome: "asked"}, view)
}

// act answers the forms of the status page: show, correct, export, erase, or what else people do about their case (wish.go). The secret is in each post, so there is no session
// that another site could ride on; posts from other sites are refused all the same.
func (h *Handler) act(ctx context.Context, r request) response {
	r = r.asPage()
	switch {
	case r.CrossSite(h.BaseURL):
		return h.refuse(r, http.StatusForbidden, "cross_site")
	case r.media() != web.Form:
		return h.refuse(r, http.StatusUnsupportedMediaType, "unsupported_media_type")
	case len(r.Body) > maxBody:
		return h.refuse(r, http.StatusRequestEntityTooLarge, "too_large", "max", maxBody)
	}
	form, _ := url.ParseQuery(string(r.Body)) // what can't be read is left out, and then missing
	if asked := form.Get("language"); asked != "" {
		r = r.in(h.language(asked, r))
	}
	reference := cut(form.Get("reference"))
	if reference == "" || form.Get("secret") == "" {
		view := page.StatusView{Problem: "required", Reference: reference}
		return h.statusPage(r, http.StatusUnprocessableEntity, note{outcome: "refused: required"}, view)
	}
	found, secret, err := h.find(ctx, reference, form.Get("secret"))
	if err != nil {
		return h.statusProblem(r, reference, err)
	}
	asked := wish{found, secret, form, h.Now().UTC()}
	switch action := form.Get("action"); {
	case action == "erase" && form.Get("confirm") == "yes":
		return h.eraseForPerson(ctx, r, found)
	case action == "erase":
		return h.problem(ctx, r, asked, http.StatusUnprocessableEntity, "erase")
	case action == "correct":
		return h.correctForPerson(ctx, r, found, secret)
	case action == "export":
		return h.exportForPerson(ctx, r, found, secret)
	case action == "withdraw":
		return h.withdraw(ctx, r, asked)
	case action == "reply":
		return h.reply(ctx, r, asked)
	case action == "rate":
		return h.rate(ctx, r, asked)
	}
	return h.showPerson(ctx, r, found, secret, func(*page.StatusView) {})
}

// showPerson shows the case, with what change puts on it.
func (h *Handler) showPerson(ctx context.Context, r request, found store.Application, secret string, change func(*page.StatusView)) response {
	opened, err := h.open(ctx, found, secret)
	switch {
	case errors.Is(err, errErased):
		return h.erasedPage(r, http.StatusGone, found, note{outcome: "refused: erased", reference: found.Reference})
	case err != nil:
		return h.failed(r, found.Reference, err)
	}
	referrals, err := h.referralViews(opened)
	if err != nil { // codes of a later release: the rest of the page is still true
		h.Log.WarnContext(ctx, "referrals are not shown", "reference", found.Reference, "error", err.Error())
	}
	view := page.StatusView{
		Reference: found.Reference, Secret: secret, State: string(found.State), Submitted: h.inCountry(found.SubmittedAt),
		Referrals: referrals, ToAdd: toAdd(opened), Needs: h.needViews(r.lang, opened, found.Ledger.Mails),
		Unwritten: found.State == store.Notified && len(found.Ledger.Referrals()) == 0, Trail: h.trail(opened),
	}
	view.WaitsFor = waitsFor(referrals)
	if found.State == store.Notified {
		view.Stands = standsAt(referrals)
		view.NoPlace = view.Stands != "" && len(opened.result.Waiting) > 0
	}
	if found.Withdrawn != nil {
		view.Withdrawn = h.inCountry(found.Withdrawn.At)
	}
	change(&view)
	return h.statusPage(r, http.StatusOK, note{outcome: "shown", reference: found.Reference}, view)
}

func (h *Handler) exportForPerson(ctx context.Context, r request, found store.Application, secret string) response {
	opened, err := h.open(ctx, found, secret)
	switch {
	case errors.Is(err, errErased):
		return h.erasedPage(r, http.StatusGone, found, note{outcome: "refused: erased", reference: found.Reference})
	case err != nil:
		return h.failed(r, found.Reference, err)
	}
	return h.download(r, opened)
}

func (h *Handler) eraseForPerson(ctx context.Context, r request, found store.Application) response {
	n, err := h.eraseCase(ctx, r, found)
	if err != nil {
		return h.failed(r, found.Reference, err)
	}
	return h.erasedPage(r, http.StatusOK, found, n)
}

// statusProblem asks again and says that reference or secret are wrong: not which.
func (h *Handler) statusProblem(r request, reference string, err error) response {
	if errors.Is(err, errNoCase) {
		view := page.StatusView{Problem: "no_case", Reference: reference}
		return h.statusPage(r, http.StatusNotFound, note{outcome: "refused: not_found"}, view)
	}
	return h.failed(r, "", err)
}

// cut bounds what is given back in a page: no reference is longer.
func cut(typed string) string {
	const most = 60
	if runes := []rune(strings.ToValidUTF8(typed, "")); len(runes) > most {
		return string(runes[:most])
	}
	return strings.ToValidUTF8(typed, "")
}
