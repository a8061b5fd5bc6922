package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/page"
	"github.com/miict/immerse/shared/store"
)

// correctForPerson shows the form with the answers of a case, to be sent as a new one: what organizations were told stays
// true of the old case until the person erases it (decision 1803).
func (h *Handler) correctForPerson(ctx context.Context, r request, found store.Application, secret string) response {
	opened, err := h.open(ctx, found, secret)
	switch {
	case errors.Is(err, errErased):
		return h.erasedPage(r, http.StatusGone, found, note{outcome: "refused: erased", reference: found.Reference})
	case err != nil:
		return h.failed(r, found.Reference, err)
	}
	answers, err := formAnswers(application.Join(opened.profile, opened.contact, opened.ConsentVersion))
	if err != nil {
		return h.failed(r, found.Reference, err)
	}
	answers.Set(application.FieldIdempotencyKey, h.NewID())
	view := page.FormView{
		Shell: h.shell(r), Fields: h.fields(), Answers: answers, Regions: page.Regions(h.Pack.Areas.All(), r.lang),
		Note: sayIn(r).T("correct.note", "reference", found.Reference),
	}
	view.Shell.Script = page.FormScriptURL()
	n := note{outcome: "shown to be corrected", reference: found.Reference}
	return h.html(r, http.StatusOK, n, func(w io.Writer) error { return page.Form(w, view) })
}

// formAnswers gives an application as a form post names it (design §7). Agreements are left out: a new form asks for them.
func formAnswers(a application.Application) (url.Values, error) {
	text, err := json.Marshal(a)
	if err != nil {
		return nil, fmt.Errorf("encoding an application: %w", err)
	}
	var tree map[string]any
	if err := json.Unmarshal(text, &tree); err != nil {
		return nil, fmt.Errorf("decoding an application: %w", err)
	}
	delete(tree, "consent")
	answers := url.Values{}
	flatten(answers, "", tree)
	return answers, nil
}

func flatten(into url.Values, name string, value any) {
	switch value := value.(type) {
	case map[string]any:
		for key, inner := range value {
			if name != "" {
				key = name + "." + key
			}
			flatten(into, key, inner)
		}
	case []any:
		for i, inner := range value {
			if _, object := inner.(map[string]any); object {
				flatten(into, name+"."+strconv.Itoa(i), inner)
			} else {
				flatten(into, name, inner)
			}
		}
	case string:
		into.Add(name, value)
	default:
		into.Add(name, fmt.Sprint(value)) // whole numbers below a million, and nothing else
	}
}
