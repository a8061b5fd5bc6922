package storetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/shared/store"
	"github.com/miict/immerse/shared/vault"
)

// At is the time at which the sample was submitted.
var At = time.Date(2026, 11, 22, 9, 30, 0, 0, time.UTC)

// Sample is an application as intake writes it, with its keys.
func Sample(reference string) (store.Application, vault.Keys) {
	return store.Application{
		Reference: reference, Country: "ES", State: store.Received, Needs: []string{"language", "employment"},
		ConsentVersion: "2026-11", SubmittedAt: At, KeysID: "keys of " + reference,
		Profile: []byte("sealed profile"), Contact: []byte("sealed contact"), Answer: []byte("sealed answer"),
		SecretCheck: []byte("check"), Audit: []store.Audit{{At: At, Actor: "intake", Action: "consented:2026-11"}},
	}, vault.Keys{ID: "keys of " + reference, Wraps: map[string][]byte{"profile:matching": {1, 2, 3}}}
}

// Run holds a DynamoDB to what the store relies on.
func Run(t *testing.T, client *dynamodb.Client) {
	tests := map[string]func(*testing.T, *store.Store){
		"what is created is read back":              createdIsReadBack,
		"creating twice keeps the first":            createTwice,
		"of fifty creators one wins":                manyCreators,
		"an expired item is not there":              expired,
		"a repeated write is no other's":            repeatedWrite,
		"states follow each other":                  states,
		"erasure leaves nothing to open":            erasure,
		"a ledger is held by one":                   ledgerIsHeld,
		"a ledger is given back":                    ledgerIsGivenBack,
		"mails end in the ledger":                   mailsEnd,
		"others' attributes stay":                   othersAttributesStay,
		"of fifty claims one wins":                  manyClaims,
		"a repeated posting changes nothing":        repeatedPosts,
		"open applications are listed by age":       openByAge,
		"matches are added round by round":          rounds,
		"a place that was missing is recorded":      waits,
		"a referral is answered once":               answeredOnce,
		"an answer repeated changes nothing":        answeredTwice,
		"of fifty officers one answers":             manyOfficers,
		"questions are asked and bounded":           questions,
		"a view is on the trail, or is none":        views,
		"a contact is released once":                contacts,
		"links are revoked":                         revoked,
		"taken back, a case has no open referral":   withdrawn,
		"erased, a case has no open referral":       erasedReferrals,
		"a question is answered once":               replies,
		"a rating can be changed once":              ratings,
		"figures are counted by one":                countings,
		"an appointment may be for no referral":     withoutClocks,
		"a released key is dropped":                 droppedKeys,
		"later rounds have referrals of their own":  laterRounds,
		"a sender leaves answers alone":             senderLeavesAnswers,
		"reports of a mail are a set":               heard,
		"a report may come before its mail is sent": heardEarly,
		"an inbox is dead once":                     deadInboxes,
		"what waits is listed by authority":         waitingIsListed,
		"a digest is held by one":                   digestIsHeld,
		"what waited is told once":                  toldOnce,
		"keys are added while there are keys":       addedKeys,
		"there is one root per opener":              roots,
		"references do not see others' mails":       ledgersAreApart,
		"an application that is not is refused":     absent,
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := NewAt(t, client)
			s.Now = func() time.Time { return At.Add(time.Minute) }
			test(t, s)
		})
	}
}

const ref = "ES-7K3M-9QXT-40AB"

func create(t *testing.T, s *store.Store, reference string) store.Application {
	t.Helper()
	application, keys := Sample(reference)
	must(t, s.Create(t.Context(), application, keys))
	application.Expires = At.Add(s.Retention)
	return application
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantErr(t *testing.T, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("error %v, want %v", got, want)
	}
}

func read(t *testing.T, s *store.Store) store.Application {
	t.Helper()
	application, err := s.Application(t.Context(), ref)
	must(t, err)
	return application
}

