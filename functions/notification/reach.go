package notification

import (
	"context"
	"slices"

	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/published"
)

// facts are those of the catalogue that a round was matched with, but for who the organizations are and where they are written to:
// that is as it is published now. Somebody may have corrected an inbox since, because it was in the wrong hands.
func (h *Handler) facts(ctx context.Context, heard hearing) (published.Facts, error) {
	then, err := h.Catalogue.Facts(ctx, heard.assessment.MadeWith(heard.round).Snapshot)
	if err != nil {
		return nil, err
	}
	now, err := h.Catalogue.Current(ctx)
	return reached{then, now}, err
}

type reached struct {
	published.Facts // of the round
	now             published.Facts
}

// Organization implements published.Facts. One that is not published any more, or gets no mail there, is as it was.
func (r reached) Organization(id string) (*hsds.Organization, bool) {
	if now, ok := r.now.Organization(id); ok && now.Immerse != nil && now.Immerse.Inbox != "" {
		return now, true
	}
	return r.Facts.Organization(id)
}

// Inboxes implements published.Facts.
func (r reached) Inboxes() []string {
	all := slices.Concat(r.Facts.Inboxes(), r.now.Inboxes())
	slices.Sort(all)
	return slices.Compact(all)
}
