package percolation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/assessment"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/places"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

func of(authority string) func(*hsds.Service) {
	return func(s *hsds.Service) { s.Immerse.Authority = authority }
}

// helping is a world with services for one need at as many authorities: a person is told of two of them.
func helping(t *testing.T, more ...hsds.Service) *world {
	w := newWorld(t)
	w.catalogue.add("v1", service("a", "health", of("org-a")), service("b", "health", of("org-b")))
	w.apply(t, ada, 1990, "health")
	w.asked(t, ada, "org-a", "org-b")
	w.catalogue.add("v2", more...)
	return w
}

// asked does what notification does about a round: its authorities are written to.
func (w *world) asked(t *testing.T, reference string, authorities ...string) {
	t.Helper()
	found := w.read(t, reference)
	p := store.Posting{Over: true, Notified: &store.HandOver{At: w.now, Round: found.Round, Sent: len(authorities)}}
	for _, authority := range authorities {
		p.Mails = append(p.Mails, store.Mail{ID: store.ReferralID(authority, found.Round), State: store.MailSending, At: w.now, Attempts: 1})
	}
	w.now = w.now.Add(time.Minute)
	claim := store.Claim{Reference: reference, Holder: fmt.Sprint("asking in ", found.Round), Until: w.now}
	must(t, w.store.Claim(t.Context(), found.Ledger, claim, w.now, p))
}

// ends records an authority's answer and gives the message that notification sends of it.
func (w *world) ends(t *testing.T, authority string, round int, state referral.State, outcome, reason string) events.Envelope {
	t.Helper()
	must(t, w.store.Answer(t.Context(), store.Step{Reference: ada, Authority: authority, Round: round, Found: w.read(t, ada).Ledger,
		Audit: store.Audit{At: w.now, Actor: "authority", Action: string(state) + ":" + authority},
	}, store.Answer{State: state, Outcome: outcome, Reason: reason, At: w.now, Act: string(state) + authority}))
	return w.unmet(t, authority, round)
}

func (w *world) unmet(t *testing.T, authority string, round int) events.Envelope {
	t.Helper()
	event, err := events.New(events.Origin{ID: "01JD8Z0000000000000000000B", Source: "/es/notification", Subject: ada, Time: w.now},
		events.ReferralUnmetV1{Country: "ES", Authority: authority, Round: round})
	must(t, err)
	return event
}

// tells hands over a message twice, as any may come again, and gives what was asked then: the services of further tries.
func (w *world) tells(t *testing.T, event events.Envelope) (services []string) {
	t.Helper()
	for range 2 {
		if !w.handle(t, event) {
			t.Fatalf("not done\n%s", w.log)
		}
	}
	for _, i := range w.assessment(t, ada).Instead {
		services = append(services, i.Service)
	}
	return services
}

func TestTheNextBestAuthorityIsAskedAndNoMoreThanTwo(t *testing.T) {
	w := helping(t, service("c", "health", of("org-c")), service("d", "health", of("org-d")), service("e", "health", of("org-e")))
	if got := w.tells(t, w.ends(t, "org-a", 0, referral.Declined, "", "no_capacity")); !slices.Equal(got, []string{"c"}) {
		t.Fatalf("asked instead: %v", got)
	}
	found := w.read(t, ada)
	if found.State != store.Matched || found.Round != 1 || len(w.next.sent) == 0 {
		t.Fatalf("round %d, %s, %d told", found.Round, found.State, len(w.next.sent))
	}
	if a := w.assessment(t, ada); !a.IsInstead(1) || a.IsInstead(0) || !slices.Contains(w.services(t, ada), "c") {
		t.Errorf("the round: %+v", a.Instead)
	}
	w.asked(t, ada, "org-c")
	if got := w.tells(t, w.ends(t, "org-b", 0, referral.Expired, "", "")); !slices.Equal(got, []string{"c", "d"}) {
		t.Fatalf("asked instead: %v", got)
	}
	w.asked(t, ada, "org-d")
	if got := w.tells(t, w.ends(t, "org-c", 1, referral.Declined, "", "wrong_authority")); len(got) != assessment.MostTries {
		t.Errorf("asked instead: %v", got)
	}
	if strings.Contains(w.log.String(), canary) {
		t.Error("something personal is in the log")
	}
}

