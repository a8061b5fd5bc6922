package intake

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/miict/immerse/shared/country"
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

// Retention is how long an application is kept.
func (c Config) Retention() time.Duration {
	return time.Duration(c.Pack.RetentionDays) * 24 * time.Hour
}

// Load reads the environment and reports all its problems together.
func Load(getenv func(string) string) (Config, error) {
	var problems []error
	required := func(name string) string {
		value := getenv(name)
		if value == "" {
			problems = append(problems, fmt.Errorf("%s is not set", name))
		}
		return value
	}
	code := required("COUNTRY")
	c := Config{
		Applications:  required("APPLICATIONS_TABLE"),
		Keys:          required("KEYS_TABLE"),
		MatchingQueue: required("MATCHING_QUEUE_URL"),
		KMSKey:        required("KMS_KEY_ID"),
		BaseURL:       strings.TrimRight(required("BASE_URL"), "/"),
	}
	if base, err := url.Parse(c.BaseURL); c.BaseURL != "" && (err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https") {
		problems = append(problems, fmt.Errorf("BASE_URL %q is not a web address", c.BaseURL))
	}
	if code != "" {
		pack, err := country.Load(code)
		if err != nil {
			problems = append(problems, fmt.Errorf("COUNTRY %q: %w", code, err))
		}
		c.Pack = pack
	}
	return c, errors.Join(problems...)
}
