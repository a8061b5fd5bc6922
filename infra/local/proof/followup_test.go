package proof

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/miict/immerse/functions/followup"
	"github.com/miict/immerse/infra/local/laptop"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

// putAside lays a message into each dead-letter queue, and has followup find all of them.
func (s *system) putAside(t *testing.T, code string) {
	t.Helper()
	if done := s.sweep(t); done.Aside != 0 {
		t.Errorf("%d lie aside before", done.Aside)
	}
	definition, err := laptop.Immerse(code)
	if err != nil {
		t.Fatal(err)
	}
	laid := 0
	for _, q := range definition.Queues {
		if q.DeadLetterQueue == "" {
			continue
		}
		if err := s.Queues.Put(q.DeadLetterQueue, "{}"); err != nil {
			t.Fatal(err)
		}
		laid++
	}
	if done := s.sweep(t); done.Aside != laid || laid == 0 {
		t.Errorf("%d of %d that lie aside were found", done.Aside, laid)
	}
	if want := fmt.Sprintf(`"DeadLetters":%d`, laid); !strings.Contains(s.logs.String(), want) {
		t.Errorf("the log has no %s", want)
	}
}

// followedUp hands an application in, lets its times be over, and sweeps.
func (s *system) followedUp(t *testing.T, code string) {
	t.Helper()
	pack, err := country.Load(code)
	if err != nil {
		t.Fatal(err)
	}
	zone, err := pack.Location()
	if err != nil {
		t.Fatal(err)
	}
	own := application("en")
	own["residence"] = map[string]any{"region": region(t, code)}
	receipt := s.submit(t, own, "followed-up").receipt(t)
	s.notified(t, receipt)
	items := &store.Store{
		Client: dynamodb.NewFromConfig(s.Config()), Applications: "immerse-" + code + "-applications", Retention: pack.Retention(), Now: time.Now,
	}
	found, err := items.Application(t.Context(), receipt.Reference)
	if err != nil {
		t.Fatal(err)
	}
	past := time.Now().Add(-time.Hour)
	due := store.Appointment{Reference: receipt.Reference, Day: store.Day(time.Now(), zone)}
	for _, mail := range found.Ledger.Referrals() {
		due.Clocks = append(due.Clocks, store.Clock{Mail: mail.ID, Remind: past, Escalate: past, Lapse: past})
	}
	if err := items.Appoint(t.Context(), pack.Code, due); err != nil {
		t.Fatal(err)
	}
	if done := s.sweep(t); done.Expired != len(due.Clocks) || done.Expired == 0 || !done.Finished {
		t.Errorf("swept %+v of %d", done, len(due.Clocks))
	}
	s.lapsed(t, receipt, len(due.Clocks))
	if found, err = items.Application(t.Context(), receipt.Reference); err != nil {
		t.Fatal(err)
	}
	for _, clock := range due.Clocks { // others may have been asked instead meanwhile (decision 2202)
		mail := found.Ledger.Mail(clock.Mail)
		if answer, err := mail.Decided(); err != nil || answer.State() != referral.Expired {
			t.Errorf("%s is %q, %v", mail.ID, answer.Code(), err)
		}
	}
	s.retained(t, items, pack.Code, due)
}

// lapsed waits until the person was told of each authority that did not answer, once.
func (s *system) lapsed(t *testing.T, r receipt, want int) {
	t.Helper()
	told := map[string]int{}
	waitFor(t, "the person to be told", func() bool {
		clear(told)
		for id, mails := range s.mails(t, r) {
			if strings.HasPrefix(id, "lapse-") {
				told[id] = len(mails)
			}
		}
		return len(told) >= want
	})
	for id, times := range told {
		if times != 1 {
			t.Errorf("%s was sent %d times", id, times)
		}
	}
	if len(told) != want {
		t.Errorf("told of %d of %d", len(told), want)
	}
}

// retained lets the application's time be over.
func (s *system) retained(t *testing.T, items *store.Store, country string, due store.Appointment) {
	t.Helper()
	_, err := dynamodb.NewFromConfig(s.Config()).UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName:        aws.String(items.Applications),
		Key:              map[string]types.AttributeValue{"reference": &types.AttributeValueMemberS{Value: due.Reference}, "item": &types.AttributeValueMemberS{Value: "application"}},
		UpdateExpression: aws.String("SET expires = :soon"), ExpressionAttributeValues: map[string]types.AttributeValue{
			":soon": &types.AttributeValueMemberN{Value: strconv.FormatInt(time.Now().Add(time.Hour).Unix(), 10)},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := items.Appoint(t.Context(), country, due); err != nil {
		t.Fatal(err)
	}
	if done := s.sweep(t); done.Erased != 1 {
		t.Errorf("swept %+v", done)
	}
	found, err := items.Application(t.Context(), due.Reference)
	if err != nil || found.State != store.Erased || len(found.Contact) > 0 {
		t.Errorf("after its retention: %s, %v", found.State, err)
	}
	if at, err := items.Attested(t.Context(), country, due.Reference); err != nil || at.IsZero() {
		t.Errorf("attested at %s, %v", at, err)
	}
}

// sweep starts a sweep by hand.
func (s *system) sweep(t *testing.T) (done followup.Report) {
	t.Helper()
	got := s.must(t, http.MethodPost, "/_local/followup", "")
	if err := json.Unmarshal([]byte(got.body), &done); err != nil || got.status != http.StatusOK {
		t.Fatalf("sweeping: %d %s", got.status, got.body)
	}
	return done
}
