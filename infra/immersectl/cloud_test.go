package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/miict/immerse/infra/immersectl/internal/queues"
	"github.com/miict/immerse/infra/local/laptop"
	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
)

// system is a laptop with tables and queues and no functions, so that nothing moves by itself.
type system struct {
	*laptop.System
	t *testing.T
}

func start(t *testing.T) system {
	t.Helper()
	definition, err := laptop.Immerse("es")
	if err != nil {
		t.Fatal(err)
	}
	definition.Functions, definition.Mappings, definition.Routes = nil, nil, nil
	running, err := laptop.Start(t.Context(), laptop.Options{Definition: definition})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = running.Stop() })
	return system{running, t}
}

func (s system) run(in string, arguments ...string) ran {
	return command(s.t.Context(), map[string]string{"AWS_ENDPOINT_URL": s.URL}, in, arguments...)
}

// send puts a message with an attribute into a queue.
func (s system) send(queue, body string) {
	s.t.Helper()
	_, err := sqs.NewFromConfig(s.Config()).SendMessage(s.t.Context(), &sqs.SendMessageInput{
		QueueUrl: aws.String(s.Queues.URL("immerse-es-" + queue)), MessageBody: aws.String(body),
		MessageAttributes: map[string]types.MessageAttributeValue{"kept": {DataType: aws.String("String"), StringValue: aws.String("yes")}},
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s system) counts(queue string) (visible, hidden int) {
	for _, c := range s.Queues.Counts() {
		if c.Name == "immerse-es-"+queue {
			visible, hidden = c.Visible, c.InFlight
		}
	}
	return visible, hidden
}

func event(n int) string {
	return fmt.Sprintf(`{"id":"0000000%d-event","type":"eu.immerse.application.submitted.v1","subject":"ES-7K3M-9QXT-40A%d","data":{}}`, n, n)
}

func TestStatusTellsWhatWaitsAndWhatFailed(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.send("matching", event(1))
	calm := s.run("", "status", "-c", "es")
	if calm.code != exitDone || !strings.Contains(calm.out, "immerse-es-matching") || !strings.Contains(calm.out, "n/a") {
		t.Errorf("%+v", calm)
	}
	s.send("notification-dlq", event(2))
	got := s.run("", "status", "-c", "es", "--json")
	var status statusOutput
	if err := json.Unmarshal([]byte(got.out), &status); err != nil {
		t.Fatalf("%v in %s", err, got.out)
	}
	if got.code != exitAttention || !strings.Contains(got.err, "immersectl dlq list") || status.DeadLetters != 1 {
		t.Errorf("exit code %d, %+v, %s", got.code, status, got.err)
	}
	byName := map[string]queues.Queue{}
	for _, queue := range status.Queues {
		byName[queue.Name] = queue
	}
	if waiting := byName["immerse-es-matching"]; waiting.Visible != 1 || waiting.DeadLetters != "immerse-es-matching-dlq" {
		t.Errorf("%+v", waiting)
	}
	if dead := byName["immerse-es-notification-dlq"]; dead.Visible != 1 || len(dead.Sources) != 1 || !dead.Dead() {
		t.Errorf("%+v", dead)
	}
}

func TestAnotherCountryIsNotThere(t *testing.T) {
	t.Parallel()
	got := start(t).run("", "status", "-c", "it")
	if got.code != exitFailed || !strings.Contains(got.err, "immerse-it-") || !strings.Contains(got.err, "Is the system running") {
		t.Errorf("%+v", got)
	}
}

func TestDeadLettersAreShownAndStay(t *testing.T) {
	t.Parallel()
	s := start(t)
	if got := s.run("", "dlq", "list", "-c", "es"); got.code != exitDone || !strings.Contains(got.out, "No message") {
		t.Errorf("%+v", got)
	}
	for i := range 3 {
		s.send("matching-dlq", event(i))
	}
	s.send("notification-dlq", `{"type":"Bounce","subject":"me@example.org","id":"me@example.org"}`)
	s.send("notification-dlq", "me@example.org")
	got := s.run("", "dlq", "list", "-c", "es")
	if got.code != exitAttention || strings.Contains(got.out, "me@") || strings.Count(got.out, "not an event of ours") != 2 ||
		!strings.Contains(got.out, "ES-7K3M-9QXT-40A1") {
		t.Errorf("%+v", got)
	}
	for queue, want := range map[string]int{"matching-dlq": 3, "notification-dlq": 2} {
		if visible, hidden := s.counts(queue); visible != want || hidden != 0 {
			t.Errorf("%s: %d visible, %d hidden", queue, visible, hidden)
		}
	}
	var letters []queues.Letter
	one := s.run("", "dlq", "list", "-c", "es", "--queue", "matching", "--max", "2", "--json")
	if err := json.Unmarshal([]byte(one.out), &letters); err != nil || len(letters) != 2 {
		t.Fatalf("%v: %+v", err, one)
	}
	if l := letters[0]; l.Received != 2 || l.Type != "eu.immerse.application.submitted.v1" || l.EventID == "" || l.SentAt.IsZero() {
		t.Errorf("%+v", l)
	}
	if got := s.run("", "dlq", "list", "-c", "es", "--queue", "mating"); got.code != exitBadInput || !strings.Contains(got.err, "matching, matching-urgent, notification, ") {
		t.Errorf("%+v", got)
	}
}

func TestRedriveMovesMessagesBackWhereTheyFailed(t *testing.T) {
	t.Parallel()
	s := start(t)
	for i := range 25 {
		s.send("matching-dlq", event(i%10))
	}
	s.send("notification-dlq", event(1))
	if got := s.run("", "dlq", "redrive", "-c", "es", "--dry-run"); got.code != exitDone || strings.Count(got.out, "submitted.v1") != 26 {
		t.Errorf("dry run: %+v", got)
	}
	if visible, _ := s.counts("matching-dlq"); visible != 25 {
		t.Fatalf("the dry run left %d", visible)
	}
	if got := s.run("", "dlq", "redrive", "-c", "es", "--queue", "matching-dlq", "--max", "4", "--json"); strings.Count(got.out, `"moved":true`) != 4 {
		t.Errorf("four: %+v", got)
	}
	left, hidden := s.counts("matching-dlq")
	if visible, _ := s.counts("matching"); visible != 4 || left != 21 || hidden != 0 {
		t.Errorf("%d moved, %d left, %d hidden", visible, left, hidden)
	}
	if got := s.run("", "dlq", "redrive", "-c", "es"); got.code != exitDone || got.out != "22 messages were moved back.\n" {
		t.Errorf("the rest: %+v", got)
	}
	moved, _ := s.counts("matching")
	if other, _ := s.counts("notification"); moved != 25 || other != 1 {
		t.Errorf("%d in matching, %d in notification", moved, other)
	}
	taken, err := sqs.NewFromConfig(s.Config()).ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{
		QueueUrl: aws.String(s.Queues.URL("immerse-es-notification")), MessageAttributeNames: []string{"All"},
	})
	if err != nil || len(taken.Messages) != 1 || *taken.Messages[0].Body != event(1) || *taken.Messages[0].MessageAttributes["kept"].StringValue != "yes" {
		t.Errorf("%v: %+v", err, taken)
	}
}

// application writes a case and the keys of its person.
func (s system) application(reference string) *store.Store {
	kept := &store.Store{
		Client: dynamodb.NewFromConfig(s.Config()), Applications: "immerse-es-applications", KeysTable: "immerse-es-keys",
		Retention: time.Hour, Now: time.Now,
	}
	now := time.Now().UTC()
	err := kept.Create(s.t.Context(), store.Application{
		Reference: reference, Country: "ES", State: store.Received, Needs: []string{"health"}, SubmittedAt: now, KeysID: "keys-1",
		Profile: []byte("SEALED"), Contact: []byte("SEALED"), Answer: []byte("SEALED"), SecretCheck: []byte("CHECK"),
		Audit: []store.Audit{{At: now, Actor: "intake", Action: "received"}},
	}, vault.Keys{ID: "keys-1", Wraps: map[string][]byte{"profile:matching": []byte("WRAP")}})
	if err != nil {
		s.t.Fatal(err)
	}
	mail := store.Mail{ID: "receipt", State: store.MailFailed, At: now, Reason: "address_refused", Attempts: 1}
	claim := store.Claim{Reference: reference, Holder: "one", Until: now}
	if err := kept.Claim(s.t.Context(), store.Ledger{}, claim, now, store.Posting{Mails: []store.Mail{mail}, Over: true}); err != nil {
		s.t.Fatal(err)
	}
	return kept
}

func TestEraseAsksThenErasesAndAuditTells(t *testing.T) {
	t.Parallel()
	s := start(t)
	const reference = "ES-7K3M-9QXT-40AB"
	kept := s.application(reference)
	for _, answered := range []string{"", "yes\n", "ES-7K3M-9QXT-40AC\n"} {
		if got := s.run(answered, "erase", "--reference", reference); got.code != exitBadInput || !strings.Contains(got.err, "nothing was erased") {
			t.Errorf("answered %q: %+v", answered, got)
		}
	}
	if _, err := kept.Keys(t.Context(), "keys-1"); err != nil {
		t.Fatalf("the keys went too early: %v", err)
	}
	if got := s.run("es 7k3m 9qxt 4Oab\n", "erase", "--reference", "es7k3m9qxt40ab"); got.code != exitDone || got.out != reference+" is erased.\n" {
		t.Errorf("%+v", got)
	}
	if _, err := kept.Keys(t.Context(), "keys-1"); err == nil {
		t.Error("the keys are still there")
	}
	if visible, _ := s.counts("notification"); visible != 1 {
		t.Errorf("%d messages to those who were asked", visible)
	}
	if again := s.run("", "erase", "--reference", reference, "--yes", "--json"); again.code != exitDone || !strings.Contains(again.out, `"before": true`) {
		t.Errorf("again: %+v", again)
	}
	text := s.run("", "audit", "--reference", reference)
	for _, want := range []string{"erased", "operator", "intake", "received", "receipt", "failed (address_refused)"} {
		if !strings.Contains(text.out, want) {
			t.Errorf("%q is not in:\n%s", want, text.out)
		}
	}
	var told trail
	if got := s.run("", "audit", "--reference", reference, "--json"); json.Unmarshal([]byte(got.out), &told) != nil ||
		told.State != store.Erased || len(told.Audit) != 2 || told.Audit[1].Actor != "operator" || len(told.Mails) != 1 ||
		strings.Contains(got.out+text.out, "SEALED") || strings.Contains(got.out, "health") {
		t.Errorf("%+v", got)
	}
	if got := s.run("", "audit", "--reference", "ES-0000-0000-0000"); got.code != exitBadInput || !strings.Contains(got.err, "there is no case") {
		t.Errorf("%+v", got)
	}
}

func TestNobodyAtHome(t *testing.T) {
	t.Parallel()
	got := command(t.Context(), map[string]string{"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, "", "status", "-c", "es")
	if got.code != exitFailed || !strings.Contains(got.err, "Is the system running at AWS_ENDPOINT_URL") {
		t.Errorf("%+v", got)
	}
}

func TestLinksAreRevokedAndTheTrailSaysSo(t *testing.T) {
	t.Parallel()
	s := start(t)
	const reference = "ES-7K3M-9QXT-40AB"
	kept := s.application(reference)
	found, err := kept.Application(t.Context(), reference)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().UTC()
	claim := store.Claim{Reference: reference, Holder: "two", Until: now}
	mails := []store.Mail{
		{ID: store.ReferralID("org", 0), State: store.MailSending, At: now, Attempts: 1}, {ID: store.ReferralID("org", 1), State: store.MailSending, At: now, Attempts: 1},
		{ID: store.ReferralID("other", 0), State: store.MailSending, At: now, Attempts: 1},
	}
	if err := kept.Claim(t.Context(), found.Ledger, claim, now.Add(time.Minute), store.Posting{Mails: mails, Over: true}); err != nil {
		t.Fatal(err)
	}
	if got := s.run("", "revoke", "--reference", reference, "--organization", "nobody"); got.code != exitBadInput || !strings.Contains(got.err, "org, other") {
		t.Errorf("%+v", got)
	}
	if got := s.run("", "revoke", "--reference", reference, "--organization", "org", "--json"); got.code != exitDone || !strings.Contains(got.out, `"referrals": 2`) {
		t.Errorf("%+v", got)
	}
	links := func() int { waiting, _ := s.counts("notification"); return waiting }
	if links() != 2 {
		t.Errorf("%d new links were asked for", links())
	}
	if got := s.run("", "revoke", "--reference", reference, "--organization", "other", "--no-link"); got.code != exitDone || strings.Contains(got.out, "new one") || links() != 2 {
		t.Errorf("%+v, and %d new links", got, links())
	}
	if found, err = kept.Application(t.Context(), reference); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]int{store.ReferralID("org", 0): 1, store.ReferralID("org", 1): 1, store.ReferralID("other", 0): 1} {
		if got := found.Ledger.Mail(id).Generation; got != want {
			t.Errorf("%s is of generation %d, want %d", id, got, want)
		}
	}
	if got := s.run("", "audit", "--reference", reference); !strings.Contains(got.out, "links_revoked:org") {
		t.Errorf("%+v", got)
	}
}