func createdIsReadBack(t *testing.T, s *store.Store) {
	want := create(t, s, ref)
	if diff := cmp.Diff(want, read(t, s)); diff != "" {
		t.Errorf("application (-written +read):\n%s", diff)
	}
	_, wantKeys := Sample(ref)
	keys, err := s.Keys(t.Context(), wantKeys.ID)
	must(t, err)
	if diff := cmp.Diff(wantKeys, keys); diff != "" {
		t.Errorf("keys (-written +read):\n%s", diff)
	}
}

func createTwice(t *testing.T, s *store.Store) {
	create(t, s, ref)
	second, keys := Sample(ref)
	second.Needs, second.KeysID, keys.ID = []string{"health"}, "other", "other"
	wantErr(t, s.Create(t.Context(), second, keys), store.ErrExists)
	if got := read(t, s).Needs[0]; got != "language" {
		t.Errorf("the second creation changed the first: need %s", got)
	}
	_, err := s.Keys(t.Context(), "other")
	wantErr(t, err, store.ErrNotFound)
}

// countSuccess runs fifty at once and counts those without error; the others must fail with want.
func countSuccess(t *testing.T, want error, try func(i int) error) int {
	t.Helper()
	var group sync.WaitGroup
	errs := make([]error, 50)
	for i := range errs {
		group.Go(func() { errs[i] = try(i) })
	}
	group.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		wantErr(t, err, want)
	}
	return won
}

func manyCreators(t *testing.T, s *store.Store) {
	won := countSuccess(t, store.ErrExists, func(i int) error {
		application, keys := Sample(ref)
		keys.ID += string(rune('A' + i))
		application.KeysID = keys.ID
		return s.Create(t.Context(), application, keys)
	})
	if won != 1 {
		t.Errorf("%d creators won", won)
	}
	_, err := s.Keys(t.Context(), read(t, s).KeysID)
	must(t, err)
}

// repeating makes every write twice, as the SDK does when the answer to the first is lost.
type repeating struct{ store.DynamoDB }

func (r repeating) UpdateItem(ctx context.Context, in *dynamodb.UpdateItemInput, options ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
	if _, err := r.DynamoDB.UpdateItem(ctx, in, options...); err != nil {
		return nil, err
	}
	return r.DynamoDB.UpdateItem(ctx, in, options...)
}

func (r repeating) PutItem(ctx context.Context, in *dynamodb.PutItemInput, options ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
	if _, err := r.DynamoDB.PutItem(ctx, in, options...); err != nil {
		return nil, err
	}
	return r.DynamoDB.PutItem(ctx, in, options...)
}

func repeatedWrite(t *testing.T, s *store.Store) {
	s.Client = repeating{s.Client}
	create(t, s, ref)
	_, err := s.Keys(t.Context(), read(t, s).KeysID)
	must(t, err)
}

func expired(t *testing.T, s *store.Store) {
	create(t, s, ref)
	s.Now = func() time.Time { return At.Add(s.Retention) }
	_, err := s.Application(t.Context(), ref)
	wantErr(t, err, store.ErrNotFound)
	_, err = s.Keys(t.Context(), "keys of "+ref)
	wantErr(t, err, store.ErrNotFound)
}

func states(t *testing.T, s *store.Store) {
	ctx := t.Context()
	create(t, s, ref)
	must(t, s.Matched(ctx, named(ref), []byte("sealed result"), store.Versions{Catalogue: "v1", Rules: "1-0"}, At.Add(time.Second), false))
	wantErr(t, s.Matched(ctx, named(ref), []byte("another"), store.Versions{Catalogue: "v2", Rules: "1-0"}, At, false), store.ErrState)
	if got := read(t, s); got.State != store.Matched || string(got.Result) != "sealed result" || got.Catalogue != "v1" {
		t.Errorf("after matching: %+v", got)
	}
	done := &store.HandOver{At: At.Add(2 * time.Second), Sent: 3, Failed: 1}
	must(t, s.Claim(ctx, store.Ledger{}, claimBy("one"), At, store.Posting{Over: true, Notified: done}))
	got := read(t, s)
	if got.State != store.Notified || !got.NotifiedAt.Equal(done.At) {
		t.Errorf("after all: %+v", got)
	}
	want := []string{"consented:2026-11", "matched:catalogue=v1,rules=1-0", "notified:sent=3,failed=1"}
	if diff := cmp.Diff(want, actions(got)); diff != "" {
		t.Errorf("audit trail (-want +got):\n%s", diff)
	}
}

