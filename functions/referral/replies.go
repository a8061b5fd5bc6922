package referral

import (
	"context"
	"errors"
	"slices"

	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
)

// replies shows what the person answered to the questions, after the look is on the trail that they can read, as with a contact: in
// an answer can stand what is in none of the other parts, and scanners open links.
func (h *Handler) replies(ctx context.Context, r request, c *referred) response {
	if c.state().Final() || !slices.ContainsFunc(c.entry.Questions, func(q store.Question) bool { return q.Reply != nil }) {
		return h.late(r, c)
	}
	err := h.Referrals.Read(ctx, c.step(h.Now().UTC(), "replies_shown"))
	if errors.Is(err, store.ErrState) {
		return h.wrote(ctx, r, c, err, "", "")
	}
	if err != nil {
		return h.failed(r, c, err)
	}
	words := map[string]string{}
	for _, question := range c.entry.Questions {
		if question.Reply == nil {
			continue
		}
		text, err := c.person.Open(vault.Dialogue, question.Reply.Text)
		if err != nil {
			return h.failed(r, c, err)
		}
		words[question.ID] = string(text)
	}
	return h.page(r, c, 200, "replies shown", func(v *page.AuthorityView) {
		for i, question := range c.entry.Questions {
			v.Asked[i].Reply = words[question.ID]
		}
		v.Replies = page.RepliesShown
	})
}

// asked are the questions that were put to the person: which, and when they were answered.
func (h *Handler) asked(c *referred) (all []page.Asked, replies string) {
	for _, question := range c.entry.Questions {
		shown := page.Asked{At: h.local(question.At), Code: question.Code}
		if question.Reply != nil {
			shown.Replied, replies = h.local(question.Reply.At), page.RepliesThere
		}
		all = append(all, shown)
	}
	return all, replies
}
