package percolation_test

import (
	"strings"
	"testing"

	"github.com/miict/immerse/functions/percolation"
)

func TestLoadNamesEveryProblem(t *testing.T) {
	_, err := percolation.Load(func(string) string { return "" })
	if err == nil {
		t.Fatal("an empty environment is accepted")
	}
	for _, name := range []string{
		"COUNTRY", "CATALOGUE_BUCKET", "APPLICATIONS_TABLE", "KEYS_TABLE", "PLACES_TABLE", "NOTIFICATION_QUEUE_URL", "NOTIFICATION_URGENT_QUEUE_URL", "PERCOLATION_QUEUE_URL", "KMS_KEY_ID",
	} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%q doesn't name %s", err, name)
		}
	}
}
