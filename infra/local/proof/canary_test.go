package proof

import (
	"encoding/base64"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/miict/immerse/infra/local/laptop"
	"github.com/miict/immerse/infra/local/protocol"
)

// TestNoCanaryAnywhere looks for what a person wrote in everything that is kept or passed on: logs, every call to a
// table, a queue or the key service, and the error pages. Mails to the person are the one place for it.
func TestNoCanaryAnywhere(t *testing.T) {
	calls := &recorder{}
	s := start(t, "es", func(o *laptop.Options) {
		o.Before = func(call protocol.Call) error {
			if call.Service != "ses" {
				_, err := calls.Write(slices.Concat(call.Body, readable(call.Body)))
				return err
			}
			return nil
		}
	})
	receipt := s.submit(t, application("en"), "canary").receipt(t)
	s.notified(t, receipt)

	wrong := application("en")
	wrong["birth_year"], wrong["needs"], wrong["legal_status"] = 3000, []any{canary}, canary
	refused := s.submit(t, wrong, "canary-wrong")
	if refused.status != http.StatusUnprocessableEntity {
		t.Fatalf("a wrong application: %d %s", refused.status, refused.body)
	}
	conflict := application("en")
	conflict["message"] = "another " + canary
	if got := s.submit(t, conflict, "canary"); got.status != http.StatusConflict || strings.Contains(got.body, canary) {
		t.Errorf("a conflict: %d %s", got.status, got.body)
	}
	s.must(t, http.MethodGet, "/api/v1/applications/"+canary, "", "Authorization", "Bearer "+canary)
	s.must(t, http.MethodGet, "/status?reference="+canary, "")

	seen := calls.String()
	if !strings.Contains(seen, receipt.Reference) || !strings.Contains(s.logs.String(), receipt.Reference) {
		t.Fatal("the calls or the logs were not recorded: this test would find nothing")
	}
	for _, personal := range []string{canary, canaryPhone, "Layla", receipt.Secret, "asylum_seeker"} {
		if strings.Contains(s.logs.String(), personal) {
			t.Errorf("%q is in the logs", personal)
		}
		if strings.Contains(seen, personal) {
			t.Errorf("%q is in a call to a table, a queue or the key service", personal)
		}
	}
}

// binary finds the values that AWS's JSON carries as base64, in which no canary could be seen.
var binary = regexp.MustCompile(`"(?:B|Plaintext|CiphertextBlob)":\s*"([A-Za-z0-9+/=]+)"`)

// readable gives those values as they are.
func readable(body []byte) []byte {
	var plain []byte
	for _, value := range binary.FindAllSubmatch(body, -1) {
		decoded, err := base64.StdEncoding.DecodeString(string(value[1]))
		if err == nil {
			plain = append(append(plain, '\n'), decoded...)
		}
	}
	return append(plain, '\n')
}
