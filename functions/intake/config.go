package intake

import (
	"github.com/miict/immerse/shared/environment"
	"github.com/miict/immerse/shared/published"
)

// Config is what the function is told by its environment.
type Config struct {
	environment.Country
	published.Config
	Applications      string // name of the applications table
	Keys              string // name of the keys table
	MatchingQueue     string // URL
	UrgentQueue       string // URL, of matching's urgent one
	NotificationQueue string // URL
	KMSKey            string // id or ARN
	BaseURL           string // of the site, without a slash at the end
}

// Load reads the environment and reports all its problems together.
func Load(getenv func(string) string) (Config, error) {
	read := environment.Read(getenv)
	c := Config{
		Country: read.Country(), Config: published.Configured(read),
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
