package followup

import (
	"time"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/environment"
	"github.com/miict/immerse/shared/published"
)

// Config is what the function is told by its environment.
type Config struct {
	Pack              *country.Pack
	Applications      string // name of the applications table
	Keys              string // name of the keys table
	NotificationQueue string // URL
	PercolationQueue  string // URL
	Figures           string // name of the table of published figures
	// CatalogueBucket is the name of the bucket of what is published; CatalogueMaxAge how long what is known of it is
	// relied on.
	CatalogueBucket string
	CatalogueMaxAge time.Duration
}

// Load reads the environment and reports all its problems together.
func Load(getenv func(string) string) (Config, error) {
	read := environment.Read(getenv)
	config := Config{
		Pack:              environment.Parsed(read, "COUNTRY", country.Load),
		Applications:      read.Required("APPLICATIONS_TABLE"),
		Keys:              read.Required("KEYS_TABLE"),
		NotificationQueue: read.Required("NOTIFICATION_QUEUE_URL"),
		PercolationQueue:  read.Required("PERCOLATION_QUEUE_URL"),
		Figures:           read.Required("FIGURES_TABLE"),
		CatalogueBucket:   read.Required("CATALOGUE_BUCKET"),
		CatalogueMaxAge:   read.Duration("CATALOGUE_MAX_AGE", published.MaxAge),
	}
	return config, read.Err()
}
