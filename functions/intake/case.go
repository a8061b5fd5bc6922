package intake

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/store"
)

// caseJSON is how a program sees a case.
type caseJSON struct {
	Reference   string      `json:"reference"`
	State       store.State `json:"state"`
	Needs       []string    `json:"needs"`
	SubmittedAt time.Time   `json:"submitted_at"`
	MatchedAt   time.Time   `json:"matched_at,omitzero"`
	NotifiedAt  time.Time   `json:"notified_at,omitzero"`
	Language    string      `json:"language"` // of the messages
	Matches     []matchJSON `json:"matches"`
	Misses      []matchJSON `json:"misses"`
}

// matchJSON is one service: one that was found, or with verdict "no" one of the nearest misses.
type matchJSON struct {
	Need           string       `json:"need"`
	ServiceID      string       `json:"service_id"`
	Service        string       `json:"service"`
	OrganizationID string       `json:"organization_id,omitempty"`
	Organization   string       `json:"organization,omitempty"`
	URL            string       `json:"url,omitempty"`
	Verdict        string       `json:"verdict"`
	For            string       `json:"eligibility_description,omitempty"` // when nothing of it can be checked
	Reasons        []reasonJSON `json:"reasons"`
	Missing        []string     `json:"missing,omitempty"`
	Waiting        bool         `json:"waiting,omitempty"` // there was no place: the organization was not written to

	Event *page.MatchEvent `json:"event,omitempty"` // of what takes place at a certain time
}

type reasonJSON struct {
	Code    string             `json:"code"`
	Params  eligibility.Params `json:"params,omitempty"`
	Message string             `json:"message"`
}

// show answers a program that asks how a case stands.
func (h *Handler) show(ctx context.Context, r request) response {
	opened, refusal := h.authorized(ctx, r)
	if refusal != nil {
		return *refusal
	}
	r = h.theirLanguage(r, opened)
	answer := data(http.StatusOK, h.caseOf(opened, locale.For(r.lang)), note{outcome: "shown", reference: opened.Reference})
	answer.headers["Content-Language"] = r.lang
	return answer
}

// authorized opens the case of the path with the secret of the Authorization header, or says why not.
func (h *Handler) authorized(ctx context.Context, r request) (personCase, *response) {
	secret, ok := r.bearer()
	if !ok {
		return personCase{}, h.unauthorized(r)
	}
	opened, err := h.lookUp(ctx, r.reference, secret)
	if err != nil {
		return personCase{}, h.notShown(r, opened.Reference, err)
	}
	return opened, nil
}

func (h *Handler) unauthorized(r request) *response {
	answer := h.refuse(r, http.StatusUnauthorized, "unauthorized")
	answer.headers["WWW-Authenticate"] = "Bearer"
	return &answer
}

// notShown answers why a case can't be shown: 404 whether reference or secret are wrong, 410 if it is erased and the
// secret right.
func (h *Handler) notShown(r request, reference string, err error) *response {
	var answer response
	switch {
	case errors.Is(err, errNoCase):
		answer = h.refuse(r, http.StatusNotFound, "not_found")
	case errors.Is(err, errErased):
		answer = h.refuse(r, http.StatusGone, "erased")
		answer.note.reference = reference
	default:
		answer = h.failed(r, reference, err)
	}
	return &answer
}

// theirLanguage answers in the language of the form, unless the request asks for one.
func (h *Handler) theirLanguage(r request, opened personCase) request {
	return r.in(locale.Negotiate(r.Query.Get("lang"), r.Headers["accept-language"], h.language(opened.contact.Language, r)))
}

func (h *Handler) caseOf(opened personCase, say *locale.Printer) caseJSON {
	shown := caseJSON{
		Reference: opened.Reference, State: opened.State, Needs: opened.Needs, SubmittedAt: opened.SubmittedAt,
		MatchedAt: opened.MatchedAt, NotifiedAt: opened.NotifiedAt, Language: say.Lang(),
		Matches: []matchJSON{}, Misses: []matchJSON{},
	}
	for _, found := range opened.result.Result.Matches {
		found.Reasons = opened.result.Reasons(found)
		facts := opened.factsOf(opened.result.RoundOf(found))
		named := h.matchOf(facts, found, say)
		named.Event = h.eventOf(opened, facts, found.Service, say.Lang())
		named.Waiting = opened.result.IsWaiting(found.Service)
		shown.Matches = append(shown.Matches, named)
	}
	for _, miss := range opened.result.Result.Misses {
		ruledOut := match.Match{Service: miss.Service, Need: miss.Need, Verdict: eligibility.False, Reasons: miss.Reasons}
		shown.Misses = append(shown.Misses, h.matchOf(opened.factsOf(0), ruledOut, say))
	}
	return shown
}

// matchOf puts names to a match. A service that nobody knows any more keeps its id for a name.
func (h *Handler) matchOf(facts published.Facts, found match.Match, say *locale.Printer) matchJSON {
	shown := matchJSON{
		Need: found.Need, ServiceID: found.Service, Service: found.Service, Verdict: found.Verdict.String(),
		Missing: found.Missing, Reasons: []reasonJSON{},
	}
	if service, ok := facts.Service(found.Service); ok {
		shown.Service, shown.URL, shown.OrganizationID = service.Name, service.URL, service.OrganizationID
		shown.For = service.Described()
	}
	if organization, ok := facts.Organization(shown.OrganizationID); ok {
		shown.Organization = organization.Name
		if shown.URL == "" {
			shown.URL = organization.Website
		}
	}
	for _, reason := range found.Reasons {
		if reason.Code == eligibility.ReasonOpenToAll && shown.For != "" {
			continue
		}
		shown.Reasons = append(shown.Reasons, reasonJSON{reason.Code, reason.Params, say.Reason(reason.Code, h.Pack.NameAreas(reason.Params, say.Lang()))})
	}
	return shown
}
