package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/application"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/telemetry"
	"github.com/miict/immerse/shared/vault"
)

// errKeyReused is for an idempotency key that came with another application before.
var errKeyReused = errors.New("the key was used for another application")

// A receipt is what the person gets for an application.
type receipt struct {
	reference, secret string
	event             string // the message's id; empty when the application had been taken before
}

func (t receipt) metric() string {
	if t.event == "" {
		return telemetry.Replayed
	}
	return telemetry.Received
}

// accept takes an application once for its key, however often and at however many places at once it is called: message
// first, then the conditional write that everything hangs on (decision 0501). The receipt names the reference even when
// there is an error.
func (h *Handler) accept(ctx context.Context, key string, a application.Application, trace string) (receipt, error) {
	body, err := json.Marshal(a)
	if err != nil {
		return receipt{}, fmt.Errorf("writing the application canonically: %w", err)
	}
	taken := receipt{reference: vault.Reference(h.Pack.Code, key)}
	if taken.secret, err = h.before(ctx, key, body, taken.reference); !errors.Is(err, store.ErrNotFound) {
		return taken, err
	}
	taken.secret = vault.NewSecret()
	record, keys, err := h.seal(a, taken, key, body)
	if err != nil {
		return taken, fmt.Errorf("sealing application %s: %w", taken.reference, err)
	}
	event, err := h.submitted(taken.reference, record.SubmittedAt, trace)
	if err != nil {
		return taken, err
	}
	if err := h.queue(a).Send(ctx, event); err != nil {
		return taken, fmt.Errorf("telling matching of application %s: %w", taken.reference, err)
	}
	taken.event = event.ID
	if err := h.Applications.Create(ctx, record, keys); err != nil {
		return h.settle(ctx, key, body, taken, err)
	}
	return taken, nil
}

// queue is where an application is waited for: the urgent have one of their own, in which nobody is before them but they.
func (h *Handler) queue(a application.Application) Queue {
	if codes.Urgent(a.Urgency) {
		return h.Urgent
	}
	return h.Queue
}

// settle finds out what there is after a write that failed. Another request with this key may have been first, or the
// write may have taken effect and only its answer was lost: either way what is stored is the answer.
func (h *Handler) settle(ctx context.Context, key string, body []byte, taken receipt, failure error) (receipt, error) {
	secret, err := h.before(ctx, key, body, taken.reference)
	if err != nil && !errors.Is(err, errKeyReused) && !errors.Is(err, errErased) {
		return taken, failure
	}
	if secret != taken.secret {
		taken.event = "" // another request's message stands for this application
	}
	taken.secret = secret
	return taken, err
}

// before gives the secret that an earlier request with the same key and application got. The error wraps
// store.ErrNotFound if there was none, is errKeyReused if there was one with another application, and errErased if what
// it was about is erased: nothing is left to tell the two apart by.
func (h *Handler) before(ctx context.Context, key string, body []byte, reference string) (secret string, err error) {
	found, err := h.Applications.Application(ctx, reference)
	if err != nil {
		return "", err
	}
	if found.State == store.Erased {
		return "", errErased
	}
	if secret, err = vault.OpenAnswer(key, body, reference, found.Answer); err != nil {
		return "", errKeyReused
	}
	return secret, nil
}

// seal makes what is stored: everything personal under keys that were made for this person.
func (h *Handler) seal(a application.Application, taken receipt, key string, body []byte) (store.Application, vault.Keys, error) {
	person, keys, err := h.Sealer.NewPerson(taken.reference, taken.secret)
	if err != nil {
		return store.Application{}, vault.Keys{}, fmt.Errorf("making keys: %w", err)
	}
	now := h.Now().UTC()
	record := store.Application{
		Reference: taken.reference, Country: h.Pack.Code, State: store.Received, Needs: a.Needs,
		ConsentVersion: a.Consent.Version, SubmittedAt: now, KeysID: keys.ID,
		Audit: []store.Audit{
			{At: now, Actor: "person", Action: "consented:" + a.Consent.Version},
			{At: now, Actor: "intake", Action: "received"},
		},
	}
	profile, contact := a.Parts()
	if record.Profile, err = person.SealJSON(vault.Profile, profile); err != nil {
		return record, keys, err
	}
	if record.Contact, err = person.SealJSON(vault.Contact, contact); err != nil {
		return record, keys, err
	}
	if record.Answer, err = vault.SealAnswer(key, body, taken.reference, taken.secret); err != nil {
		return record, keys, err
	}
	record.SecretCheck, err = vault.SecretCheck(taken.reference, taken.secret)
	return record, keys, err
}

func (h *Handler) submitted(reference string, at time.Time, trace string) (events.Envelope, error) {
	return events.New(events.Origin{
		ID: h.NewID(), Source: events.Source(h.Pack.Code, "intake"), Subject: reference, Time: at, TraceParent: trace,
	}, &events.ApplicationSubmittedV1{Country: h.Pack.Code})
}
