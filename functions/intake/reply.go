package intake

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
	"github.com/miict/immerse/shared/web"
)

// sent is what was written, as far as it is given back in a page.
func (w wish) sent() string {
	return web.FirstLetters(web.Text(w.form.Get("text")), 2*page.MostReplyLetters)
}

// reply takes the answer to a question of an organization, once. It is sealed with the person's own key: this function can't
// open it again without their secret.
func (h *Handler) reply(ctx context.Context, r request, w wish) response {
	mail, text := w.mail(), web.Text(w.form.Get("text"))
	answer, err := mail.Decided()
	if err != nil {
		return h.failed(r, w.found.Reference, err)
	}
	at := slices.IndexFunc(mail.Questions, func(q store.Question) bool { return q.ID == w.form.Get("question") })
	letters := len([]rune(text))
	switch {
	case at < 0, answer.State().Final(), w.found.State == store.Erased:
		return h.problem(ctx, r, w, http.StatusConflict, "late")
	case mail.Questions[at].Reply != nil:
		return h.granted(ctx, r, w, "", store.ErrExists)
	case letters == 0, letters > page.MostReplyLetters:
		return h.problem(ctx, r, w, http.StatusUnprocessableEntity, "reply")
	}
	opened, err := h.open(ctx, w.found, w.secret)
	switch {
	case errors.Is(err, errErased):
		return h.problem(ctx, r, w, http.StatusConflict, "late")
	case err != nil:
		return h.failed(r, w.found.Reference, err)
	}
	sealed, err := opened.person.Seal(vault.Dialogue, []byte(text))
	if err != nil {
		return h.failed(r, w.found.Reference, err)
	}
	question := mail.Questions[at].ID
	authority, round, _ := mail.Authority()
	if err := h.tell(ctx, r, w, &events.ReferralDecidedV1{
		Country: h.Pack.Code, Authority: authority, Round: round, Step: events.StepAnswered, Act: question,
	}); err != nil {
		return h.failed(r, w.found.Reference, err)
	}
	err = h.Wishes.Reply(ctx, w.found, store.Reply{Question: question, Mail: mail.ID, At: w.now, Text: sealed})
	return h.granted(ctx, r, w, "replied", err)
}