func TestWhenNobodyElseIsAsked(t *testing.T) {
	for name, c := range map[string]struct {
		more []hsds.Service
		ends func(t *testing.T, w *world) events.Envelope
	}{
		"the reason is the person's": {[]hsds.Service{service("c", "health", of("org-c"))}, func(t *testing.T, w *world) events.Envelope {
			return w.ends(t, "org-a", 0, referral.Declined, "", "client_declined")
		}},
		"it is open": {[]hsds.Service{service("c", "health", of("org-c"))}, func(t *testing.T, w *world) events.Envelope { return w.unmet(t, "org-a", 0) }},
		"somebody takes care": {[]hsds.Service{service("c", "health", of("org-c"))}, func(t *testing.T, w *world) events.Envelope {
			w.ends(t, "org-b", 0, referral.Accepted, "", "")
			return w.ends(t, "org-a", 0, referral.Declined, "", "no_capacity")
		}},
		"an authority was asked": {[]hsds.Service{service("c", "health", of("org-b"))}, func(t *testing.T, w *world) events.Envelope {
			return w.ends(t, "org-a", 0, referral.Declined, "", "no_capacity")
		}},
		"another need": {[]hsds.Service{service("c", "legal", of("org-c"))}, func(t *testing.T, w *world) events.Envelope {
			return w.ends(t, "org-a", 0, referral.Declined, "", "no_capacity")
		}},
		"the case was taken back": {[]hsds.Service{service("c", "health", of("org-c"))}, func(t *testing.T, w *world) events.Envelope {
			event := w.ends(t, "org-a", 0, referral.Declined, "", "no_capacity")
			must(t, w.store.Withdraw(t.Context(), w.read(t, ada), referral.NotSaid, w.now))
			return event
		}},
	} {
		t.Run(name, func(t *testing.T) {
			w := helping(t, c.more...)
			if got := w.tells(t, c.ends(t, w)); len(got) != 0 || len(w.next.sent) != 0 || w.read(t, ada).Round != 0 {
				t.Errorf("asked instead: %v", got)
			}
		})
	}
}

// TestWhoHasNoPlaceIsPassedOver: the next that has one is asked.
func TestWhoHasNoPlaceIsPassedOver(t *testing.T) {
	w := helping(t, service("c", "health", of("org-c"), withPlaces(1)), service("d", "health", of("org-d")))
	_, err := w.places.Reserve(t.Context(), places.Claim{Service: "c", Reference: bob, Offered: 1, Until: w.now.Add(24 * time.Hour)})
	must(t, err)
	if got := w.tells(t, w.ends(t, "org-a", 0, referral.Declined, "", "no_capacity")); !slices.Equal(got, []string{"d"}) {
		t.Errorf("asked instead: %v", got)
	}
}

// TestTwoThatFailAtOnce are seen to one after the other: the second waits until the round of the first was told.
func TestTwoThatFailAtOnce(t *testing.T) {
	w := helping(t, service("c", "health", of("org-c")), service("d", "health", of("org-d")))
	first := w.ends(t, "org-a", 0, referral.Declined, "", "no_capacity")
	second := w.ends(t, "org-b", 0, referral.Declined, "", "no_capacity")
	w.tells(t, first)
	if got := w.tells(t, second); !slices.Equal(got, []string{"c"}) || len(w.own.sent) != 2 {
		t.Fatalf("asked instead: %v, %d put off", got, len(w.own.sent))
	}
	w.asked(t, ada, "org-c")
	w.drain(t)
	var services []string
	for _, i := range w.assessment(t, ada).Instead {
		services = append(services, i.Service)
	}
	if !slices.Equal(services, []string{"c", "d"}) {
		t.Errorf("asked instead: %v", services)
	}
}
