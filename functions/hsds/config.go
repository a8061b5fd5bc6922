package hsds

import (
	"time"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/environment"
	"github.com/miict/immerse/shared/published"
)

// Config is what the function is told by its environment.
type Config struct {
	Pack    *country.Pack
	BaseURL string // of the site, without a slash at the end
	// CatalogueBucket is the name of the bucket of what is published; CatalogueMaxAge how long what is known of it is
	// relied on.
	CatalogueBucket string
	CatalogueMaxAge time.Duration
}

// Load reads the environment and reports all its problems together.
func Load(getenv func(string) string) (Config, error) {
	read := environment.Read(getenv)
	c := Config{
		Pack:    environment.Parsed(read, "COUNTRY", country.Load),
		BaseURL: read.WebAddress("BASE_URL"),

		CatalogueBucket: read.Required("CATALOGUE_BUCKET"),
		CatalogueMaxAge: read.Duration("CATALOGUE_MAX_AGE", published.MaxAge),
	}
	return c, read.Err()
}
