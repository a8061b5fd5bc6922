package intake

import (
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/environment"
)

// Config is what the function is told by its environment.
type Config struct {
	Pack          *country.Pack
	Applications  string // name of the applications table
	Keys          string // name of the keys table
	MatchingQueue string // URL
	KMSKey        string // id or ARN
	BaseURL       string // of the site, without a slash at the end
}

// Load reads the environment and reports all its problems together.
func Load(getenv func(string) string) (Config, error) {
	read := environment.Read(getenv)
	c := Config{
		Pack:          environment.Parsed(read, "COUNTRY", country.Load),
		Applications:  read.Required("APPLICATIONS_TABLE"),
		Keys:          read.Required("KEYS_TABLE"),
		MatchingQueue: read.Required("MATCHING_QUEUE_URL"),
		KMSKey:        read.Required("KMS_KEY_ID"),
		BaseURL:       read.WebAddress("BASE_URL"),
	}
	return c, read.Err()
}
