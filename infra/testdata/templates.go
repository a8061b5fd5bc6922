// Package testdata holds the golden templates: what is deployed, as it was reviewed. The laptop boots from them, so
// that neither Node nor the CDK is needed to run.
package testdata

import "embed"

// Templates has Immerse-XX.template.json of every country, and Immerse-XX-Mail.template.json of its mail region.
//
//go:embed *.template.json
var Templates embed.FS
