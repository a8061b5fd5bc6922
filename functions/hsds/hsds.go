// Package hsds publishes the catalogue as open data: the read API of Open Referral HSDS 3.1 under /hsds/ (API Gateway,
// payload format 2.0), which directories elsewhere read, and the same as linked data.
//
//	GET /hsds/                         which version this is, and where it is described
//	GET /hsds/openapi.json             the description
//	GET /hsds/{list}                   a page of services, organizations, taxonomies, taxonomy_terms, service_at_locations
//	GET /hsds/{list}/{id}              one of them, with everything that belongs to it
//
// It answers everybody from everywhere alike, so that answers may be kept: no cookie, no address, nothing about who asks.
// It knows nothing of people, and of the catalogue only what package catalogue publishes.
//
// Files: handler.go and route.go (a request's way in and out), request.go, response.go; parameters.go (what may be
// asked), list.go, one.go (the answers), about.go (what the API says of itself); follow.go and words.go (where it comes from).
package hsds

import (
	"context"

	"github.com/miict/immerse/shared/catalogue"
)

// Source gives the catalogue. *Published is the real one.
type Source interface {
	// Directory gives the catalogue as it is now. It is asked for at each request, and cheap unless there is a new one.
	Directory(ctx context.Context) (*catalogue.Directory, error)
}
