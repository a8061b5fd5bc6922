package proof

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/referral"
)

// TestAuthoritiesThatAnswerAtOnce: all authorities of a case answer in the same moment, and the person is told of each, once. Their
// mails take one ledger in turn, and nobody's waits until a message has come back.
func TestAuthoritiesThatAnswerAtOnce(t *testing.T) {
	s := start(t, "es", nil)
	r := s.submit(t, application("en"), "at-once").receipt(t)
	s.notified(t, r)
	officers := s.officers(t, r)
	if len(officers) < 2 {
		t.Fatalf("%d authorities were asked", len(officers))
	}
	forms := make([]string, len(officers))
	for i, o := range officers {
		forms[i] = o.form(t)
	}
	var group sync.WaitGroup
	for i, o := range officers {
		group.Go(func() {
			if got, err := o.post(forms[i], "action=accept"); err != nil || got.status != http.StatusSeeOther {
				t.Errorf("%s: %d, %v", o.authority, got.status, err)
			}
		})
	}
	group.Wait()
	told := func() (count int) {
		for id, list := range s.mails(t, r) {
			if strings.HasPrefix(id, string(referral.Accepted)+"-") {
				count += len(list)
			}
		}
		return count
	}
	waitFor(t, "all mails to go", func() bool { return told() >= len(officers) })
	t.Logf("%d authorities answered at once", len(officers))
	if strings.Contains(s.logs.String(), `"outcome":"retry"`) {
		t.Errorf("a message had to come back:\n%s", s.logs.String())
	}
	if told() != len(officers) {
		t.Errorf("%d mails to the person about %d answers", told(), len(officers))
	}
}

// officers are those of all authorities that were written to about an application.
func (s *system) officers(t *testing.T, r receipt) (all []officer) {
	t.Helper()
	for id, list := range s.mails(t, r) {
		if authority, ok := strings.CutPrefix(id, "authority-"); ok {
			all = append(all, officer{s, authority, linkIn.FindString(list[0].Text)})
		}
	}
	slices.SortFunc(all, func(a, b officer) int { return strings.Compare(a.authority, b.authority) })
	return all
}

// tooEarly puts messages that are ahead of what they are about into notification's queues, which puts them back, as long as the test
// may take.
func (s *system) tooEarly(t *testing.T, code string, o officer, r receipt) {
	t.Helper()
	for _, queue := range []string{"notification", "notification-urgent"} {
		event, err := events.New(events.Origin{ID: queue, Source: "/test", Subject: r.Reference, Time: time.Now().Add(time.Hour)},
			&events.ReferralDecidedV1{Country: strings.ToUpper(code), Authority: o.authority, Step: events.StepAsked, Act: "never"})
		if err != nil {
			t.Fatal(err)
		}
		body, err := json.Marshal(event)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Queues.Put("immerse-"+code+"-"+queue, string(body)); err != nil {
			t.Fatal(err)
		}
	}
}

// putBack waits until they were.
func (s *system) putBack(t *testing.T) {
	t.Helper()
	waitFor(t, "messages that are too early to be put back", func() bool { return strings.Count(s.logs.String(), `"outcome":"put_back"`) >= 2 })
}
