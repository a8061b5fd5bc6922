package followup

import (
	"github.com/miict/immerse/shared/environment"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/queue"
)

// Config is what the function is told by its environment.
type Config struct {
	environment.Country
	published.Config
	Applications      string   // name of the applications table
	Keys              string   // name of the keys table
	NotificationQueue string   // URL
	UrgentQueue       string   // URL, of notification's urgent one
	PercolationQueue  string   // URL
	Figures           string   // name of the table of published figures
	DeadLetters       []string // URLs of all dead-letter queues
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
		PercolationQueue:  read.Required("PERCOLATION_QUEUE_URL"),
		Figures:           read.Required("FIGURES_TABLE"),
		DeadLetters:       environment.Parsed(read, "DEAD_LETTER_QUEUE_URLS", queue.URLs),
	}
	return config, read.Err()
}
