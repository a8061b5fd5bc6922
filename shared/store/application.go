package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/miict/immerse/shared/vault"
)

// A State says how far an application has come.
type State string

// The states: received → matched → notified, and erased from each of them.
const (
	Received State = "received"
	Matched  State = "matched"
	Notified State = "notified"
	Erased   State = "erased"
)

// An Audit entry says who did what with an application and when. Ids and codes only, never personal data.
type Audit struct {
	At     time.Time `dynamodbav:"at" json:"at"`
	Actor  string    `dynamodbav:"actor" json:"actor"`   // person, intake, matching, notification, operator
	Action string    `dynamodbav:"action" json:"action"` // a code, such as "consented:2026-11"
}

// An Application as stored. The sealed parts are opaque here.
type Application struct {
	Reference      string    `dynamodbav:"reference"`
	Country        string    `dynamodbav:"country"` // ISO 3166-1 alpha-2
	State          State     `dynamodbav:"state"`
	Needs          []string  `dynamodbav:"needs"`
	ConsentVersion string    `dynamodbav:"consent_version"`
	SubmittedAt    time.Time `dynamodbav:"submitted_at"`
	MatchedAt      time.Time `dynamodbav:"matched_at,omitempty"`
	NotifiedAt     time.Time `dynamodbav:"-"` // from the ledger
	ErasedAt       time.Time `dynamodbav:"erased_at,omitempty"`
	Versions                 // that the matches were made with

	Withdrawn *Withdrawal `dynamodbav:"withdrawn,omitempty"` // by the person; nil if it wasn't

	Round     int    `dynamodbav:"round,omitempty"`      // how often matches were added to the first ones
	OpenSince string `dynamodbav:"open_since,omitempty"` // its place among the open applications (open.go); empty: not open

	KeysID      string `dynamodbav:"keys_id"`
	Profile     []byte `dynamodbav:"profile,omitempty"`
	Contact     []byte `dynamodbav:"contact,omitempty"`
	Result      []byte `dynamodbav:"result,omitempty"`
	Answer      []byte `dynamodbav:"answer"`       // package vault: SealAnswer
	SecretCheck []byte `dynamodbav:"secret_check"` // package vault: SecretCheck

	Audit   []Audit   `dynamodbav:"audit"`
	Expires time.Time `dynamodbav:"expires,unixtime"` // set by Create
	Ledger  Ledger    `dynamodbav:"-"`                // an item of its own: what was sent
}

// Versions are those of the catalogue and of the rules (match.RulesOf) that a result was made with: enough to find what
// it can be replayed with.
type Versions struct {
	Catalogue string `dynamodbav:"catalogue,omitempty"`
	Rules     string `dynamodbav:"rules,omitempty"`
}

const applicationItem = "application"

type applicationRow struct {
	Item string `dynamodbav:"item"`
	Application
}

type keysRow struct {
	ID      string            `dynamodbav:"id"`
	Wraps   map[string][]byte `dynamodbav:"wraps"`
	Expires int64             `dynamodbav:"expires"`
}

// Create writes the keys and then the application, which is the moment from which it counts. The error wraps ErrExists
// if there is another application of this reference; the keys, which nothing names, are then taken back as well as can
// be.
func (s *Store) Create(ctx context.Context, application Application, keys vault.Keys) error {
	application.Expires = application.SubmittedAt.Add(s.Retention)
	row := keysRow{ID: keys.ID, Wraps: keys.Wraps, Expires: application.Expires.Unix()}
	if err := s.put(ctx, s.KeysTable, row); err != nil {
		return fmt.Errorf("writing the keys of %s: %w", application.Reference, err)
	}
	// Times that are yet to come are left out: the encoder would write each as a text of its own.
	err := s.create(ctx, s.Applications, "reference", applicationRow{applicationItem, application}, "matched_at", "erased_at")
	if errors.Is(err, ErrExists) {
		err = s.whoseApplication(ctx, application.Reference, keys.ID)
	}
	if err != nil {
		return fmt.Errorf("writing application %s: %w", application.Reference, err)
	}
	return nil
}

// whoseApplication looks whether an application that exists is the one just written: the SDK repeats a write whose
// answer was lost, and the repetition is refused by what the first has done. Only another's makes our keys useless.
func (s *Store) whoseApplication(ctx context.Context, reference, keysID string) error {
	found, err := s.Application(ctx, reference)
	switch {
	case err != nil:
		return err // nothing is known, so nothing is deleted
	case found.KeysID == keysID:
		return nil
	}
	return errors.Join(ErrExists, s.deleteKeys(ctx, keysID))
}

// Application reads an application and its ledger, in one request and consistently. The error wraps ErrNotFound if there
// is none.
func (s *Store) Application(ctx context.Context, reference string) (Application, error) {
	found, err := s.application(ctx, reference)
	if err != nil {
		return Application{}, fmt.Errorf("reading application %s: %w", reference, err)
	}
	return found, nil
}

func (s *Store) application(ctx context.Context, reference string) (Application, error) {
	items, err := s.items(ctx, reference)
	if err != nil {
		return Application{}, err
	}
	if items[applicationItem] == nil {
		return Application{}, ErrNotFound
	}
	var row applicationRow
	var ledger ledgerRow
	err = errors.Join(attributevalue.UnmarshalMap(items[applicationItem], &row), attributevalue.UnmarshalMap(items[ledgerItem], &ledger))
	if err != nil {
		return Application{}, fmt.Errorf("decoding: %w", err)
	}
	row.Ledger = ledger.ledger()
	if err := row.addReplies(items); err != nil {
		return Application{}, fmt.Errorf("decoding a reply: %w", err)
	}
	row.complete()
	return row.Application, nil
}

