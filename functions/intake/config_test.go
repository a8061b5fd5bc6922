package intake_test

import (
	"strings"
	"testing"

	"github.com/miict/immerse/functions/intake"
)

func TestConfigNamesEverythingThatIsMissing(t *testing.T) {
	_, err := intake.Load(func(string) string { return "" })
	for _, name := range []string{"COUNTRY", "APPLICATIONS_TABLE", "KEYS_TABLE", "CATALOGUE_BUCKET", "MATCHING_QUEUE_URL", "MATCHING_URGENT_QUEUE_URL", "KMS_KEY_ID", "BASE_URL"} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named: %v", name, err)
		}
	}
}

func TestConfigOfACountry(t *testing.T) {
	env := map[string]string{
		"COUNTRY": "cy", "APPLICATIONS_TABLE": "a", "KEYS_TABLE": "k", "CATALOGUE_BUCKET": "c", "MATCHING_QUEUE_URL": "q", "MATCHING_URGENT_QUEUE_URL": "u", "NOTIFICATION_QUEUE_URL": "n", "KMS_KEY_ID": "key",
		"BASE_URL": "https://immerse.example/",
	}
	getenv := func(name string) string { return env[name] }
	config, err := intake.Load(getenv)
	if err != nil || config.Pack.Code != "CY" || config.BaseURL != "https://immerse.example" || config.Pack.Retention() <= 0 {
		t.Errorf("config %+v, error %v", config, err)
	}
	env["COUNTRY"], env["BASE_URL"] = "xx", "immerse"
	if _, err := intake.Load(getenv); err == nil || !strings.Contains(err.Error(), "COUNTRY") || !strings.Contains(err.Error(), "BASE_URL") {
		t.Errorf("error %v", err)
	}
}
