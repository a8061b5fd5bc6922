package events

import "embed"

// Schemas holds the JSON Schema of the envelope (envelope.json) and of each event type's data, by the last part of its
// dataschema.
//
//go:embed schemas/*.json
var Schemas embed.FS
