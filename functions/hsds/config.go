package hsds

import (
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/environment"
)

// Config is what the function is told by its environment.
type Config struct {
	Pack    *country.Pack
	BaseURL string // of the site, without a slash at the end
}

// Load reads the environment and reports all its problems together.
func Load(getenv func(string) string) (Config, error) {
	read := environment.Read(getenv)
	c := Config{
		Pack:    environment.Parsed(read, "COUNTRY", country.Load),
		BaseURL: read.WebAddress("BASE_URL"),
	}
	return c, read.Err()
}
