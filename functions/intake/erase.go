package intake

import (
	"context"
	"net/http"

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
	n, err := h.eraseCase(ctx, found)
	if err != nil {
		return h.failed(r, found.Reference, err)
	}
	return response{status: http.StatusNoContent, note: n}
}

func (h *Handler) eraseCase(ctx context.Context, found store.Application) (note, error) {
	if err := h.Applications.Erase(ctx, found, "person", h.Now().UTC()); err != nil {
		return note{}, err
	}
	if found.State == store.Erased {
		return note{outcome: "erased already", reference: found.Reference}, nil
	}
	return note{outcome: "erased", reference: found.Reference, metric: telemetry.Erased}, nil
}
