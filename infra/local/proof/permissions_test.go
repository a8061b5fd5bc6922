package proof

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/miict/immerse/infra/local/audit"
	"github.com/miict/immerse/infra/local/iam"
	"github.com/miict/immerse/infra/local/laptop"
	"github.com/miict/immerse/infra/local/protocol"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
)

// TestPermissions runs everything that functions do, in every country, under the roles of its template: what they need
// is granted, what is granted they need, and what is taken out of a template is missed and named.
func TestPermissions(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: it is the whole system; make test runs it")
	}
	for i, code := range country.Codes() {
		code = strings.ToLower(code)
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			var uses iam.Ledger
			t.Run("flows", func(t *testing.T) {
				for _, first := range []string{"intake", "openers"} {
					t.Run(first+" first", func(t *testing.T) { everyFlow(t, code, first, &uses) })
				}
			})
			if t.Failed() {
				return // what is missing was named; all else would follow from it
			}
			definition, err := laptop.Immerse(code)
			if err != nil {
				t.Fatal(err)
			}
			for _, wrong := range audit.Everything(definition, uses.Uses()) {
				t.Error(wrong)
			}
			if i == 0 { // the templates differ in names only, and each removal takes its time
				removeEverything(t, code, uses.Uses())
			}
		})
	}
}

// everyFlow does all that a person can do, after a first start in which some functions make the root keysets and the
// others find them. When the others did, it goes as far as all have used them.
func everyFlow(t *testing.T, code, first string, uses *iam.Ledger) {
	gate := &gate{intakeFirst: first == "intake", open: make(chan struct{})}
	if gate.want = len(vault.Openers); !gate.intakeFirst {
		gate.want++ // the keys of links, which intake doesn't make
	}
	s := start(t, code, func(o *laptop.Options) {
		soon(o)
		o.Before, o.After, o.Window = gate.before, gate.after, 100*time.Millisecond
	})
	t.Cleanup(func() {
		for _, use := range s.Uses() {
			uses.Add(use)
		}
	})
	own := application("en")
	own["residence"] = map[string]any{"region": region(t, code)}
	receipt := s.submit(t, own, "permissions").receipt(t)
	s.submit(t, own, "permissions").receipt(t)
	s.notified(t, receipt)
	if len(s.mails(t, receipt)) < 2 {
		t.Errorf("mails: %s", describe(s.mails(t, receipt)))
	}
	if got := s.must(t, http.MethodGet, "/hsds/services", ""); got.status != http.StatusOK {
		t.Errorf("the catalogue: %d %s", got.status, got.body)
	}
	o := s.officer(t, receipt)
	o.do(t, http.StatusSeeOther, "action=accept")
	o.released(t)
	if shown := o.do(t, http.StatusOK, "action=contact"); !strings.Contains(shown.body, canary) {
		t.Errorf("the contact is not shown:\n%s", shown.body)
	}
	if !gate.intakeFirst {
		return // whoever made the root keysets, all else is the same
	}
	s.tooEarly(t, code, o, receipt)
	s.urgently(t, code)
	s.heard(t, receipt, "receipt", "delivered")
	s.report(t, code, fmt.Sprintf(`{"eventType":"Bounce","bounce":{"bounceType":"Permanent"},"mail":{"messageId":"1","timestamp":"2026-11-23T08:00:00Z",
		"destination":["nobody@office.example"],"tags":{"reference":[%q],"mail":[%q]}}}`, receipt.Reference, store.ReferralID(o.authority, 0)))
	s.report(t, code, `{"eventType":"Delivery","mail":{"messageId":"1","timestamp":"2026-11-23T08:00:00Z","tags":{"reference":["gone"],"mail":["receipt"]}}}`)
	s.drain(t)
	waitFor(t, "the report about an application that is gone to be heard", func() bool { return strings.Contains(s.logs.String(), `"outcome":"gone"`) })
	path, secret := "/api/v1/applications/"+receipt.Reference, "Bearer "+receipt.Secret
	if got := s.must(t, http.MethodGet, path+"/export", "", "Authorization", secret); got.status != http.StatusOK {
		t.Errorf("export: %d %s", got.status, got.body)
	}
	if got := s.must(t, http.MethodDelete, path, "", "Authorization", secret); got.status != http.StatusNoContent {
		t.Errorf("erasing: %d %s", got.status, got.body)
	}
	s.putBack(t)
	s.followedUp(t, code)
	s.later(t, code, func() { o.page(t) }) // of an erased person: it says so, in the language that the catalogue has
	s.figured(t, code)
}

// region is one that people live in.
func region(t *testing.T, code string) string {
	t.Helper()
	pack, err := country.Load(code)
	if err != nil {
		t.Fatal(err)
	}
	areas := pack.Areas.All()
	return areas[len(areas)-1].Code
}

// gate lets some functions make the root keysets before the others ask for them.
type gate struct {
	intakeFirst bool
	want        int // root keysets

	mu    sync.Mutex
	roots int
	open  chan struct{}
}

func (g *gate) before(call protocol.Call) error {
	if call.Caller == "" || (call.Caller == "intake") == g.intakeFirst {
		return nil
	}
	select {
	case <-g.open:
		return nil
	case <-time.After(patience):
		return errors.New("the others didn't make the root keysets")
	}
}

func (g *gate) after(call protocol.Call) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if call.Action != "PutItem" || !bytes.Contains(call.Body, []byte(`"root#`)) {
		return
	}
	if g.roots++; g.roots == g.want {
		close(g.open)
	}
}
