package published

import (
	"time"

	"github.com/miict/immerse/shared/environment"
)

// A Config says where to look for what is published; it is a part of the configurations of those who follow it.
type Config struct {
	CatalogueBucket string        // name
	CatalogueMaxAge time.Duration // how long what is known of the published catalogue is relied on
}

// Configured reads it.
func Configured(read *environment.Reader) Config {
	return Config{read.Required("CATALOGUE_BUCKET"), read.Duration("CATALOGUE_MAX_AGE", MaxAge)}
}
