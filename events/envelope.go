// Package events holds the messages that travel between functions: CloudEvents 1.0 in structured JSON, one file per
// event type and version (design §9). Events carry ids and times, never personal data.
//
// Additive changes keep the version; anything else is a new version beside the old one, and both are decoded for a
// release. Golden files in testdata are never edited after a release.
package events

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// SpecVersion is the version of CloudEvents that is written and understood.
const SpecVersion = "1.0"

// schemaBase is where dataschema points: the JSON Schema of the same name in schemas/.
const schemaBase = "https://schemas.immerse.eu/events/"

// A Payload is the data of one event type and version. Every type registers itself in registry.go.
type Payload interface {
	// EventType is the CloudEvents type, such as "eu.immerse.application.submitted.v1".
	EventType() string
}

// An Envelope is a CloudEvent. Subject is the reference of the application, or the country's code
// when the event is about its catalogue or a digest; TraceParent is the W3C trace context of the request that caused it, empty when there
// is none.
type Envelope struct {
	ID              string          `json:"id"`
	Source          string          `json:"source"`
	SpecVersion     string          `json:"specversion"`
	Type            string          `json:"type"`
	Subject         string          `json:"subject"`
	Time            time.Time       `json:"time"`
	DataContentType string          `json:"datacontenttype"`
	DataSchema      string          `json:"dataschema"`
	TraceParent     string          `json:"traceparent,omitempty"`
	Data            json.RawMessage `json:"data"`
}

// Origin says who makes an event, when and why; it is what an envelope holds beside its payload.
type Origin struct {
	ID          string    // unique per source
	Source      string    // a URI reference: "/es/intake"
	Subject     string    // the application's reference, or the country
	Time        time.Time // when it happened
	TraceParent string    // W3C trace context, or empty
}

// Source is the CloudEvents source of a country's function, such as "/es/intake".
func Source(country, function string) string { return "/" + strings.ToLower(country) + "/" + function }

// New wraps a payload.
func New(origin Origin, payload Payload) (Envelope, error) {
	data, err := json.Marshal(payload)
	if err != nil {
		return Envelope{}, fmt.Errorf("encoding the data of %s: %w", payload.EventType(), err)
	}
	return Envelope{
		ID:              origin.ID,
		Source:          origin.Source,
		SpecVersion:     SpecVersion,
		Type:            payload.EventType(),
		Subject:         origin.Subject,
		Time:            origin.Time.UTC(),
		DataContentType: "application/json",
		DataSchema:      schemaBase + schemaName(payload.EventType()),
		TraceParent:     origin.TraceParent,
		Data:            data,
	}, nil
}
