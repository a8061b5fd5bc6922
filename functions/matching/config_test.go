package matching_test

import (
	"strings"
	"testing"

	"github.com/miict/immerse/functions/matching"
)

func TestLoadNamesEveryProblem(t *testing.T) {
	_, err := matching.Load(func(string) string { return "" })
	if err == nil {
		t.Fatal("an empty environment is accepted")
	}
	for _, name := range []string{"COUNTRY", "APPLICATIONS_TABLE", "KEYS_TABLE", "CATALOGUE_BUCKET", "NOTIFICATION_QUEUE_URL", "NOTIFICATION_URGENT_QUEUE_URL", "KMS_KEY_ID"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%q doesn't name %s", err, name)
		}
	}
}
