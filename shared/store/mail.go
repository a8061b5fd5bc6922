package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// A MailState says how far an e-mail has come.
type MailState string

// The states of a mail. Released is a mail that was not sent for now: it may be claimed again.
const (
	MailSending  MailState = "sending"
	MailReleased MailState = "released"
	MailSent     MailState = "sent"
	MailFailed   MailState = "failed"
)

// A Mail records one e-mail of an application. It holds no address: who gets it follows from the id.
type Mail struct {
	ID        string    `dynamodbav:"-" json:"id"` // "receipt", or "authority-<organization id>"
	State     MailState `dynamodbav:"state" json:"state"`
	At        time.Time `dynamodbav:"at" json:"at"`
	Lease     time.Time `dynamodbav:"lease,unixtime" json:"-"` // until when a claim holds
	MessageID string    `dynamodbav:"message_id,omitempty" json:"message_id,omitempty"`
	Reason    string    `dynamodbav:"reason,omitempty" json:"reason,omitempty"`
	Attempts  int       `dynamodbav:"attempts" json:"attempts"`
}

const mailPrefix = "mail#"

// ClaimMail records "sending" before an e-mail is sent, so that only one sends it. A claim whose lease is over may be
// taken: its holder died between "sending" and "sent", and nobody knows whether the mail went. This is the one window
// in which a mail may go twice. The error wraps ErrMailSent, ErrMailFailed or ErrMailClaimed if it is not to be sent now.
func (s *Store) ClaimMail(ctx context.Context, reference, mailID string, now, leaseUntil time.Time) error {
	err := s.updateMail(ctx, reference, mailID, mailChange{
		set:       "#state = :sending, #at = :now, #lease = :lease, #expires = :expires ADD #attempts :one",
		condition: "attribute_not_exists(#state) OR #state = :released OR (#state = :sending AND #lease <= :now_unix)",
		names:     []string{"state", "at", "lease", "expires", "attempts"},
		values: map[string]any{
			":sending": MailSending, ":released": MailReleased, ":now": now, ":now_unix": now.Unix(), ":lease": leaseUntil.Unix(),
			":expires": s.expires(now), ":one": 1,
		},
	})
	if !errors.Is(err, ErrState) {
		return err
	}
	return s.whyNotClaimed(ctx, reference, mailID)
}

func (s *Store) whyNotClaimed(ctx context.Context, reference, mailID string) error {
	var mail Mail
	if err := s.get(ctx, s.Applications, itemKey(reference, mailPrefix+mailID), &mail); err != nil {
		return fmt.Errorf("reading mail %s of %s: %w", mailID, reference, err)
	}
	meaning := map[MailState]error{MailSent: ErrMailSent, MailFailed: ErrMailFailed}[mail.State]
	if meaning == nil {
		meaning = ErrMailClaimed
	}
	return fmt.Errorf("claiming mail %s of %s: %w", mailID, reference, meaning)
}

// MailSent records that a mail was handed to SES under its message id.
func (s *Store) MailSent(ctx context.Context, reference, mailID, messageID string, at time.Time) error {
	return s.finishMail(ctx, reference, mailID, MailSent, "message_id", messageID, at)
}

// MailFailed records that a mail can never be sent, and why, as a code.
func (s *Store) MailFailed(ctx context.Context, reference, mailID, reason string, at time.Time) error {
	return s.finishMail(ctx, reference, mailID, MailFailed, "reason", reason, at)
}

// ReleaseMail gives a claim back: the mail was certainly not sent and may be tried again.
func (s *Store) ReleaseMail(ctx context.Context, reference, mailID string) error {
	return s.finishMail(ctx, reference, mailID, MailReleased, "reason", "released", s.Now())
}

// finishMail ends a claim. A mail that was sent stays sent whatever comes later; ending it in the same way again, as the
// SDK does when an answer is lost, changes nothing.
func (s *Store) finishMail(ctx context.Context, reference, mailID string, state MailState, attribute, value string, at time.Time) error {
	return s.updateMail(ctx, reference, mailID, mailChange{
		set:       "#state = :state, #at = :at, #" + attribute + " = :value",
		condition: "#state = :sending OR (#state = :state AND #" + attribute + " = :value)",
		names:     []string{"state", "at", attribute},
		values:    map[string]any{":state": state, ":sending": MailSending, ":at": at, ":value": value},
	})
}

type mailChange struct {
	set, condition string
	names          []string
	values         map[string]any
}

func (s *Store) updateMail(ctx context.Context, reference, mailID string, c mailChange) error {
	values, err := attributevalue.MarshalMap(c.values)
	if err != nil {
		return fmt.Errorf("encoding mail %s of %s: %w", mailID, reference, err)
	}
	names := map[string]string{}
	for _, name := range c.names {
		names["#"+name] = name
	}
	_, err = s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: aws.String(s.Applications), Key: itemKey(reference, mailPrefix+mailID),
		UpdateExpression: aws.String("SET " + c.set), ConditionExpression: aws.String(c.condition),
		ExpressionAttributeNames: names, ExpressionAttributeValues: values,
	})
	if err := conditionFailed(err, ErrState); err != nil {
		return fmt.Errorf("recording mail %s of %s: %w", mailID, reference, err)
	}
	return nil
}

// Mails lists the mails of an application, by id. There are at most as many as authorities, so one page holds them.
func (s *Store) Mails(ctx context.Context, reference string) ([]Mail, error) {
	answer, err := s.Client.Query(ctx, &dynamodb.QueryInput{
		TableName: aws.String(s.Applications), ConsistentRead: aws.Bool(true),
		KeyConditionExpression:    aws.String("#reference = :reference AND begins_with(#item, :prefix)"),
		ExpressionAttributeNames:  map[string]string{"#reference": "reference", "#item": "item"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":reference": text(reference), ":prefix": text(mailPrefix)},
	})
	if err != nil {
		return nil, fmt.Errorf("listing the mails of %s: %w", reference, err)
	}
	mails := make([]Mail, len(answer.Items))
	for i, item := range answer.Items {
		if err := attributevalue.UnmarshalMap(item, &mails[i]); err != nil {
			return nil, fmt.Errorf("decoding a mail of %s: %w", reference, err)
		}
		if key, ok := item["item"].(*types.AttributeValueMemberS); ok {
			mails[i].ID = strings.TrimPrefix(key.Value, mailPrefix)
		}
	}
	return mails, nil
}
