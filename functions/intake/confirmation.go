package intake

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/vault"
	"github.com/miict/immerse/shared/web"
)

// secretCookie carries the secret from a browser's form post to the page that shows it: never in a URL, which ends up
// in histories and logs. It is sent to that one page only and lives for a quarter of an hour.
const (
	secretCookie  = "immerse_secret"
	cookieSeconds = 15 * 60
)

// acceptedJSON is what a program gets (design §6).
type acceptedJSON struct {
	Reference string `json:"reference"`
	Secret    string `json:"secret"`
	StatusURL string `json:"status_url"`
	// Picture is the codes' QR code, for a page's script, which may show the codes where there is no connection.
	Picture *page.Picture `json:"picture,omitempty"`
}

// accepted answers that an application was taken: data to a program, the way to a page to a browser.
func (h *Handler) accepted(r request, a application.Application, taken receipt) response {
	n := note{outcome: "accepted", reference: taken.reference, event: taken.event, metric: taken.metric()}
	path := page.SubmitPath + "/" + taken.reference
	if r.media() == web.Form && !r.prefersJSON() {
		return h.showNext(path+"/confirmation", r.lang, taken.secret, n)
	}
	// The form's own language, whatever the request's headers say: the same application always gets the same answer.
	lang := locale.Negotiate(a.Language, "", locale.Default)
	query := url.Values{"reference": {taken.reference}, "lang": {lang}}
	body := acceptedJSON{Reference: taken.reference, Secret: taken.secret, StatusURL: h.BaseURL + page.StatusPath + "?" + query.Encode()}
	script := r.media() == web.Form // of a page, which sends the browser on to the page with the secret itself
	if script {
		picture := page.CodePicture(lang, taken.reference, taken.secret)
		body.Picture = &picture
	}
	answer := data(http.StatusCreated, body, n)
	answer.headers["Location"] = path
	if script {
		answer.cookie = h.secretCookie(path+"/confirmation", taken.secret)
	}
	return answer
}

// secretCookie holds the secret for the page at path alone.
func (h *Handler) secretCookie(path, secret string) string {
	secure := strings.HasPrefix(h.BaseURL, "https:") // on a laptop there is no TLS, and some browsers then drop the cookie
	//nolint:gosec // Secure wherever there is TLS
	cookie := http.Cookie{
		Name: secretCookie, Value: secret, Path: path, MaxAge: cookieSeconds,
		HttpOnly: true, Secure: secure, SameSite: http.SameSiteStrictMode,
	}
	return cookie.String()
}

func (h *Handler) showNext(path, lang, secret string, n note) response {
	location := path + "?" + url.Values{"lang": {lang}}.Encode()
	return response{
		status: http.StatusSeeOther, headers: map[string]string{"Location": location}, cookie: h.secretCookie(path, secret), note: n,
	}
}

// confirmation shows reference and secret to the browser that has just sent the form. To any other it says that the
// secret can't be shown again, and nothing about whether there is such an application.
func (h *Handler) confirmation(ctx context.Context, r request) response {
	r = r.asPage()
	secret, _ := vault.NormalizeSecret(r.cookie(secretCookie))
	opened, err := h.lookUp(ctx, r.reference, secret)
	switch {
	case errors.Is(err, errNoCase):
		view := page.ProblemView{Shell: h.shell(r), Code: "secret_gone"}
		return h.html(r, http.StatusOK, note{outcome: "secret not shown"}, func(w io.Writer) error { return page.Problem(w, view) })
	case err != nil:
		return *h.notShown(r, opened.Reference, err)
	}
	r = h.theirLanguage(r, opened)
	view := page.ConfirmationView{
		Shell: h.shell(r), Kind: opened.profile.Kind, Reference: opened.Reference, Secret: secret, Mailed: opened.contact.Contact.Email != "",
		Address: h.BaseURL + page.StatusPath, Event: h.registeredFor(ctx, r, opened.profile.Event),
	}
	n := note{outcome: "confirmed", reference: opened.Reference}
	return h.html(r, http.StatusOK, n, func(w io.Writer) error { return page.Confirmation(w, view) })
}
