package proof

import (
	"bytes"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/miict/immerse/functions/notification"
	"github.com/miict/immerse/infra/local/laptop"
	"github.com/miict/immerse/infra/local/protocol"
	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match"
)

// TestKilledAtEveryCall kills the function that makes the n-th call to AWS for an application, for every n there is,
// once before the call takes effect and once after. Nothing is lost, and at most one group of e-mails goes twice: only when
// the kill falls between SES's taking a mail and its group's being recorded, the window that design §10 names.
func TestKilledAtEveryCall(t *testing.T) {
	t.Parallel()
	for _, moment := range []string{"before", "after"} {
		t.Run(moment, func(t *testing.T) {
			killAtEveryCall(t, moment)
		})
	}
}

func killAtEveryCall(t *testing.T, moment string) {
	k := &killer{}
	s := k.start(t, nil)
	small, authorities := fewAuthorities(t)
	for n := 1; ; n++ {
		name := fmt.Sprintf("%s-call-%d", moment, n)
		k.arm(n, moment)
		receipt := s.insist(t, name, small)
		s.notified(t, receipt)
		victim := k.disarm()
		if victim != "" {
			s.checkMails(t, receipt, victim, authorities)
			continue
		}
		t.Logf("%d calls, each killed %s", n-1, moment)
		groups := (authorities + notification.GroupSize - 1) / notification.GroupSize
		if least := 8 + 2 + 1 + authorities + groups; n-1 < least { // those of intake and matching, reads, claim, mails, records
			t.Errorf("only %d calls were met: the flow makes %d", n-1, least)
		}
		return
	}
}

// window is where a kill may make a second e-mail: SES has the mail, and the table doesn't say so yet.
var window = map[string]bool{
	"before notification ses SendEmail": true, "after notification ses SendEmail": true,
	"before notification dynamodb UpdateItem": true,
}

// checkMails wants one mail to each authority, but for a kill in the window.
func (s *system) checkMails(t *testing.T, r receipt, victim string, authorities int) {
	t.Helper()
	mails := s.mails(t, r)
	if len(mails) != authorities {
		t.Errorf("killed %s: the mails are\n%s", victim, describe(mails))
	}
	extra := 0
	for _, list := range mails {
		extra += len(list) - 1
	}
	if extra > notification.GroupSize || extra > 0 && !window[victim] {
		t.Errorf("killed %s: %d mails too many\n%s", victim, extra, describe(mails))
	}
}

// fewAuthorities is an application that as few authorities as possible answer to, and how many they are. It is looked
// for in the pack, which others edit.
func fewAuthorities(t *testing.T) (application map[string]any, authorities int) {
	t.Helper()
	pack, err := country.Load("es")
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := match.FromPack(pack)
	if err != nil {
		t.Fatal(err)
	}
	engine := match.NewLinear(catalogue)
	for _, area := range pack.Areas.All() {
		for _, need := range codes.Needs {
			profile := eligibility.Profile{Residence: eligibility.Residence{Region: area.Code}, Needs: []string{need}}
			written := map[string]bool{}
			for _, found := range match.Limit(engine.Match(profile, time.Now()), pack.MatchesPerNeed).Matches {
				if service, ok := pack.Service(found.Service); ok {
					written[service.Immerse.Authority] = true
				}
			}
			if area.Parent == "" || len(written) == 0 || authorities != 0 && len(written) >= authorities {
				continue // the country itself is no region to live in
			}
			authorities = len(written)
			application = map[string]any{
				"kind": "support", "language": "en", "consent": map[string]any{"processing": true},
				"residence": map[string]any{"region": area.Code}, "needs": []any{need},
			}
		}
	}
	return application, authorities
}

// insist posts until it has a receipt, as a person would after an error, under the same key.
func (s *system) insist(t *testing.T, key string, application map[string]any) receipt {
	t.Helper()
	var got answer
	waitFor(t, "a receipt of "+key, func() bool {
		var err error
		got, err = s.call(http.MethodPost, "/api/v1/applications", encode(t, application), "Content-Type", "application/json", "Idempotency-Key", key)
		if got.status == http.StatusUnprocessableEntity {
			t.Fatalf("%s: %s", key, got.body)
		}
		return err == nil && got.status == http.StatusCreated
	})
	return got.receipt(t)
}

// killer kills the caller of the n-th call after it was armed, once. What functions do when they start is not counted.
type killer struct {
	system *system

	mu     sync.Mutex
	calls  int
	target int
	moment string
	victim string
}

// start starts a system whose functions k kills.
func (k *killer) start(t *testing.T, change func(*laptop.Options)) *system {
	t.Helper()
	k.system = start(t, "es", func(o *laptop.Options) {
		if o.Before, o.After = k.before, k.after; change != nil {
			change(o)
		}
	})
	return k.system
}

func (k *killer) arm(n int, moment string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.calls, k.target, k.moment, k.victim = 0, n, moment, ""
}

// disarm tells whom it killed at which call, or nothing if there was no such call.
func (k *killer) disarm() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.target = 0
	return k.victim
}

func (k *killer) before(call protocol.Call) error {
	if starting(call) || !k.strikes(call, "before", 1) {
		return nil
	}
	k.system.dies(call.Caller)
	return fmt.Errorf("killed before %s", call.Action)
}

func (k *killer) after(call protocol.Call) {
	if !starting(call) && k.strikes(call, "after", 0) {
		k.system.dies(call.Caller)
	}
}

// starting tells the calls of the test, and those that a function makes when it starts or now and then (looking whether
// there is another catalogue; release_test.go kills at those), from the others.
func starting(call protocol.Call) bool {
	return call.Caller == "" || call.Service == "kms" || call.Service == "s3" || bytes.Contains(call.Body, []byte("root#"))
}

// strikes counts a call and tells whether its caller is to be killed now.
func (k *killer) strikes(call protocol.Call, moment string, count int) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.calls += count
	// Calls may overlap: after is the first that ends once the n-th has begun.
	if k.victim != "" || k.moment != moment || k.target == 0 || k.calls < k.target {
		return false
	}
	k.victim = moment + " " + call.Caller + " " + call.Service + " " + call.Action
	return true
}
