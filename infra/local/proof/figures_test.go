package proof

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/miict/immerse/shared/figures"
)

// figured has the last quarter counted again, with what is published of the catalogue now, and looks at what everybody sees.
func (s *system) figured(t *testing.T, code string) {
	t.Helper()
	tables := dynamodb.NewFromConfig(s.Config())
	found, err := tables.Scan(t.Context(), &dynamodb.ScanInput{TableName: aws.String("immerse-" + code + "-figures")})
	if err != nil {
		t.Fatal(err)
	}
	for _, item := range found.Items {
		key := map[string]types.AttributeValue{"country": item["country"], "period": item["period"]}
		if _, err := tables.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: aws.String("immerse-" + code + "-figures"), Key: key}); err != nil {
			t.Fatal(err)
		}
	}
	if done := s.sweep(t); done.Figures == "" || len(found.Items) != 1 {
		t.Errorf("counted %+v, after %d", done, len(found.Items))
	}
	for address, want := range map[string]string{
		"/figures?lang=en": "There is nothing to show yet.", "/api/v1/figures": `"k":10`, "/api/v1/figures?format=csv": ",all,all,,,,," + figures.Small,
	} {
		if got := s.must(t, http.MethodGet, address, ""); got.status != http.StatusOK || !strings.Contains(got.body, want) {
			t.Errorf("%s: %d %s", address, got.status, got.body)
		}
	}
}
