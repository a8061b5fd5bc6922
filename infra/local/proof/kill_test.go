package proof

import (
	"bytes"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/miict/immerse/infra/local/laptop"
	"github.com/miict/immerse/infra/local/protocol"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/store/storetest"
)

// TestKilledAtEveryCall kills the function that makes the n-th call to AWS for an application, for every n there is,
// once before the call takes effect and once after. Nothing is lost, and at most one e-mail goes twice: only when the
// kill falls between SES's taking a mail and its being recorded, the window that design §10 names.
func TestKilledAtEveryCall(t *testing.T) {
	k := &killer{}
	s := start(t, "es", func(o *laptop.Options) {
		for i := range o.Definition.Functions {
			o.Definition.Functions[i].Timeout = 7 * time.Second // a claim outlives it, and the test waits for that
		}
		o.Visibility = time.Second
		o.Env = map[string]string{"MAIL_LEASE_MARGIN": "1s"}
		o.Before, o.After = k.before, k.after
	})
	k.system = s
	small := oneAuthority(t)
	for n := 1; ; n++ {
		for _, moment := range []string{"before", "after"} {
			name := fmt.Sprintf("call-%d-%s", n, moment)
			k.arm(n, moment)
			receipt := s.insist(t, name, small)
			s.settled(t, receipt)
			victim := k.disarm()
			if victim == "" {
				t.Logf("%d calls, each killed before and after", n-1)
				if n < 12 {
					t.Errorf("only %d calls were met: the flow makes more", n-1)
				}
				return
			}
			s.checkMails(t, receipt, victim)
		}
	}
}

// window is where a kill may make a second e-mail: SES has the mail, and the table doesn't say so yet.
var window = map[string]bool{
	"after notification ses SendEmail": true, "before notification dynamodb UpdateItem": true,
}

// checkMails wants the authority's mail once, but for a kill in the window.
func (s *system) checkMails(t *testing.T, r receipt, victim string) {
	t.Helper()
	mails := s.mails(t, r)
	if len(mails) != 1 {
		t.Errorf("killed %s: the mails are\n%s", victim, describe(mails))
	}
	extra := 0
	for _, list := range mails {
		extra += len(list) - 1
	}
	if extra > 1 || extra == 1 && !window[victim] {
		t.Errorf("killed %s: %d mails too many\n%s", victim, extra, describe(mails))
	}
}

// oneAuthority is an application that exactly one authority answers to, without an address for a receipt, so that there
// is one mail. It is looked for in the pack, which others edit.
func oneAuthority(t *testing.T) map[string]any {
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
		if area.Parent == "" {
			continue // the country itself is no region to live in
		}
		for _, need := range []string{"mobility", "participation", "language", "training", "education"} {
			profile := eligibility.Profile{Residence: eligibility.Residence{Region: area.Code}, Needs: []string{need}}
			authorities := map[string]bool{}
			for _, found := range match.Limit(engine.Match(profile, time.Now()), pack.MatchesPerNeed).Matches {
				if service, ok := pack.Service(found.Service); ok {
					authorities[service.Immerse.Authority] = true
				}
			}
			if len(authorities) == 1 {
				return map[string]any{
					"kind": "support", "language": "en", "consent": map[string]any{"processing": true},
					"residence": map[string]any{"region": area.Code}, "needs": []any{need},
				}
			}
		}
	}
	t.Fatal("no region and need with one authority")
	return nil
}

// insist posts until it has a receipt, as a person would after an error, under the same key.
func (s *system) insist(t *testing.T, key string, application map[string]any) receipt {
	t.Helper()
	for range 50 {
		got, err := s.call(http.MethodPost, "/api/v1/applications", encode(t, application), "Content-Type", "application/json", "Idempotency-Key", key)
		if err == nil && got.status == http.StatusCreated {
			return got.receipt(t)
		}
		if got.status == http.StatusUnprocessableEntity {
			t.Fatalf("%s: %s", key, got.body)
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("%s: no receipt", key)
	return receipt{}
}

// settled waits until an application is notified, looking into the table so as not to make intake make calls.
func (s *system) settled(t *testing.T, r receipt) {
	t.Helper()
	tables := store.Store{Client: storetest.Client(s.URL), Applications: "immerse-es-applications", Now: time.Now}
	deadline := time.Now().Add(30 * time.Second)
	for {
		application, err := tables.Application(t.Context(), r.Reference)
		if err == nil && application.State == store.Notified {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s is %q, %v", r.Reference, application.State, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
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
	k.system.Kill(call.Caller)
	return fmt.Errorf("killed before %s", call.Action)
}

func (k *killer) after(call protocol.Call) {
	if !starting(call) && k.strikes(call, "after", 0) {
		k.system.Kill(call.Caller)
	}
}

// starting tells the calls of the test, and those that a function makes when it starts, from the others.
func starting(call protocol.Call) bool {
	return call.Caller == "" || call.Service == "kms" || bytes.Contains(call.Body, []byte("root#"))
}

// strikes counts a call and tells whether its caller is to be killed now.
func (k *killer) strikes(call protocol.Call, moment string, count int) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.calls += count
	if k.victim != "" || k.moment != moment || k.calls != k.target {
		return false
	}
	k.victim = moment + " " + call.Caller + " " + call.Service + " " + call.Action
	return true
}
