package proof

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miict/immerse/infra/local/sqs"
)

// TestReportsInAnyOrder: of two cases that are alike, the reports of one come in order, and those of the other shuffled, several times
// and before the mail is there that they are about. What is known of their mails in the end is the same.
func TestReportsInAnyOrder(t *testing.T) {
	s := start(t, "cy", nil)
	own := application("en")
	own["residence"] = map[string]any{"region": region(t, "cy")}
	first, second := s.submit(t, own, "in-order").receipt(t), s.submit(t, own, "in-any-order").receipt(t)
	s.notified(t, first)
	s.notified(t, second)
	officers := s.officers(t, first)
	told := "accepted-" + officers[0].authority
	reports := []reported{{told, "Delivery"}, {"receipt", "Delivery"}, {"receipt", "DeliveryDelay"}}
	for _, o := range officers {
		for _, what := range []string{"DeliveryDelay", "Bounce/Transient", "Delivery"} {
			reports = append(reports, reported{"authority-" + o.authority, what})
		}
	}

	for _, r := range slices.Concat(reports, shuffled(reports)) { // with its early one, which comes back
		s.report(t, "cy", r.event(second))
	}
	s.drain(t)
	if got := s.known(t, second); !strings.Contains(got, "receipt: delayed delivered\n") || strings.Contains(got, told) {
		t.Errorf("beside reports of a mail that is not there yet, others are recorded:\n%s", got)
	}
	s.officer(t, first).do(t, http.StatusSeeOther, "action=accept")
	s.officer(t, second).do(t, http.StatusSeeOther, "action=accept")
	for _, r := range []receipt{first, second} {
		waitFor(t, "the person to be told", func() bool { return len(s.mails(t, r)[told]) == 1 })
	}
	for _, r := range reports {
		s.report(t, "cy", r.event(first))
		s.drain(t)
	}
	s.gone.Add(int64(visibility)) // what came back is there again
	s.Queues.Wake()
	waitFor(t, "all reports to be worked off", func() bool {
		s.drain(t)
		return !slices.ContainsFunc(s.Queues.Counts(), func(c sqs.QueueCounts) bool {
			return c.Name == "immerse-cy-feedback" && c.Visible+c.InFlight+c.Delayed > 0
		})
	})
	if a, b := s.known(t, first), s.known(t, second); a != b || !strings.Contains(a, told+": delivered\n") {
		t.Errorf("in order\n%sin any order\n%s", a, b)
	}
}

// reported is what SES says of a mail: its event, and after a slash the kind of a bounce.
type reported struct{ mail, what string }

func (r reported) event(of receipt) string {
	kind, detail, _ := strings.Cut(r.what, "/")
	at := time.Now()
	body, err := json.Marshal(map[string]any{
		"eventType": kind, "bounce": map[string]any{"bounceType": detail, "timestamp": at},
		"mail": map[string]any{
			"timestamp": at, "messageId": "0103", "destination": []string{"office@authority.example"},
			"tags": map[string]any{"reference": []string{of.Reference}, "mail": []string{r.mail}},
		},
	})
	if err != nil {
		panic(err)
	}
	return string(body)
}

// shuffled gives them twice, in another order each time that a test is run.
func shuffled(reports []reported) []reported {
	twice := slices.Concat(reports, reports)
	rand.Shuffle(len(twice), func(i, j int) { twice[i], twice[j] = twice[j], twice[i] })
	return twice
}

// known is what became of a case's mails, in words and without times.
func (s *system) known(t *testing.T, r receipt) string {
	t.Helper()
	body := s.must(t, http.MethodGet, "/api/v1/applications/"+r.Reference+"/export", "", "Authorization", "Bearer "+r.Secret).body
	var export struct {
		Mails []map[string]any `json:"mails"`
	}
	if err := json.Unmarshal([]byte(body), &export); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	var lines []string
	for _, mail := range export.Mails {
		line := fmt.Sprint(mail["id"], ":")
		for _, fact := range []string{"delayed", "transient_bounce", "delivered", "permanent_bounce", "complained"} {
			if mail[fact] != nil {
				line += " " + fact
			}
		}
		lines = append(lines, line+"\n")
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}
