package referral_test

import (
	"strings"
	"testing"

	"github.com/miict/immerse/functions/referral"
)

func TestConfigNamesEveryProblem(t *testing.T) {
	_, err := referral.Load(func(string) string { return "" })
	for _, name := range []string{"COUNTRY", "APPLICATIONS_TABLE", "KEYS_TABLE", "NOTIFICATION_QUEUE_URL", "NOTIFICATION_URGENT_QUEUE_URL", "KMS_KEY_ID", "BASE_URL", "CATALOGUE_BUCKET"} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s is missing, and the error is %v", name, err)
		}
	}
	c, err := referral.Load(func(name string) string {
		return map[string]string{"COUNTRY": "cy", "BASE_URL": "https://immerse.example/"}[name] + map[bool]string{true: "", false: "x"}[name == "COUNTRY" || name == "BASE_URL" || name == "CATALOGUE_MAX_AGE"]
	})
	if err != nil || c.Zone.String() != "Asia/Nicosia" || c.BaseURL != "https://immerse.example" {
		t.Errorf("%+v, %v", c, err)
	}
}
