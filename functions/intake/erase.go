package intake

import (
	"context"
	"net/http"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/telemetry"
)

// erase answers a program that wants a case erased. Asking again is answered in the same way, so that whoever lost the
// first answer on a bad connection can ask again, and an erasure that stopped half-way is finished.
func (h *Handler) erase(ctx context.Context, r request) response {
	secret, ok := r.bearer()
	if !ok {
		return *h.unauthorized(r)
	}
	found, _, err := h.find(ctx, r.reference, secret)
	if err != nil {
		return *h.notShown(r, found.Reference, err)
	}
	n, err := h.eraseCase(ctx, r, found)
	if err != nil {
		return h.failed(r, found.Reference, err)
	}
	return response{status: http.StatusNoContent, note: n}
}

// eraseCase takes the case back and erases it. That organizations are told is a courtesy: what hinders it does not hinder
// the erasure.
func (h *Handler) eraseCase(ctx context.Context, r request, found store.Application) (note, error) {
	asked := wish{found: found, now: h.Now().UTC()}
	if found.State != store.Erased {
		if err := h.tell(ctx, r, asked, &events.ApplicationWithdrawnV1{Country: h.Pack.Code}); err != nil {
			h.Log.ErrorContext(ctx, "organizations are not told of an erasure", "reference", found.Reference, "error", err.Error())
		}
	}
	if err := h.Applications.Erase(ctx, found, "person", asked.now); err != nil {
		return note{}, err
	}
	if found.State == store.Erased {
		return note{outcome: "erased already", reference: found.Reference}, nil
	}
	return note{outcome: "erased", reference: found.Reference, metric: telemetry.Erased}, nil
}
