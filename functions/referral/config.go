package referral

import (
	"time"

	"github.com/miict/immerse/shared/environment"
	"github.com/miict/immerse/shared/published"
)

// Config is what the function is told by its environment.
type Config struct {
	environment.Country
	published.Config
	Zone              *time.Location
	Applications      string // name of the applications table
	Keys              string // name of the keys table
	NotificationQueue string // URL
	UrgentQueue       string // URL, of notification's urgent one
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
		NotificationQueue: read.Required("NOTIFICATION_QUEUE_URL"),
		UrgentQueue:       read.Required("NOTIFICATION_URGENT_QUEUE_URL"),
		KMSKey:            read.Required("KMS_KEY_ID"),
		BaseURL:           read.WebAddress("BASE_URL"),
	}
	if c.Pack != nil {
		zone, err := c.Pack.Location()
		read.Problem(err)
		c.Zone = zone
	}
	return c, read.Err()
}
