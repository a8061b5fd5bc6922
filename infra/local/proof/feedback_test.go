package proof

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestWhatBecameOfMails: SES's events are in the record of the case, whatever it said, and an inbox that is dead is one
// incident.
func TestWhatBecameOfMails(t *testing.T) {
	s := start(t, "es", nil)
	bounced := application("en")
	bounced["contact"] = map[string]any{"email": "bounce@simulator.immerse.example"}
	receipt := s.submit(t, bounced, "feedback").receipt(t)
	s.notified(t, receipt, 20*time.Second)
	authority := ""
	for id := range s.mails(t, receipt) {
		if strings.HasPrefix(id, "authority-") {
			authority = id
		}
	}
	s.heard(t, receipt, "receipt", "permanent_bounce")
	s.heard(t, receipt, authority, "delivered")
	if strings.Contains(s.logs.String(), "dead_inbox") {
		t.Error("a person's own address was taken for an authority's")
	}
	for range 3 { // as from three people's mails to the same address
		event, err := json.Marshal(map[string]any{
			"eventType": "Bounce", "bounce": map[string]any{"bounceType": "Permanent", "timestamp": time.Now()},
			"mail": map[string]any{
				"timestamp": time.Now(), "messageId": "0102", "destination": s.mails(t, receipt)[authority][0].To,
				"tags": map[string]any{"reference": []string{receipt.Reference}, "mail": []string{authority}},
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		s.report(t, "es", string(event))
	}
	s.heard(t, receipt, authority, "permanent_bounce")
	if !strings.Contains(s.logs.String(), `"outcome":"dead_inbox"`) {
		t.Errorf("no alert")
	}
	for until := time.Now().Add(10 * time.Second); !strings.Contains(s.logs.String(), `"outcome":"nobody_behind"`); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatal("nobody looked for who is behind the authority")
		}
	}
}

// report puts an event of SES where EventBridge would.
func (s *system) report(t *testing.T, code, event string) {
	t.Helper()
	if err := s.Queues.Put("immerse-"+code+"-feedback", event); err != nil {
		t.Fatal(err)
	}
}

// drain works off the events of SES, as the schedule has it done every few minutes.
func (s *system) drain(t *testing.T) {
	t.Helper()
	if _, err := s.Invoke(t.Context(), "feedback", []byte(`{}`)); err != nil {
		t.Fatal(err)
	}
}

// heard waits until the case's record has what was reported of a mail.
func (s *system) heard(t *testing.T, r receipt, mail, fact string) {
	t.Helper()
	last := ""
	for until := time.Now().Add(15 * time.Second); time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
		s.drain(t)
		last = s.must(t, http.MethodGet, "/api/v1/applications/"+r.Reference+"/export", "", "Authorization", "Bearer "+r.Secret).body
		var export struct {
			Mails []map[string]any `json:"mails"`
		}
		if err := json.Unmarshal([]byte(last), &export); err != nil {
			t.Fatal(err)
		}
		for _, m := range export.Mails {
			if m["id"] == mail && m[fact] != nil {
				return
			}
		}
	}
	t.Errorf("%s of %s was not recorded:\n%s", fact, mail, last)
}
