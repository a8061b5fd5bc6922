package proof

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/infra/local/lambda"
	"github.com/miict/immerse/infra/local/sqs"
	"github.com/miict/immerse/shared/store"
)

// backlog is how many messages wait in each queue when somebody applies who can't wait.
const backlog = 10_000

// urgently plays a case that can't wait until its contact is released.
func (s *system) urgently(t *testing.T, code string) {
	t.Helper()
	own := application("en")
	own["residence"], own["urgency"] = map[string]any{"region": region(t, code)}, "child_alone"
	receipt := s.submit(t, own, "urgent").receipt(t)
	s.notified(t, receipt)
	o := s.officer(t, receipt)
	o.do(t, http.StatusSeeOther, "action=accept")
	o.released(t)
	s.urgentlyDue(t, code, receipt, o.authority)
}

// urgentlyDue lets something be due about a case that can't wait.
func (s *system) urgentlyDue(t *testing.T, code string, r receipt, authority string) {
	t.Helper()
	items := &store.Store{Client: dynamodb.NewFromConfig(s.Config()), Applications: "immerse-" + code + "-applications", Retention: time.Hour, Now: time.Now}
	err := items.Appoint(t.Context(), strings.ToUpper(code), store.Appointment{
		Reference: r.Reference, Of: authority, Day: store.Day(time.Now(), time.UTC), Urgent: true,
		Clocks: []store.Clock{{Mail: store.ReferralID(authority, 0), Event: time.Now().Add(-time.Minute)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.sweep(t)
}

// TestTheUrgentOvertakeABacklog puts ten thousand messages into each queue of the way, then an application of somebody who
// has time and one of somebody who has not. Each message of the backlog is received, decoded, its application looked for (it is
// gone), and deleted: real work, and little enough to see the end of it. What is measured is places, not time: how much of
// the backlog was done when the mails went.
func TestTheUrgentOvertakeABacklog(t *testing.T) {
	if lambda.Race {
		t.Skip("SKIPPED: the race detector makes a backlog ten times as long; .ci/run runs it without")
	}
	s := start(t, "es", nil)
	s.pileUp(t, "matching", events.ApplicationSubmittedV1{Country: "ES"})
	s.pileUp(t, "notification", events.ApplicationMatchedV1{Country: "ES", SubmittedAt: time.Now(), Catalogue: "v1"})

	ordinary := s.submit(t, application("es"), "backlog-ordinary").receipt(t)
	urgent := application("es")
	urgent["urgency"] = "no_shelter"
	first := s.submit(t, urgent, "backlog-urgent").receipt(t)
	s.untilReceipt(t, first)
	matching, notification := s.waiting("matching"), s.waiting("notification")
	place := 1 - float64(min(matching, notification))/backlog
	t.Logf("handed over when %.3f of the backlog was done: %d and %d of %d messages were left", place, matching, notification, backlog)
	if place > 0.5 {
		t.Errorf("the urgent case waited behind %.0f %% of the backlog", 100*place)
	}
	if sent := s.mails(t, ordinary); len(sent) > 0 {
		t.Errorf("who has time, behind the whole backlog, was told before:\n%s", describe(sent))
	}
	mails := s.mails(t, first)
	for id, list := range mails {
		if marked := strings.HasPrefix(list[0].Subject, "URGENTE: "); len(list) != 1 || marked != (id != "receipt") {
			t.Errorf("%s went %d times, as %q", id, len(list), list[0].Subject)
		}
	}
	s.untilReceipt(t, ordinary)
	if left := s.waiting("matching"); left > 20 { // the batches that were under way beside it
		t.Errorf("there was no backlog: who has time was told while %d messages were before them", left)
	}
	for _, queue := range s.Queues.Counts() {
		if strings.HasSuffix(queue.Name, "-dlq") && queue.Visible > 0 {
			t.Errorf("%d messages lie in %s", queue.Visible, queue.Name)
		}
	}
}

// pileUp puts events about applications that are gone into the queue that all but the urgent go by.
func (s *system) pileUp(t *testing.T, queue string, data events.Payload) {
	t.Helper()
	for i := range backlog {
		event, err := events.New(events.Origin{ID: fmt.Sprint(queue, "-", i), Source: "/es/test", Subject: fmt.Sprintf("ES-0000-0000-%04d", i), Time: time.Now().Add(-time.Hour)}, data)
		if err != nil {
			t.Fatal(err)
		}
		body, err := json.Marshal(event)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Queues.Put("immerse-es-"+queue, string(body)); err != nil {
			t.Fatal(err)
		}
	}
}

// waiting is how many messages of a queue aren't done.
func (s *system) waiting(queue string) int {
	counts := s.Queues.Counts()
	i := slices.IndexFunc(counts, func(c sqs.QueueCounts) bool { return c.Name == "immerse-es-"+queue })
	return counts[i].Visible + counts[i].InFlight
}

// untilReceipt waits for the last of an application's mails.
func (s *system) untilReceipt(t *testing.T, r receipt) {
	t.Helper()
	waitFor(t, "the receipt of "+r.Reference, func() bool { return len(s.mails(t, r)["receipt"]) > 0 })
}
