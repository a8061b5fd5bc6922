package storetest

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/shared/store"
)

var lease = At.Add(30 * time.Second)

func claimBy(holder string) store.Claim {
	return store.Claim{Reference: ref, Holder: holder, Until: lease}
}

func sending(ids ...string) store.Posting {
	var p store.Posting
	for _, id := range ids {
		p.Mails = append(p.Mails, store.Mail{ID: id, State: store.MailSending, At: At, Attempts: 1})
	}
	return p
}

func ledger(t *testing.T, s *store.Store) store.Ledger {
	t.Helper()
	return read(t, s).Ledger
}

func ledgerIsHeld(t *testing.T, s *store.Store) {
	ctx := t.Context()
	create(t, s, ref)
	unheld := ledger(t, s)
	must(t, s.Claim(ctx, unheld, claimBy("one"), At, sending("receipt")))
	wantErr(t, s.Claim(ctx, unheld, claimBy("two"), lease, sending("receipt")), store.ErrMailClaimed)
	must(t, s.Post(ctx, claimBy("one"), store.Posting{})) // nothing to say is nothing to write
	held := ledger(t, s)
	wantErr(t, s.Claim(ctx, held, claimBy("two"), lease.Add(-time.Second), sending("receipt")), store.ErrMailClaimed)
	wantErr(t, s.Post(ctx, claimBy("two"), sending("authority-1")), store.ErrState)
	must(t, s.Claim(ctx, held, claimBy("two"), lease, store.Posting{}))
	wantErr(t, s.Post(ctx, claimBy("one"), sending("authority-1")), store.ErrState)
	wantErr(t, s.Claim(ctx, held, claimBy("three"), lease.Add(time.Hour), store.Posting{}), store.ErrMailClaimed)
	want := store.Ledger{
		Holder: "two", Lease: lease, Mails: []store.Mail{{ID: "receipt", State: store.MailSending, At: At, Attempts: 1}},
	}
	if diff := cmp.Diff(want, ledger(t, s)); diff != "" {
		t.Errorf("ledger (-want +got):\n%s", diff)
	}
}

func ledgerIsGivenBack(t *testing.T, s *store.Store) {
	ctx := t.Context()
	create(t, s, ref)
	must(t, s.Claim(ctx, store.Ledger{}, claimBy("one"), At, sending("receipt")))
	released := store.Mail{ID: "receipt", State: store.MailReleased, At: At, Reason: "throttled", Attempts: 1}
	must(t, s.Post(ctx, claimBy("one"), store.Posting{Mails: []store.Mail{released}, Over: true}))
	again := store.Mail{ID: "receipt", State: store.MailSending, At: At, Attempts: 2}
	must(t, s.Claim(ctx, ledger(t, s), claimBy("two"), At, store.Posting{Mails: []store.Mail{again}}))
	if diff := cmp.Diff([]store.Mail{again}, ledger(t, s).Mails); diff != "" {
		t.Errorf("mails after a second claim (-want +got):\n%s", diff)
	}
}

