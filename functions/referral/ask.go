package referral

import (
	"context"
	"net/http"
	"slices"

	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
	"github.com/miict/immerse/shared/web"
)

// inWords is the question that an authority puts in its own words.
var inWords = page.Questions[len(page.Questions)-1]

// ask takes a question to the person: a code, and words that only the person can read.
func (h *Handler) ask(ctx context.Context, r request, c *referred, p post) response {
	code, text := p.Get("question"), web.Text(p.Get("text"))
	letters := len([]rune(text))
	again := func(problem string, params map[string]any) response {
		return h.again(r, c, p, http.StatusUnprocessableEntity, problem, params)
	}
	switch {
	case slices.ContainsFunc(c.entry.Questions, func(q store.Question) bool { return q.ID == p.act }):
		return h.done(r, c, "done before", "") // the same form, sent twice
	case c.state().Final():
		return h.late(r, c)
	case !slices.Contains(page.Questions, code):
		return again("question", nil)
	case letters > page.MostQuestionLetters, letters == 0 && code == inWords:
		return again("text", map[string]any{"max": page.MostQuestionLetters})
	case len(c.entry.Questions) >= store.MostQuestions:
		return again("many", map[string]any{"max": store.MostQuestions})
	}
	question := store.Question{ID: p.act, At: h.Now().UTC(), Code: code}
	if text != "" {
		sealed, err := c.person.Seal(vault.Dialogue, []byte(text))
		if err != nil {
			return h.failed(r, c, err)
		}
		question.Text = sealed
	}
	event, err := h.tell(ctx, r, c, "asked", p.act)
	if err != nil {
		return h.failed(r, c, err)
	}
	err = h.Referrals.Ask(ctx, c.step(question.At, "asked:"+code), question)
	return h.wrote(ctx, r, c, err, "asked:"+code, event)
}
