package intake

import (
	"time"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/environment"
	"github.com/miict/immerse/shared/published"
)

// Config is what the function is told by its environment.
type Config struct {
	Pack              *country.Pack
	CatalogueBucket   string        // name
	CatalogueMaxAge   time.Duration // how long what is known of the published catalogue is relied on
	Applications      string        // name of the applications table
	Keys              string        // name of the keys table
	MatchingQueue     string        // URL
	UrgentQueue       string        // URL, of matching's urgent one
	NotificationQueue string        // URL
	KMSKey            string        // id or ARN
	BaseURL           string        // of the site, without a slash at the end
}

// Load reads the environment and reports all its problems together.
func Load(getenv func(string) string) (Config, error) {
	read := environment.Read(getenv)
	c := Config{
		Pack:              environment.Parsed(read, "COUNTRY", country.Load),
		CatalogueBucket:   read.Required("CATALOGUE_BUCKET"),
		CatalogueMaxAge:   read.Duration("CATALOGUE_MAX_AGE", published.MaxAge),
		Applications:      read.Required("APPLICATIONS_TABLE"),
		Keys:              read.Required("KEYS_TABLE"),
		MatchingQueue:     read.Required("MATCHING_QUEUE_URL"),
		UrgentQueue:       read.Required("MATCHING_URGENT_QUEUE_URL"),
		NotificationQueue: read.Required("NOTIFICATION_QUEUE_URL"),
		KMSKey:            read.Required("KMS_KEY_ID"),
		BaseURL:           read.WebAddress("BASE_URL"),
	}
	return c, read.Err()
}
