package percolation

import (
	"time"

	"github.com/miict/immerse/shared/environment"
	"github.com/miict/immerse/shared/published"
)

// Config is what the function reads from its environment.
type Config struct {
	environment.Country
	published.Config
	Applications      string        // name of the applications table
	Keys              string        // name of the keys table
	Places            string        // name of the places table
	NotificationQueue string        // URL
	UrgentQueue       string        // URL, of notification's urgent one
	PercolationQueue  string        // URL of its own queue
	KMSKey            string        // id or ARN
	Pause             time.Duration // before a second look, and before those who weren't ready are looked at again
}

// Load reads the environment and reports all its problems together.
func Load(getenv func(string) string) (Config, error) {
	read := environment.Read(getenv)
	config := Config{
		Country: read.Country(), Config: published.Configured(read),
		Applications:      read.Required("APPLICATIONS_TABLE"),
		Keys:              read.Required("KEYS_TABLE"),
		Places:            read.Required("PLACES_TABLE"),
		NotificationQueue: read.Required("NOTIFICATION_QUEUE_URL"),
		UrgentQueue:       read.Required("NOTIFICATION_URGENT_QUEUE_URL"),
		PercolationQueue:  read.Required("PERCOLATION_QUEUE_URL"),
		KMSKey:            read.Required("KMS_KEY_ID"),
		Pause:             read.Duration("PERCOLATION_PAUSE", Pause),
	}
	return config, read.Err()
}
