package feedback

import (
	"github.com/miict/immerse/shared/environment"
)

// Config is what the function is told by its environment.
type Config struct {
	environment.Country
	Applications string // name of the applications table
	Queue        string // URL of the queue of SES's events

	NotificationQueue string // URL
}

// Load reads the environment and reports all its problems together.
func Load(getenv func(string) string) (Config, error) {
	read := environment.Read(getenv)
	config := Config{
		Country:      read.Country(),
		Applications: read.Required("APPLICATIONS_TABLE"),
		Queue:        read.Required("FEEDBACK_QUEUE_URL"),

		NotificationQueue: read.Required("NOTIFICATION_QUEUE_URL"),
	}
	return config, read.Err()
}
