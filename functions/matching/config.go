package matching

import (
	"errors"
	"fmt"
)

// Config is what the function reads from its environment.
type Config struct {
	Country              string // ISO 3166-1 alpha-2, any case
	ApplicationsTable    string
	KeysTable            string
	NotificationQueueURL string
	KMSKeyID             string
}

// Load reads the configuration. The error names every variable that is missing.
func Load(getenv func(string) string) (Config, error) {
	var problems []error
	require := func(name string) string {
		value := getenv(name)
		if value == "" {
			problems = append(problems, fmt.Errorf("%s is not set", name))
		}
		return value
	}
	config := Config{
		Country:              require("COUNTRY"),
		ApplicationsTable:    require("APPLICATIONS_TABLE"),
		KeysTable:            require("KEYS_TABLE"),
		NotificationQueueURL: require("NOTIFICATION_QUEUE_URL"),
		KMSKeyID:             require("KMS_KEY_ID"),
	}
	return config, errors.Join(problems...)
}
