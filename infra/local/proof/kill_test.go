package proof

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/miict/immerse/infra/local/laptop"
	"github.com/miict/immerse/infra/local/protocol"
)

// TestKilledAtEveryCall kills the function that makes the n-th call to AWS, for every n there is, once before the call
// takes effect and once after: nothing is lost, and at most one e-mail goes twice, when the kill falls between SES's
// taking a mail and its being recorded.
func TestKilledAtEveryCall(t *testing.T) {
	k := &killer{}
	s := start(t, "es", func(o *laptop.Options) {
		o.Visibility = time.Second
		o.Env = map[string]string{"MAIL_LEASE": "1s"}
		o.Before, o.After = k.before, k.after
	})
	k.system = s
	for n := int64(1); ; n++ {
		for _, moment := range []string{"before", "after"} {
			name := fmt.Sprintf("call-%d-%s", n, moment)
			k.arm(n, moment)
			receipt := s.insist(t, name)
			s.notified(t, receipt, 30*time.Second)
			victim := k.disarm()
			twice := 0
			for id, list := range s.mails(t, receipt) {
				if len(list) > 2 {
					t.Errorf("%s (%s): %s was sent %d times", name, victim, id, len(list))
				}
				twice += len(list) - 1
			}
			switch {
			case twice > 1, twice == 1 && victim != "notification ses SendEmail after" && victim != "notification dynamodb UpdateItem before":
				t.Errorf("%s (%s): %d extra mails", name, victim, twice)
			case victim == "":
				t.Logf("%d calls, each killed before and after", n-1)
				return
			}
		}
	}
}

// insist posts until it has a receipt, as a person's browser would after an error, under the same key.
func (s *system) insist(t *testing.T, key string) receipt {
	t.Helper()
	small := application("en")
	small["needs"] = []any{"participation"}
	for range 20 {
		got, err := s.call(http.MethodPost, "/api/v1/applications", encode(t, small), "Content-Type", "application/json", "Idempotency-Key", key)
		if err == nil && got.status == http.StatusCreated {
			return got.receipt(t)
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("%s: no receipt\n%s", key, s.logs)
	return receipt{}
}

// killer kills the caller of the n-th call after it was armed, once.
type killer struct {
	system *system
	calls  atomic.Int64

	mu     sync.Mutex
	target int64
	moment string
	victim string
}

func (k *killer) arm(n int64, moment string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.calls.Store(0)
	k.target, k.moment, k.victim = n, moment, ""
}

// disarm tells whom it killed at which call, or nothing if there was no such call.
func (k *killer) disarm() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.target = 0
	return k.victim
}

func (k *killer) before(call protocol.Call) error {
	if call.Caller != "" && k.calls.Add(1) == k.aim("before") {
		k.kill(call, "before")
		return fmt.Errorf("killed before %s", call.Action)
	}
	return nil
}

func (k *killer) after(call protocol.Call) {
	if call.Caller != "" && k.calls.Load() == k.aim("after") {
		k.kill(call, "after")
	}
}

// aim gives the target if it is to be killed at this moment, and no call's number otherwise.
func (k *killer) aim(moment string) int64 {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.moment != moment || k.victim != "" {
		return -1
	}
	return k.target
}

func (k *killer) kill(call protocol.Call, moment string) {
	k.mu.Lock()
	k.victim = call.Caller + " " + call.Service + " " + call.Action + " " + moment
	k.mu.Unlock()
	k.system.Kill(call.Caller)
}