func actions(application store.Application) []string {
	var actions []string
	for _, entry := range application.Audit {
		actions = append(actions, entry.Action)
	}
	return actions
}

func erasure(t *testing.T, s *store.Store) {
	ctx := t.Context()
	application := create(t, s, ref)
	must(t, s.Matched(ctx, named(ref), []byte("sealed result"), store.Versions{Catalogue: "v1", Rules: "1-0"}, At, true))
	must(t, s.Erase(ctx, application, "person", At.Add(time.Second)))
	must(t, s.Erase(ctx, application, "person", At.Add(time.Hour)))
	got := read(t, s)
	if got.State != store.Erased || got.Profile != nil || got.Contact != nil || got.Result != nil || got.Answer != nil {
		t.Errorf("after erasure: %+v", got)
	}
	if diff := cmp.Diff([]string{"consented:2026-11", "matched:catalogue=v1,rules=1-0", "erased"}, actions(got)); diff != "" {
		t.Errorf("audit trail (-want +got):\n%s", diff)
	}
	_, err := s.Keys(ctx, application.KeysID)
	wantErr(t, err, store.ErrNotFound)
	wantErr(t, s.Matched(ctx, named(ref), []byte("late"), store.Versions{Catalogue: "v1", Rules: "1-0"}, At, false), store.ErrState)
	must(t, s.Claim(ctx, store.Ledger{}, claimBy("one"), At, store.Posting{Over: true, Notified: &store.HandOver{At: At, Sent: 1}}))
	if got := read(t, s); got.State != store.Erased || got.NotifiedAt.IsZero() {
		t.Errorf("erased while being notified: %+v", got)
	}
}

// named is an application of which nothing but the reference matters.
func named(reference string) store.Application {
	application, _ := Sample(reference)
	return application
}

func absent(t *testing.T, s *store.Store) {
	ctx := t.Context()
	_, err := s.Application(ctx, ref)
	wantErr(t, err, store.ErrNotFound)
	wantErr(t, s.Matched(ctx, named(ref), []byte("result"), store.Versions{Catalogue: "v1", Rules: "1-0"}, At, false), store.ErrState)
}

func roots(t *testing.T, s *store.Store) {
	ctx := t.Context()
	_, err := s.Root(ctx, vault.Matching)
	wantErr(t, err, vault.ErrNoRoot)
	want := vault.Root{Opener: vault.Matching, Public: []byte("public"), Private: []byte("private")}
	must(t, s.CreateRoot(ctx, want))
	wantErr(t, s.CreateRoot(ctx, vault.Root{Opener: vault.Matching, Public: []byte("x"), Private: []byte("y")}), vault.ErrRootExists)
	got, err := s.Root(ctx, vault.Matching)
	must(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("root (-written +read):\n%s", diff)
	}
	next := vault.Root{Opener: vault.Matching, Private: []byte("next"), At: At}
	must(t, s.ReplaceRoot(ctx, want, next))
	must(t, s.ReplaceRoot(ctx, want, next)) // the answer to the first was lost
	wantErr(t, s.ReplaceRoot(ctx, want, vault.Root{Opener: vault.Matching, Private: []byte("late")}), store.ErrState)
	got, err = s.Root(ctx, vault.Matching)
	must(t, err)
	if string(got.Private) != "next" || !got.At.Equal(At) {
		t.Errorf("replaced by %+v", got)
	}
}