// complete says of an application what is written once and elsewhere, as every change of its item is paid by its size:
// that all mails have ended is in the ledger, and two lines of the audit trail follow from what they tell of. Those of
// former rounds are in the trail already: MatchedAgain put them there.
func (a *Application) complete() {
	var told []Audit
	if a.Round == 0 && !a.MatchedAt.IsZero() {
		told = append(told, a.matched())
	}
	if done := a.Ledger.Notified; !done.At.IsZero() {
		a.NotifiedAt = done.At
		if a.State == Matched && done.Round == a.Round {
			a.State = Notified
		}
		if done.Round == a.Round {
			told = append(told, done.audit())
		}
	}
	afterIntake := 1 + slices.IndexFunc(a.Audit, func(a Audit) bool { return a.Actor == "intake" })
	a.Audit = slices.Insert(a.Audit, afterIntake, told...) // which is their place if clocks show the same time
	a.Audit = append(a.Audit, a.Ledger.Trail...)
	slices.SortStableFunc(a.Audit, func(a, b Audit) int { return a.At.Compare(b.At) })
	a.withdraw()
}

// matched is the trail's line of the first matching, as long as no other followed.
func (a *Application) matched() Audit { return Audit{a.MatchedAt, "matching", "matched:" + a.said()} }

// said is how the trail says versions.
func (v Versions) said() string { return fmt.Sprintf("catalogue=%s,rules=%s", v.Catalogue, v.Rules) }

// Keys reads the keys of a person. The error wraps ErrNotFound if they are gone: then the application is erased.
func (s *Store) Keys(ctx context.Context, id string) (vault.Keys, error) {
	var row keysRow
	if err := s.get(ctx, s.KeysTable, map[string]types.AttributeValue{"id": text(id)}, &row); err != nil {
		return vault.Keys{}, fmt.Errorf("reading keys: %w", err)
	}
	return vault.Keys{ID: row.ID, Wraps: row.Wraps}, nil
}

// Matched records the sealed result of matching an application, as it was read. open says that there may be more to find
// later. The error wraps ErrState unless the application is received.
func (s *Store) Matched(ctx context.Context, found Application, result []byte, made Versions, at time.Time, open bool) error {
	c := change{
		set:       "#state = :state, #result = :result, #catalogue = :catalogue, #rules = :rules, #matched_at = :at",
		condition: "#state = :received",
		names:     []string{"state", "result", "catalogue", "rules", "matched_at"},
		values: map[string]any{
			":state": Matched, ":received": Received, ":result": result, ":catalogue": made.Catalogue, ":rules": made.Rules, ":at": at,
		},
	}
	if open {
		place, err := s.list(ctx, found, at)
		if err != nil {
			return err
		}
		c.openSince(place)
	}
	return s.update(ctx, found.Reference, c)
}

// Erase makes the personal data of an application unreadable: the keys first, as nothing opens without them, then the
// sealed parts and the answer, which would open for whoever guesses the request. Reference, needs, times and the audit trail stay until they expire. Erasing again changes nothing.
func (s *Store) Erase(ctx context.Context, application Application, actor string, at time.Time) error {
	if err := s.deleteKeys(ctx, application.KeysID); err != nil {
		return fmt.Errorf("erasing %s: %w", application.Reference, err)
	}
	err := s.update(ctx, application.Reference, change{
		// Overwritten rather than removed: minidyn v0.8.0 accepts REMOVE and leaves the attribute where it is.
		set:       "#state = :state, #erased_at = :at, #profile = :gone, #contact = :gone, #result = :gone, #answer = :gone",
		condition: "attribute_exists(#state) AND #state <> :state",
		names:     []string{"state", "erased_at", "profile", "contact", "result", "answer"},
		values:    map[string]any{":state": Erased, ":at": at, ":gone": nil},
		audit:     []Audit{{at, actor, "erased"}},
	})
	if errors.Is(err, ErrState) {
		return nil
	}
	return err
}

func (s *Store) deleteKeys(ctx context.Context, id string) error {
	_, err := s.Client.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName: aws.String(s.KeysTable), Key: map[string]types.AttributeValue{"id": text(id)},
	})
	if err != nil {
		return fmt.Errorf("deleting keys: %w", err)
	}
	return nil
}

// A change is an update of an application together with its audit entries, if there are any, in one write.
type change struct {
	set, condition string
	names          []string       // attributes written as #name in the expressions
	values         map[string]any // by placeholder
	audit          []Audit
}

func (s *Store) update(ctx context.Context, reference string, c change) error {
	names, expression := map[string]string{}, "SET "+c.set
	if len(c.audit) > 0 {
		names["#audit"], c.values[":audit"] = "audit", c.audit
		expression += ", #audit = list_append(#audit, :audit)"
	}
	values, err := attributevalue.MarshalMap(c.values)
	if err != nil {
		return fmt.Errorf("encoding a change of %s: %w", reference, err)
	}
	for _, name := range c.names {
		names["#"+name] = name
	}
	_, err = s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: aws.String(s.Applications), Key: itemKey(reference, applicationItem),
		UpdateExpression: aws.String(expression), ConditionExpression: aws.String(c.condition),
		ExpressionAttributeNames: names, ExpressionAttributeValues: values,
	})
	if err := conditionFailed(err, ErrState); err != nil {
		return fmt.Errorf("changing application %s: %w", reference, err)
	}
	return nil
}
