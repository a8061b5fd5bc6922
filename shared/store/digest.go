package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// A digest is one mail about many applications. Two things are kept for it: the list of what waits for an authority's next one
// (waiting.go), and an item for each digest, "digests#<country>" + key. The second is to it what a ledger is to the mails of
// one application: it is held by one sender, says "sending" before the mail is handed over and "sent" after, and names what it
// is about, so that whoever goes on after a crash, and whoever hears what became of the mail, finds the applications.

// A Digest is one mail to an authority about what waited for it.
type Digest struct {
	Organization string        `dynamodbav:"organization"`
	Day          string        `dynamodbav:"day"`  // in the country, as Day writes it
	Part         int           `dynamodbav:"part"` // 1 for the first mail of the day; more when one could not hold all
	State        MailState     `dynamodbav:"state"`
	At           time.Time     `dynamodbav:"at,unixtime"` // when it was begun: the time to answer counts from then
	Told         []WaitingMail `dynamodbav:"told"`
	Void         []WaitingMail `dynamodbav:"void"` // what it took off the list without telling it: nobody needs it any more
	Full         bool          `dynamodbav:"full"` // more waits than it could hold: another part follows
	Closed       bool          `dynamodbav:"closed"`
	Reason       string        `dynamodbav:"reason"` // a code: why it failed or was put off
	Holder       string        `dynamodbav:"holder"` // as in Ledger
	Lease        time.Time     `dynamodbav:"lease,unixtime"`
}

// Key names a digest in its country, with the characters that tags of mails may have.
func (d Digest) Key() string {
	return fmt.Sprintf("%s-%s-%02d", digestOf(d.Organization), d.Day, d.Part) // in the order of an organization's
}

// Took is everything that the digest took off the list.
func (d Digest) Took() []WaitingMail { return slices.Concat(d.Told, d.Void) }

// digestLife is how long a digest is kept: reports about a mail come within days, complaints within weeks.
const digestLife = 60 * 24 * time.Hour

func digests(country string) string { return "digests#" + country }

// Digest reads a digest by its key; the zero Digest if it was never begun.
func (s *Store) Digest(ctx context.Context, country, key string) (Digest, error) {
	return s.digest(ctx, "#reference = :list AND #item = :key", country, key)
}

// LatestDigest reads the last digest that was begun for an organization; the zero Digest if none was.
func (s *Store) LatestDigest(ctx context.Context, country, organization string) (Digest, error) {
	return s.digest(ctx, "#reference = :list AND begins_with(#item, :key)", country, digestOf(organization)+"-")
}

func (s *Store) digest(ctx context.Context, condition, country, key string) (found Digest, err error) {
	answer, err := s.Client.Query(ctx, &dynamodb.QueryInput{
		TableName: aws.String(s.Applications), ConsistentRead: aws.Bool(true), Limit: aws.Int32(1), ScanIndexForward: aws.Bool(false),
		KeyConditionExpression:    aws.String(condition),
		ExpressionAttributeNames:  map[string]string{"#reference": "reference", "#item": "item"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":list": text(digests(country)), ":key": text(key)},
	})
	if err == nil && len(answer.Items) > 0 {
		err = attributevalue.UnmarshalMap(answer.Items[0], &found)
	}
	if err != nil {
		return Digest{}, fmt.Errorf("reading digest %s: %w", key, err)
	}
	found.At, found.Lease = found.At.UTC(), found.Lease.UTC()
	return found, nil
}

// ClaimDigest takes a digest, as it was read, and writes it down as it is to be: what it tells, and that it is being sent. Its holder's
// name must never have been used before. The error wraps ErrMailClaimed if another holds it beyond now or has held it since.
func (s *Store) ClaimDigest(ctx context.Context, country string, found, d Digest, now time.Time) error {
	condition := "attribute_not_exists(#holder) OR #holder = :holder" // the second is the SDK's repetition
	values := map[string]types.AttributeValue{}
	if found.Holder != "" {
		condition = "(#holder = :found AND #lease <= :now) OR #holder = :holder"
		values[":found"], values[":now"] = text(found.Holder), unix(now)
	}
	return s.writeDigest(ctx, country, d, condition, values, ErrMailClaimed)
}

// PostDigest records what became of a digest. The error wraps ErrState if another holds it now.
func (s *Store) PostDigest(ctx context.Context, country string, d Digest) error {
	return s.writeDigest(ctx, country, d, "#holder = :holder", map[string]types.AttributeValue{}, ErrState)
}

// writeDigest sets every attribute to what it shall be, those too that are empty now, so that a repetition changes nothing.
func (s *Store) writeDigest(ctx context.Context, country string, d Digest, condition string, values map[string]types.AttributeValue, refused error) error {
	item, err := attributevalue.MarshalMap(d)
	if err != nil {
		return fmt.Errorf("encoding digest %s: %w", d.Key(), err)
	}
	item["expires"] = unix(s.Now().Add(digestLife))
	names := map[string]string{}
	var sets []string
	for name, value := range item {
		names["#"+name], values[":"+name] = name, value
		sets = append(sets, "#"+name+" = :"+name)
	}
	slices.Sort(sets)
	_, err = s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: aws.String(s.Applications), Key: itemKey(digests(country), d.Key()),
		UpdateExpression: aws.String("SET " + strings.Join(sets, ", ")), ConditionExpression: aws.String(condition),
		ExpressionAttributeNames: names, ExpressionAttributeValues: values,
	})
	if err := conditionFailed(err, refused); err != nil {
		return fmt.Errorf("writing digest %s: %w", d.Key(), err)
	}
	return nil
}

// Tell records what became of a mail that waited for a digest. The error wraps ErrState if it doesn't wait; unless because of
// this very call, whose repetition changes nothing.
func (s *Store) Tell(ctx context.Context, reference string, mail Mail) error {
	names := map[string]string{"#mails": "mails", "#m": mailKey(mail.ID), "#s": "s", "#t": "t"} // as Mail keeps them
	values := map[string]types.AttributeValue{
		":waiting": text(string(MailWaiting)), ":state": text(string(mail.State)), ":at": unix(mail.At),
	}
	sets := "#mails.#m.#s = :state, #mails.#m.#t = :at"
	if mail.Due != nil {
		names["#d"], values[":due"] = "d", unix(*mail.Due)
		sets += ", #mails.#m.#d = :due"
	}
	if mail.Behind {
		names["#behind"], values[":behind"] = "behind", &types.AttributeValueMemberBOOL{Value: true}
		sets += ", #mails.#m.#behind = :behind"
	}
	if mail.Reason != "" {
		names["#reason"], values[":reason"] = "reason", text(mail.Reason)
		sets += ", #mails.#m.#reason = :reason"
	}
	_, err := s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: aws.String(s.Applications), Key: itemKey(reference, ledgerItem),
		UpdateExpression:         aws.String("SET " + sets),
		ConditionExpression:      aws.String("#mails.#m.#s = :waiting OR (#mails.#m.#s = :state AND #mails.#m.#t = :at)"),
		ExpressionAttributeNames: names, ExpressionAttributeValues: values,
	})
	if err := conditionFailed(err, ErrState); err != nil {
		return fmt.Errorf("telling of %s of %s: %w", mail.ID, reference, err)
	}
	return nil
}
