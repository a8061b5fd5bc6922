package hsds

import (
	"github.com/miict/immerse/shared/environment"
	"github.com/miict/immerse/shared/published"
)

// Config is what the function is told by its environment.
type Config struct {
	environment.Country
	published.Config
	BaseURL string // of the site, without a slash at the end
}

// Load reads the environment and reports all its problems together.
func Load(getenv func(string) string) (Config, error) {
	read := environment.Read(getenv)
	c := Config{
		Country: read.Country(), Config: published.Configured(read),
		BaseURL: read.WebAddress("BASE_URL"),
	}
	return c, read.Err()
}
