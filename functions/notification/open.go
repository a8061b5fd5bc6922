package notification

import (
	"context"
	"errors"
	"fmt"

	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
)

var (
	// errErased is for an application about which nothing can or may be said any more.
	errErased = errors.New("the application is erased")
	// errUnreadable is for an application that nothing opens: trying again changes nothing.
	errUnreadable = errors.New("the application can't be opened")
	// errNotMatched is for a message that is ahead of what it announces.
	errNotMatched = errors.New("the application has no result yet")
)

// open reads and opens what the mails are written from. The error wraps errErased if the application or the person's
// keys are gone.
func (h *Handler) open(ctx context.Context, found store.Application) (hearing, error) {
	heard, err := h.openResult(ctx, found)
	if err != nil {
		return hearing{}, err
	}
	if err := heard.sealer.OpenJSON(vault.Contact, found.Contact, &heard.contact); err != nil {
		return hearing{}, err
	}
	return heard, nil
}

// openResult opens what authorities are told from, and leaves the contact sealed.
func (h *Handler) openResult(ctx context.Context, found store.Application) (hearing, error) {
	switch {
	case found.State == store.Erased:
		return hearing{}, errErased
	case found.State == store.Received, len(found.Result) == 0:
		return hearing{}, errNotMatched
	}
	keys, err := h.Applications.Keys(ctx, found.KeysID)
	if errors.Is(err, store.ErrNotFound) {
		return hearing{}, errErased
	}
	if err != nil {
		return hearing{}, fmt.Errorf("reading the keys of %s: %w", found.Reference, err)
	}
	person, err := h.Ring.Person(found.Reference, keys)
	if err != nil {
		return hearing{}, fmt.Errorf("%w: using the keys of %s: %w", errUnreadable, found.Reference, err)
	}
	heard := hearing{
		reference: found.Reference, needs: found.Needs, submitted: found.SubmittedAt, round: found.Round, sealer: person,
		matched: found.MatchedAt, ledger: found.Ledger, withdrawn: found.Withdrawn != nil,
	}
	if heard.assessment, err = assessment.Open(person, found.Result); err != nil {
		return hearing{}, fmt.Errorf("%w: %w", errUnreadable, err)
	}
	return heard, nil
}
