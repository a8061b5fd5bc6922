package figures

import (
	"github.com/miict/immerse/shared/environment"
)

// Config is what the function is told by its environment.
type Config struct {
	environment.Country
	BaseURL string // of the site, without a slash at the end
	Table   string // name of the table of published figures
}

// Load reads the environment and reports all its problems together.
func Load(getenv func(string) string) (Config, error) {
	read := environment.Read(getenv)
	config := Config{
		Country: read.Country(),
		BaseURL: read.WebAddress("BASE_URL"),
		Table:   read.Required("FIGURES_TABLE"),
	}
	return config, read.Err()
}
