package matching

import (
	"github.com/miict/immerse/shared/environment"
	"github.com/miict/immerse/shared/published"
)

// Config is what the function reads from its environment.
type Config struct {
	environment.Country
	published.Config
	Applications      string // name of the applications table
	Keys              string // name of the keys table
	NotificationQueue string // URL
	UrgentQueue       string // URL, of notification's urgent one
	KMSKey            string // id or ARN
}

// Load reads the environment and reports all its problems together.
func Load(getenv func(string) string) (Config, error) {
	read := environment.Read(getenv)
	config := Config{
		Country: read.Country(), Config: published.Configured(read),
		Applications:      read.Required("APPLICATIONS_TABLE"),
		Keys:              read.Required("KEYS_TABLE"),
		NotificationQueue: read.Required("NOTIFICATION_QUEUE_URL"),
		UrgentQueue:       read.Required("NOTIFICATION_URGENT_QUEUE_URL"),
		KMSKey:            read.Required("KMS_KEY_ID"),
	}
	return config, read.Err()
}
