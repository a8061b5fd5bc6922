package intake

import (
	"context"
	"crypto/subtle"
	"errors"

	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
)

var (
	// errNoCase is for a reference that does not exist and for a secret that is not its secret: which of the two, nobody
	// is told.
	errNoCase = errors.New("no application of this reference and secret")
	// errErased is for an application whose data can't be read any more.
	errErased = errors.New("the application is erased")
)

// find gives the application that reference and secret, as typed, belong to. Whether the reference exists makes no
// difference to the answer or to what is done for it: one read, one derivation, one comparison.
func (h *Handler) find(ctx context.Context, typedReference, typedSecret string) (store.Application, string, error) {
	reference, ok := vault.NormalizeReference(h.Pack.Code, typedReference)
	secret, readable := vault.NormalizeSecret(typedSecret)
	if !ok || !readable {
		return store.Application{}, "", errNoCase
	}
	found, err := h.Applications.Application(ctx, reference)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return store.Application{}, "", err
	}
	check, err := vault.SecretCheck(reference, secret)
	if err != nil {
		return store.Application{}, "", err
	}
	stored := make([]byte, len(check)) // of an application that does not exist
	copy(stored, found.SecretCheck)
	if subtle.ConstantTimeCompare(check, stored) != 1 || found.Reference == "" {
		return store.Application{}, "", errNoCase
	}
	return found, secret, nil
}

// A personCase is an application opened with the person's secret.
type personCase struct {
	store.Application
	profile eligibility.Profile
	contact application.ContactPart
	result  assessment.Assessment // empty until matched
	person  *vault.Person
	facts   map[string]published.Facts // of the catalogues that the result was made with, by digest
	now     published.Facts            // of the current one; nil if it can't be had
}

// factsOf are those of the catalogue that a round's matches were made with.
func (c personCase) factsOf(round int) published.Facts {
	return c.facts[c.result.MadeWith(round).Snapshot]
}

// open opens everything with the secret. The error is errErased if there is nothing to be opened any more, which an
// erasure that stopped half-way has achieved too: it deletes the keys first.
func (h *Handler) open(ctx context.Context, found store.Application, secret string) (personCase, error) {
	opened := personCase{Application: found}
	if found.State == store.Erased {
		return opened, errErased
	}
	keys, err := h.Records.Keys(ctx, found.KeysID)
	if errors.Is(err, store.ErrNotFound) {
		return opened, errErased
	}
	if err != nil {
		return opened, err
	}
	person, err := vault.PersonBySecret(h.Pack.Code, found.Reference, keys, secret)
	if err != nil {
		return opened, err
	}
	opened.person = person
	if err := person.OpenJSON(vault.Profile, found.Profile, &opened.profile); err != nil {
		return opened, err
	}
	if err := person.OpenJSON(vault.Contact, found.Contact, &opened.contact); err != nil {
		return opened, err
	}
	if len(found.Result) == 0 {
		return opened, nil
	}
	if opened.result, err = assessment.Open(person, found.Result); err != nil {
		return opened, err
	}
	opened.facts = map[string]published.Facts{}
	if current, err := h.Catalogue.Current(ctx); err == nil {
		opened.now = current
	}
	for _, digest := range opened.result.Snapshots() {
		facts, err := h.Catalogue.Facts(ctx, digest)
		if err != nil { // a page with some ids in the place of names is better than none
			h.Log.WarnContext(ctx, "services are named from the pack", "reference", found.Reference, "error", err.Error())
			facts = published.OfPack(h.Pack)
		}
		opened.facts[digest] = facts
	}
	return opened, nil
}

// lookUp is find and open, for those who only read.
func (h *Handler) lookUp(ctx context.Context, reference, secret string) (personCase, error) {
	found, plain, err := h.find(ctx, reference, secret)
	if err != nil {
		return personCase{}, err
	}
	return h.open(ctx, found, plain)
}
