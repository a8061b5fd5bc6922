package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/vault"
)

// What the person does about a case: takes it back, answers a question, says whether it helped.

// A Withdrawal is that the person took an application back.
type Withdrawal struct {
	At     time.Time `dynamodbav:"at" json:"at"`
	Reason string    `dynamodbav:"reason" json:"reason"` // of referral.WithdrawReasons
}

// ActOfPerson is the act of a referral that was taken back: whoever does so twice did it once.
const ActOfPerson = "person"

// Withdraw records that the person takes an application back, with all that it asks of authorities: each of its referrals
// that isn't over is withdrawn from then on, whether it was begun or will be. The error wraps ErrState if it is erased. Doing so again
// changes nothing.
func (s *Store) Withdraw(ctx context.Context, found Application, reason string, at time.Time) error {
	err := s.update(ctx, found.Reference, change{
		set:       "#withdrawn = :withdrawn",
		condition: "attribute_exists(#state) AND #state <> :erased AND attribute_not_exists(#withdrawn)",
		names:     []string{"state", "withdrawn"},
		values:    map[string]any{":erased": Erased, ":withdrawn": Withdrawal{at, reason}},
		audit:     []Audit{{at, "person", "withdrawn:" + reason}},
	})
	if errors.Is(err, ErrState) {
		if now, readErr := s.application(ctx, found.Reference); readErr == nil && now.Withdrawn != nil {
			return nil
		}
	}
	return err
}

// withdraw says of each referral that isn't over that it was taken back with the application, by erasing it or as such. It is
// read off the application, so that it holds for a referral that somebody begins or accepts in the same moment, too.
func (a *Application) withdraw() {
	back := Answer{State: referral.Withdrawn, Act: ActOfPerson}
	switch {
	case a.State == Erased:
		back.Reason, back.At = referral.Erased, a.ErasedAt
	case a.Withdrawn != nil:
		back.Reason, back.At = a.Withdrawn.Reason, a.Withdrawn.At
	default:
		return
	}
	for i, mail := range a.Ledger.Mails {
		if strings.HasPrefix(mail.ID, authorityMail) && (mail.Answer == nil || !mail.Answer.State.Final()) {
			a.Ledger.Mails[i].Answer = &back
		}
	}
}

// A Reply is what the person answers to a question of an authority. It is an item of its own: the ledger is paid with every
// write of it.
type Reply struct {
	Question string    `dynamodbav:"question" json:"-"` // its id
	Mail     string    `dynamodbav:"mail" json:"-"`     // that began the referral
	At       time.Time `dynamodbav:"at" json:"at"`      // to the nanosecond, as it is a line of the trail, too
	Text     []byte    `dynamodbav:"text" json:"-"`     // sealed (package vault, Dialogue)
}

const replyItem = "reply#"

type replyRow struct {
	Reference string `dynamodbav:"reference"`
	Item      string `dynamodbav:"item"`
	Expires   int64  `dynamodbav:"expires"`
	Reply
}

// Reply records the answer to a question, once. The error wraps ErrExists if the question was answered before.
func (s *Store) Reply(ctx context.Context, found Application, reply Reply) error {
	row := replyRow{found.Reference, replyItem + reply.Question, found.Expires.Unix(), reply}
	if err := s.create(ctx, s.Applications, "reference", row); err != nil {
		return fmt.Errorf("recording an answer of %s: %w", found.Reference, err)
	}
	return nil
}

// addReplies puts the answers beside their questions, and on the trail.
func (a *Application) addReplies(items map[string]item) error {
	for key, item := range items {
		if !strings.HasPrefix(key, replyItem) {
			continue
		}
		var reply Reply
		if err := attributevalue.UnmarshalMap(item, &reply); err != nil {
			return err
		}
		reply.At = reply.At.UTC()
		for i, mail := range a.Ledger.Mails {
			at := slices.IndexFunc(mail.Questions, func(q Question) bool { return q.ID == reply.Question })
			if mail.ID != reply.Mail || at < 0 {
				continue
			}
			a.Ledger.Mails[i].Questions[at].Reply = &reply
			authority, _, _ := mail.Authority()
			a.Ledger.Trail = append(a.Ledger.Trail, Audit{reply.At, "person", "replied:" + authority})
		}
	}
	return nil
}

// A Rating is whether a referral that is over helped the person, as they say. Who says otherwise later may, once.
type Rating struct {
	Code    string    `dynamodbav:"code" json:"code"` // of referral.Ratings
	At      time.Time `dynamodbav:"at,unixtime" json:"at"`
	Changed bool      `dynamodbav:"changed,omitempty" json:"changed,omitempty"` // it is the second, and the last
}

// Rate records what the person says of a referral. The error wraps ErrState if it isn't over or was rated otherwise since it
// was found, or if this is the third time.
func (s *Store) Rate(ctx context.Context, step Step, code string) error {
	c := newStepping(step, "rated")
	rating := Rating{Code: code, At: step.Audit.At}
	c.values[":open"] = text(string(referral.Accepted))
	over := "attribute_exists(#mails.#m.#answer) AND #mails.#m.#answer.#state <> :open"
	before := step.entry().Rating
	switch {
	case before == nil:
		c.want(over + " AND attribute_not_exists(#mails.#m.#rating)")
	case before.Code == code:
		return nil
	case before.Changed:
		return fmt.Errorf("rating a referral of %s again: %w", step.Reference, ErrState)
	default:
		rating.Changed = true
		c.name("code")
		c.values[":before"] = text(before.Code)
		c.want(over + " AND #mails.#m.#rating.#code = :before")
	}
	c.set("#mails.#m.#rating", "rating", rating)
	c.name("answer", "state")
	return s.step(ctx, step, c, func(now Mail) bool { return now.Rating != nil && now.Rating.Code == code })
}

// DropWrap makes a data key that was released unusable (AddWrap): who was given it reads nothing with it from now on. Doing so
// again, or where there are no keys any more, changes nothing.
func (s *Store) DropWrap(ctx context.Context, keys vault.Keys, name string) error {
	_, err := s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: aws.String(s.KeysTable), Key: map[string]types.AttributeValue{"id": text(keys.ID)},
		UpdateExpression:          aws.String("SET #wraps.#name = :gone"), // minidyn accepts REMOVE and leaves what is there
		ConditionExpression:       aws.String("attribute_exists(#wraps.#name)"),
		ExpressionAttributeNames:  map[string]string{"#wraps": "wraps", "#name": name},
		ExpressionAttributeValues: map[string]types.AttributeValue{":gone": &types.AttributeValueMemberNULL{Value: true}},
	})
	if err := conditionFailed(err, ErrNotFound); err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("dropping a key: %w", err)
	}
	return nil
}
