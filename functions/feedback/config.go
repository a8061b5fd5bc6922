package feedback

import (
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/environment"
)

// Config is what the function is told by its environment.
type Config struct {
	Pack         *country.Pack
	Applications string // name of the applications table

	NotificationQueue string // URL
}

// Load reads the environment and reports all its problems together.
func Load(getenv func(string) string) (Config, error) {
	read := environment.Read(getenv)
	config := Config{
		Pack:         environment.Parsed(read, "COUNTRY", country.Load),
		Applications: read.Required("APPLICATIONS_TABLE"),

		NotificationQueue: read.Required("NOTIFICATION_QUEUE_URL"),
	}
	return config, read.Err()
}
