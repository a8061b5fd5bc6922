// Package eventstest checks events against their JSON Schemas, for the tests of whoever makes them.
package eventstest

import (
	"bytes"
	"encoding/json"
	"path"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/miict/immerse/events"
)

// RequireValid fails the test unless the message is a CloudEvent that its envelope's and its data's schema accept, and
// that the registry decodes.
func RequireValid(t testing.TB, message []byte) {
	t.Helper()
	envelope, _, err := events.Decode(message)
	if err != nil {
		t.Fatalf("decoding %s: %v", message, err)
	}
	validate(t, "envelope.json", message)
	validate(t, path.Base(envelope.DataSchema), envelope.Data)
}

func validate(t testing.TB, name string, document []byte) {
	t.Helper()
	file, err := events.Schemas.Open("schemas/" + name)
	if err != nil {
		t.Fatalf("no schema: %v", err)
	}
	defer file.Close()
	parsed, err := jsonschema.UnmarshalJSON(file)
	if err != nil {
		t.Fatalf("reading schema %s: %v", name, err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	if err := compiler.AddResource(name, parsed); err != nil {
		t.Fatalf("adding schema %s: %v", name, err)
	}
	schema, err := compiler.Compile(name)
	if err != nil {
		t.Fatalf("compiling schema %s: %v", name, err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		t.Fatalf("reading %s: %v", document, err)
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("%s is not as schema %s says: %v", document, name, err)
	}
}

// Encode gives the message that a queue would carry.
func Encode(t testing.TB, envelope events.Envelope) []byte {
	t.Helper()
	message, err := json.Marshal(envelope)
	if err != nil {
		t.Fatalf("encoding: %v", err)
	}
	return message
}
