package proof

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/hsds"
)

// TestWhatBecameOfMails: SES's events are in the record of the case, whatever it said, and an inbox that is dead is one
// incident, after which who is behind the authority is asked.
func TestWhatBecameOfMails(t *testing.T) {
	s := start(t, "es", nil)
	bounced := application("en")
	bounced["contact"] = map[string]any{"email": "bounce@simulator.immerse.example"}
	receipt := s.submit(t, bounced, "feedback").receipt(t)
	s.notified(t, receipt)
	pack, err := country.Load("es")
	if err != nil {
		t.Fatal(err)
	}
	var authority string
	var parent *hsds.Organization
	for id := range s.mails(t, receipt) {
		organization, _ := pack.Organization(strings.TrimPrefix(id, "authority-"))
		if organization == nil || organization.Immerse.Fallback != "" {
			continue
		}
		if behind, ok := pack.Organization(organization.ParentOrganizationID); ok {
			authority, parent = id, behind
		}
	}
	if parent == nil {
		t.Fatalf("no authority that is part of another one was asked:\n%s", describe(s.mails(t, receipt)))
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
	s.behind(t, receipt, strings.Replace(authority, "authority-", "fallback-", 1), parent)
}

// behind waits for the mail to who is behind an authority, which says nothing of who the person is.
func (s *system) behind(t *testing.T, r receipt, id string, parent *hsds.Organization) {
	t.Helper()
	waitFor(t, "who is behind the authority to be asked", func() bool { return len(s.mails(t, r)[id]) > 0 })
	mails := s.mails(t, r)[id]
	if len(mails) != 1 || !slices.Equal(mails[0].To, []string{parent.Immerse.Inbox}) {
		t.Fatalf("%d mails, the first to %v; want one to %s", len(mails), mails[0].To, parent.Immerse.Inbox)
	}
	text := mails[0].Subject + mails[0].Text + mails[0].HTML
	if !strings.Contains(text, r.Reference) || !strings.Contains(text, "/referral/") {
		t.Errorf("they can't answer:\n%s", mails[0].Text)
	}
	for _, personal := range []string{canary, canaryPhone, "Layla", r.Secret, "bounce@simulator", "asylum_seeker", "solicitante de asilo", "1994"} {
		if strings.Contains(text, personal) {
			t.Errorf("%q is in the mail to who is behind an authority:\n%s", personal, mails[0].Text)
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
	waitFor(t, fact+" of "+mail+" to be recorded", func() bool {
		s.drain(t)
		exported := s.must(t, http.MethodGet, "/api/v1/applications/"+r.Reference+"/export", "", "Authorization", "Bearer "+r.Secret).body
		var export struct {
			Mails []map[string]any `json:"mails"`
		}
		if err := json.Unmarshal([]byte(exported), &export); err != nil {
			t.Fatalf("%v: %s", err, exported)
		}
		return slices.ContainsFunc(export.Mails, func(m map[string]any) bool { return m["id"] == mail && m[fact] != nil })
	})
}
