package intake

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/store"
)

// everything is all that we hold about a person, for them to take away (GDPR, articles 15 and 20).
type everything struct {
	Reference   string                  `json:"reference"`
	Country     string                  `json:"country"`
	State       store.State             `json:"state"`
	SubmittedAt time.Time               `json:"submitted_at"`
	MatchedAt   time.Time               `json:"matched_at,omitzero"`
	NotifiedAt  time.Time               `json:"notified_at,omitzero"`
	KeptUntil   time.Time               `json:"kept_until"`
	Application application.Application `json:"application"`
	Result      *assessment.Assessment  `json:"result,omitempty"` // as matching made it, once it has
	Matches     []matchJSON             `json:"matches"`          // the same with names
	Misses      []matchJSON             `json:"misses"`
	Mails       []store.Mail            `json:"mails"`
	Dialogue    []said                  `json:"dialogue"` // what organizations asked, and what was answered
	Audit       []store.Audit           `json:"audit"`    // with what was written to organizations after the first mail
}

// said is a question of an organization, with its answer.
type said struct {
	OrganizationID string    `json:"organization_id"`
	AskedAt        time.Time `json:"asked_at"`
	Code           string    `json:"code"`
	Question       string    `json:"question,omitempty"` // in its own words
	AnsweredAt     time.Time `json:"answered_at,omitzero"`
	Answer         string    `json:"answer,omitempty"`
}

func (h *Handler) dialogue(opened personCase) []said {
	all := []said{}
	for _, mail := range opened.Ledger.Referrals() {
		id, _, _ := mail.Authority()
		for _, q := range h.questionViews(opened, mail) {
			all = append(all, said{id, q.At, q.Code, q.Text, q.Replied, q.Reply})
		}
	}
	return all
}

// export answers a program with everything.
func (h *Handler) export(ctx context.Context, r request) response {
	opened, refusal := h.authorized(ctx, r)
	if refusal != nil {
		return *refusal
	}
	return h.download(h.theirLanguage(r, opened), opened)
}

func (h *Handler) download(r request, opened personCase) response {
	shown := h.caseOf(opened, sayIn(r))
	held := everything{
		Reference: opened.Reference, Country: opened.Country, State: opened.State, SubmittedAt: opened.SubmittedAt,
		MatchedAt: opened.MatchedAt, NotifiedAt: opened.NotifiedAt, KeptUntil: opened.Expires,
		Application: application.Join(opened.profile, opened.contact, opened.ConsentVersion),
		Matches:     shown.Matches, Misses: shown.Misses, Mails: append([]store.Mail{}, opened.Ledger.Mails...), Audit: audited(opened), Dialogue: h.dialogue(opened),
	}
	if len(opened.Result) > 0 {
		held.Result = &opened.result
	}
	answer := data(http.StatusOK, held, note{outcome: "exported", reference: opened.Reference})
	answer.headers["Content-Disposition"] = fmt.Sprintf("attachment; filename=%q", "immerse-"+opened.Reference+".json")
	return answer
}
