package events

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// ErrUnknown is for a type or version that this release doesn't know, or a message that is no CloudEvent. Its message
// goes to the dead-letter queue and an alarm, never to the floor.
var ErrUnknown = errors.New("unknown event")

// decoders is the registry: by CloudEvents type, which holds the version, the payload to decode into.
var decoders = map[string]func() Payload{
	typeApplicationSubmittedV1: func() Payload { return new(ApplicationSubmittedV1) },
	typeApplicationMatchedV1:   func() Payload { return new(ApplicationMatchedV1) },
	typeReferralDueV1:          func() Payload { return new(ReferralDueV1) },
	typeDigestDueV1:            func() Payload { return new(DigestDueV1) },
	typeCatalogueChangedV1:     func() Payload { return new(CatalogueChangedV1) },
	typeApplicationWithdrawnV1: func() Payload { return new(ApplicationWithdrawnV1) },
	typeReferralUnmetV1:        func() Payload { return new(ReferralUnmetV1) },
	typeReferralDecidedV1:      func() Payload { return new(ReferralDecidedV1) },
	typePlacesOverV1:           func() Payload { return new(PlacesOverV1) },
}

// Decode reads a message. The payload is a pointer to the registered type of the event. Unknown fields are left aside,
// so that additive changes keep the version. Errors wrap ErrUnknown.
func Decode(message []byte) (Envelope, Payload, error) {
	var envelope Envelope
	if err := json.Unmarshal(message, &envelope); err != nil {
		return Envelope{}, nil, fmt.Errorf("%w: not a CloudEvent in JSON", ErrUnknown)
	}
	if envelope.SpecVersion != SpecVersion || envelope.ID == "" || envelope.Source == "" || envelope.Subject == "" || envelope.Time.IsZero() {
		return envelope, nil, fmt.Errorf("%w: id, source, subject, time and specversion %s are required", ErrUnknown, SpecVersion)
	}
	decoder, ok := decoders[envelope.Type]
	if !ok {
		return envelope, nil, fmt.Errorf("%w: type %.100q", ErrUnknown, envelope.Type)
	}
	payload := decoder()
	if len(envelope.Data) == 0 || bytes.Equal(envelope.Data, []byte("null")) {
		return envelope, nil, fmt.Errorf("%w: %s without data", ErrUnknown, envelope.Type)
	}
	if err := json.Unmarshal(envelope.Data, payload); err != nil {
		return envelope, nil, fmt.Errorf("%w: the data of %s has another shape", ErrUnknown, envelope.Type)
	}
	return envelope, payload, nil
}

// schemaName is the file of a type's schema: "application.submitted.v1.json".
func schemaName(eventType string) string {
	return strings.TrimPrefix(eventType, typePrefix) + ".json"
}
