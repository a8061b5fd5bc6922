package notification

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
)

// Releases gives an authority that accepted the key of the contact. *store.Store is the real one.
type Releases interface {
	// AddWrap adds a released key to a person's keys. The error wraps store.ErrNotFound if they are gone.
	AddWrap(ctx context.Context, keys vault.Keys, name string, wrapped []byte) error
	// DropWrap makes a released key unusable. Again, or without keys, changes nothing.
	DropWrap(ctx context.Context, keys vault.Keys, name string) error
	// Contact records that the contact was released or withheld. The error wraps store.ErrState if the referral has no answer,
	// or if that was recorded otherwise before.
	Contact(ctx context.Context, step store.Step, state string) error
}

// decided acts on what an authority or the person did: places are kept or given back as it was answered, and whoever it concerns
// is told. An acceptance that is on record releases the contact's key to that organization, if the person consented to sharing
// (decision 1504): until then the page behind the link has nothing that opens it.
func (h *Handler) decided(ctx context.Context, log *slog.Logger, event events.Envelope, d *events.ReferralDecidedV1) (tally, error) {
	log = log.With("authority", d.Authority, "step", d.Step)
	id := store.ReferralID(d.Authority, d.Round)
	written := func(a store.Application) bool { return isWritten(a.Ledger.Mail(id), d) }
	found, err := h.await(ctx, event, written)
	if errors.Is(err, store.ErrNotFound) {
		log.Info("nobody to release", "outcome", "gone")
		return tally{}, nil
	}
	if err != nil {
		return tally{}, err
	}
	if !written(found) {
		if h.Now().Sub(event.Time) <= orphanAge {
			return tally{}, fmt.Errorf("the answer of %s to %s: %w", d.Authority, found.Reference, errNotYet)
		}
		log.Info("an answer that was never written", "outcome", "orphan")
		return tally{}, nil
	}
	entry := found.Ledger.Mail(id)
	switch d.Step {
	case events.StepAsked:
		number := 1 + slices.IndexFunc(entry.Questions, func(q store.Question) bool { return q.ID == d.Act })
		return h.tellPerson(ctx, log, found, entry, turn{code: "asked", number: number})
	case events.StepAnswered:
		return h.answered(ctx, log, found, entry, d.Act)
	}
	if err := h.settle(ctx, found, event, d, *entry.Answer); err != nil {
		return tally{}, err
	}
	return h.follow(ctx, log, found, event, d)
}

// follow does what comes of an answer beside the places: the contact is released or taken back, and people are told. An answer
// that another followed meanwhile is told as that one.
func (h *Handler) follow(ctx context.Context, log *slog.Logger, found store.Application, event events.Envelope, d *events.ReferralDecidedV1) (tally, error) {
	entry := found.Ledger.Mail(store.ReferralID(d.Authority, d.Round))
	switch {
	case entry.Answer.State == referral.Withdrawn:
		if err := h.dropKey(ctx, found, entry); err != nil {
			return tally{}, err
		}
		return h.tellTaken(ctx, log, found, entry)
	case entry.Answer.State == referral.Accepted && entry.Contact == "":
		if err := h.release(ctx, log, found, d); err != nil {
			return tally{}, err
		}
	default:
		log.Info("nothing to release", "outcome", "decided")
	}
	happened, ok := turnOf(*entry.Answer)
	if !ok {
		return tally{}, nil
	}
	told, err := h.tellPerson(ctx, log, found, entry, happened)
	if happened.hope {
		err = errors.Join(err, h.unmet(ctx, event, d.Authority, d.Round)) // also if the person can't be told just now
	}
	return told, err
}

// isWritten tells whether a referral's entry has what was done about it.
func isWritten(entry store.Mail, d *events.ReferralDecidedV1) bool {
	at := slices.IndexFunc(entry.Questions, func(q store.Question) bool { return q.ID == d.Act })
	switch d.Step {
	case events.StepAsked:
		return at >= 0
	case events.StepAnswered:
		return at >= 0 && entry.Questions[at].Reply != nil
	}
	return entry.Answer != nil
}

// errNotYet is for a message that is ahead of what it announces.
var errNotYet = errors.New("not written yet")

// orphanAge is how old a message must be before a missing answer means that it was never written: the referral function
// sends the message and writes within one invocation, which lasts 10 seconds at the most; the rest is for clocks that differ.
const orphanAge = time.Minute

// pauses are the waits for an answer that isn't written yet: about a second in all. It nearly always is there at the first or
// second look, and somebody is waiting for the contact.
var pauses = []time.Duration{20, 40, 80, 160, 320, 400}

// await reads the application, waiting a little if the message was quicker than what it is about.
func (h *Handler) await(ctx context.Context, event events.Envelope, written func(store.Application) bool) (store.Application, error) {
	for _, pause := range pauses {
		found, err := h.Applications.Application(ctx, event.Subject)
		if err != nil || written(found) || h.Now().Sub(event.Time) > orphanAge || ctx.Err() != nil {
			return found, err
		}
		h.Pause(ctx, pause*time.Millisecond)
	}
	return h.Applications.Application(ctx, event.Subject)
}

// release adds the key first and then says so: whoever sees that it is released can use it.
func (h *Handler) release(ctx context.Context, log *slog.Logger, found store.Application, d *events.ReferralDecidedV1) error {
	state, err := h.shareKey(ctx, found, d.Authority)
	if errors.Is(err, errErased) {
		log.Info("nobody to release", "outcome", "erased")
		return nil
	}
	if err != nil {
		return err
	}
	step := store.Step{
		Reference: found.Reference, Authority: d.Authority, Round: d.Round, Found: found.Ledger,
		Audit: store.Audit{At: h.Now().UTC(), Actor: "notification", Action: "contact_" + state + ":" + d.Authority},
	}
	if err := h.Releases.Contact(ctx, step, state); err != nil && !errors.Is(err, store.ErrState) {
		return err
	}
	log.Info("contact "+state, "outcome", "contact_"+state)
	return nil
}

// shareKey gives the organization the contact's key, unless the person did not consent to that.
func (h *Handler) shareKey(ctx context.Context, found store.Application, authority string) (state string, err error) {
	if found.State == store.Erased {
		return "", errErased
	}
	keys, err := h.Applications.Keys(ctx, found.KeysID)
	if errors.Is(err, store.ErrNotFound) {
		return "", errErased
	}
	if err != nil {
		return "", fmt.Errorf("reading the keys of %s: %w", found.Reference, err)
	}
	person, err := h.Ring.Person(found.Reference, keys)
	if err != nil {
		return "", fmt.Errorf("using the keys of %s: %w", found.Reference, err)
	}
	var contact application.ContactPart
	if err := person.OpenJSON(vault.Contact, found.Contact, &contact); err != nil {
		return "", err
	}
	if !contact.Sharing {
		return store.ContactWithheld, nil
	}
	to, err := h.Receiver(ctx)
	if err != nil {
		return "", err
	}
	wrapped, err := h.Ring.Release(found.Reference, keys, vault.Contact, to, authority)
	if err != nil {
		return "", err
	}
	err = h.Releases.AddWrap(ctx, keys, vault.WrapName(vault.Contact, vault.Referral, authority), wrapped)
	if errors.Is(err, store.ErrNotFound) {
		return "", errErased
	}
	return store.ContactReleased, err
}

// Pause waits for the duration, or until the context ends.
func Pause(ctx context.Context, duration time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(duration):
	}
}
