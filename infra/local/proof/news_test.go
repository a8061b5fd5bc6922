package proof

import (
	"strings"
	"testing"

	"github.com/miict/immerse/infra/local/laptop"
)

// Percolation hears of a catalogue at once, and the others look at it once an hour here: the authority of a service that they have
// not heard of is written to all the same, and the service has its name.
func TestTheAuthorityOfABrandNewServiceIsWrittenTo(t *testing.T) {
	s := start(t, "es", func(o *laptop.Options) {
		o.Env["CATALOGUE_MAX_AGE"], o.Env["PERCOLATION_PAUSE"] = "1h", "1s"
	})
	catalogue := s.catalogueWithout(t, "es", "participation")
	catalogue.publish(t, "none")
	s.Kill("matching") // it looked as it started
	r := s.submit(t, catalogue.applicant("first"), "brand-new").receipt(t)
	s.notified(t, r)
	if got := s.matches(t, r); len(got) != 0 {
		t.Fatalf("there is something for the need already: %+v", got)
	}
	catalogue.add(1)
	catalogue.publish(t, "one")
	catalogue.announce(t)
	s.wantMails(t, r, map[string]int{"receipt": 1, "news+1": 1, "authority-" + catalogue.authority + "+1": 1})
	shown := s.must(t, "GET", "/api/v1/applications/"+r.Reference, "", "Authorization", "Bearer "+r.Secret).body
	if !strings.Contains(shown, `"service_id":"`+laterService) || strings.Contains(shown, `"service":"`+laterService) {
		t.Errorf("shown: %s", shown)
	}
}