func mailsEnd(t *testing.T, s *store.Store) {
	ctx, at := t.Context(), At.Add(time.Second)
	create(t, s, ref)
	must(t, s.Matched(ctx, named(ref), []byte("sealed result"), store.Versions{Catalogue: "v1", Rules: "1-0"}, At, false))
	must(t, s.Claim(ctx, store.Ledger{}, claimBy("one"), At, sending("receipt", "authority-a.b-1")))
	sent := store.Mail{
		ID: "receipt", State: store.MailSent, At: at, Attempts: 1,
	}
	failed := store.Mail{ID: "authority-a.b-1", State: store.MailFailed, At: at, Reason: "bad_address", Attempts: 1}
	next := sending("authority-2").Mails[0]
	must(t, s.Post(ctx, claimBy("one"), store.Posting{Mails: []store.Mail{sent, failed, next}}))
	last := next
	last.State = store.MailSent
	done := &store.HandOver{At: at, Sent: 2, Failed: 1}
	must(t, s.Post(ctx, claimBy("one"), store.Posting{Mails: []store.Mail{last}, Over: true, Notified: done}))
	must(t, s.Post(ctx, claimBy("one"), store.Posting{Mails: []store.Mail{last}, Over: true, Notified: done}))
	found := read(t, s)
	want := store.Ledger{Holder: "one", Lease: time.Unix(0, 0).UTC(), Mails: []store.Mail{last, failed, sent}, Notified: *done}
	if diff := cmp.Diff(want, found.Ledger); diff != "" {
		t.Errorf("ledger (-want +got):\n%s", diff)
	}
	if found.State != store.Notified || !found.NotifiedAt.Equal(at) {
		t.Errorf("application is %s since %s", found.State, found.NotifiedAt)
	}
	if diff := cmp.Diff([]string{"consented:2026-11", "matched:catalogue=v1,rules=1-0", "notified:sent=2,failed=1"}, actions(found)); diff != "" {
		t.Errorf("audit trail (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(sent, found.Ledger.Mail("receipt")); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(store.Mail{ID: "nobody"}, found.Ledger.Mail("nobody")); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
}

// othersAttributesStay is what further functions rely on that keep more of a mail in its entry.
func othersAttributesStay(t *testing.T, s *store.Store) {
	ctx := t.Context()
	create(t, s, ref)
	must(t, s.Claim(ctx, store.Ledger{}, claimBy("one"), At, sending("receipt")))
	key := map[string]types.AttributeValue{
		"reference": &types.AttributeValueMemberS{Value: ref}, "item": &types.AttributeValueMemberS{Value: "ledger"},
	}
	_, err := s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.Applications, Key: key, UpdateExpression: aws.String("SET #mails.#receipt.#feedback = :delivered, #own = :delivered"),
		ConditionExpression:       aws.String("#mails.#receipt.#s = :sending"),
		ExpressionAttributeNames:  map[string]string{"#mails": "mails", "#receipt": "receipt", "#feedback": "feedback", "#s": "s", "#own": "own"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":delivered": &types.AttributeValueMemberS{Value: "delivered"}, ":sending": &types.AttributeValueMemberS{Value: "sending"}},
	})
	must(t, err)
	sent := store.Mail{ID: "receipt", State: store.MailSent, At: At, Attempts: 1}
	must(t, s.Post(ctx, claimBy("one"), store.Posting{Mails: []store.Mail{sent}, Over: true}))
	must(t, s.Claim(ctx, ledger(t, s), claimBy("two"), At, sending("authority-1")))
	answer, err := s.Client.GetItem(ctx, &dynamodb.GetItemInput{TableName: &s.Applications, Key: key, ConsistentRead: aws.Bool(true)})
	must(t, err)
	mails, _ := answer.Item["mails"].(*types.AttributeValueMemberM)
	entry, _ := mails.Value["receipt"].(*types.AttributeValueMemberM)
	if entry.Value["feedback"] == nil || answer.Item["own"] == nil {
		t.Errorf("what another function keeps in the ledger is gone: %+v", entry.Value)
	}
	if diff := cmp.Diff(sent, ledger(t, s).Mail("receipt")); diff != "" {
		t.Errorf("the mail (-want +got):\n%s", diff)
	}
}

func manyClaims(t *testing.T, s *store.Store) {
	create(t, s, ref)
	won := countSuccess(t, store.ErrMailClaimed, func(i int) error {
		return s.Claim(t.Context(), store.Ledger{}, claimBy(string(rune('A'+i))), At, sending("receipt"))
	})
	if won != 1 {
		t.Errorf("%d claims won", won)
	}
}

func repeatedPosts(t *testing.T, s *store.Store) {
	ctx := t.Context()
	create(t, s, ref)
	s.Client = repeating{s.Client}
	must(t, s.Claim(ctx, store.Ledger{}, claimBy("one"), At, sending("receipt")))
	must(t, s.Post(ctx, claimBy("one"), store.Posting{Notified: &store.HandOver{At: At, Sent: 1}, Over: true}))
	must(t, s.Claim(ctx, ledger(t, s), claimBy("two"), At, store.Posting{Over: true}))
	if got := ledger(t, s); got.Holder != "two" || len(got.Mails) != 1 || got.Notified.Sent != 1 {
		t.Errorf("ledger %+v", got)
	}
}

func ledgersAreApart(t *testing.T, s *store.Store) {
	create(t, s, ref)
	must(t, s.Claim(t.Context(), store.Ledger{}, claimBy("one"), At, sending("receipt")))
	other := claimBy("one")
	other.Reference = "ES-0000-0000-0000"
	must(t, s.Claim(t.Context(), store.Ledger{}, other, At, sending("receipt", "authority-1")))
	if mails := ledger(t, s).Mails; len(mails) != 1 {
		t.Errorf("mails: %+v", mails)
	}
}
