package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// The list of what is due: for each application and round an appointment on the day on which something is to be done next.
// It is kept by day and shard, "due#<country>#<day>#<shard>", so that whoever goes through what is due reads nothing
// else, and no partition gets all writes of a day. As with the open applications (open.go), an appointment is made before
// what it is about and cancelled after: there may be too many for a moment, never too few.

// DueShards is among how many partitions a day's appointments are spread.
const DueShards = 2

// An Appointment says when the referrals of an application are to be looked at again.
type Appointment struct {
	Reference string
	Round     int    // of matches that the referrals are about
	Of        string // the organization, when it is about one referral alone, told later than the others; else empty
	Day       string // "2026-11-25", in the country
	Clocks    []Clock
	Urgent    bool // the case can't wait: what is due goes the way of such (decision 2002)
}

// A Clock says when a referral's authority is reminded, when it is asked elsewhere, and when the referral ends without an
// answer: mornings of working days where the person lives. It holds times only, as followup may not know where that is. A zero
// time is left out.
type Clock struct {
	Mail                    string // id
	Remind, Escalate, Lapse time.Time
	Event                   time.Time // when the person is reminded of the event that the referral is about
}

// appointmentRow is an appointment as it is kept: each set of times once, with all whose times they are, so that it
// stays below 1 KB (mailkey.go).
type appointmentRow struct {
	Reference string     `dynamodbav:"application"`
	Round     int        `dynamodbav:"round"`
	Of        string     `dynamodbav:"of"`
	Clocks    []timesRow `dynamodbav:"clocks"`
	Urgent    bool       `dynamodbav:"urgent"`
}

type timesRow struct {
	Mails    []string   `dynamodbav:"m"` // by mailKey
	Remind   time.Time  `dynamodbav:"r,unixtime"`
	Escalate time.Time  `dynamodbav:"e,unixtime"`
	Lapse    time.Time  `dynamodbav:"l,unixtime"`
	Event    *time.Time `dynamodbav:"p,unixtime,omitempty"`
}

func (a Appointment) times() (rows []timesRow) {
	for _, clock := range a.Clocks {
		key := mailKey(clock.Mail)
		i := slices.IndexFunc(rows, func(row timesRow) bool {
			return row.Remind.Equal(clock.Remind) && row.Escalate.Equal(clock.Escalate) && row.Lapse.Equal(clock.Lapse) &&
				row.event().Equal(clock.Event)
		})
		if i >= 0 {
			rows[i].Mails = append(rows[i].Mails, key)
			continue
		}
		row := timesRow{Mails: []string{key}, Remind: clock.Remind, Escalate: clock.Escalate, Lapse: clock.Lapse}
		if !clock.Event.IsZero() {
			row.Event = &clock.Event
		}
		rows = append(rows, row)
	}
	return rows
}

func (r timesRow) event() time.Time {
	if r.Event == nil {
		return time.Time{}
	}
	return *r.Event
}

func (r appointmentRow) appointment(day string) Appointment {
	a := Appointment{Reference: r.Reference, Round: r.Round, Of: r.Of, Day: day, Urgent: r.Urgent}
	for _, times := range r.Clocks {
		for _, key := range times.Mails {
			a.Clocks = append(a.Clocks, Clock{mailID(key), times.Remind, times.Escalate, times.Lapse, times.event()})
		}
	}
	return a
}

// Day writes a moment's day in a country, as appointments have it.
func Day(at time.Time, zone *time.Location) string { return at.In(zone).Format(time.DateOnly) }

func dueList(country, day string, shard int) string {
	return "due#" + country + "#" + day + "#" + strconv.Itoa(shard)
}

func (a Appointment) key(country string) map[string]types.AttributeValue {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(a.Reference))
	item := a.Reference + "+" + strconv.Itoa(a.Round)
	if a.Of != "" {
		item += "+" + digestOf(a.Of)
	}
	return itemKey(dueList(country, a.Day, int(hash.Sum32()%DueShards)), item)
}

// Appoint makes an appointment, or makes it anew: there is one for each application, round and day, and for each referral that
// was told later.
func (s *Store) Appoint(ctx context.Context, country string, a Appointment) error {
	set := map[string]any{":application": a.Reference, ":round": a.Round, ":expires": s.Now().Add(2 * s.Retention).Unix()} // for want of anybody who cancels it
	names := map[string]string{"#application": "application", "#round": "round", "#expires": "expires"}
	expression := "SET #application = :application, #round = :round, #expires = :expires"
	if len(a.Clocks) > 0 { // minidyn v0.8.0 makes a text of an empty list
		set[":clocks"], names["#clocks"] = a.times(), "clocks"
		expression += ", #clocks = :clocks"
	}
	if a.Of != "" {
		set[":of"], names["#of"] = a.Of, "of"
		expression += ", #of = :of"
	}
	if a.Urgent {
		set[":urgent"], names["#urgent"] = true, "urgent"
		expression += ", #urgent = :urgent"
	}
	values, err := attributevalue.MarshalMap(set)
	if err != nil {
		return fmt.Errorf("encoding an appointment of %s: %w", a.Reference, err)
	}
	_, err = s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: aws.String(s.Applications), Key: a.key(country),
		UpdateExpression: aws.String(expression), ExpressionAttributeNames: names,
		ExpressionAttributeValues: values,
	})
	if err != nil {
		return fmt.Errorf("making an appointment of %s: %w", a.Reference, err)
	}
	return nil
}

// Cancel takes an appointment off the list. Doing so again changes nothing.
func (s *Store) Cancel(ctx context.Context, country string, a Appointment) error {
	_, err := s.Client.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: aws.String(s.Applications), Key: a.key(country)})
	if err != nil {
		return fmt.Errorf("cancelling an appointment of %s: %w", a.Reference, err)
	}
	return nil
}

// Appointments lists a page of those of a day and shard, from behind a place on; "" is the beginning. next is the place to
// go on from; empty: there are no more.
func (s *Store) Appointments(ctx context.Context, country, day string, shard int, after string, limit int32) (page []Appointment, next string, err error) {
	answer, err := s.Client.Query(ctx, &dynamodb.QueryInput{
		TableName: aws.String(s.Applications), Limit: aws.Int32(limit), ConsistentRead: aws.Bool(true),
		KeyConditionExpression:   aws.String("#reference = :list AND #item > :after"),
		ExpressionAttributeNames: map[string]string{"#reference": "reference", "#item": "item"},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":list": text(dueList(country, day, shard)), ":after": text(max(after, " ")),
		},
	})
	if err != nil {
		return nil, "", fmt.Errorf("listing what is due on %s: %w", day, err)
	}
	var rows []appointmentRow
	if err := attributevalue.UnmarshalListOfMaps(answer.Items, &rows); err != nil {
		return nil, "", fmt.Errorf("decoding what is due on %s: %w", day, err)
	}
	for _, row := range rows {
		page = append(page, row.appointment(day))
	}
	if place, ok := answer.LastEvaluatedKey["item"].(*types.AttributeValueMemberS); ok {
		next = place.Value
	}
	return page, next, nil
}

// A Sweep says how far somebody has gone through the list.
type Sweep struct {
	Day   string `dynamodbav:"day"`   // all days before are done; empty: nobody has ever begun
	Shard int    `dynamodbav:"shard"` // to go on with
	After string `dynamodbav:"after"` // in the shard
}

func sweeps(country string) string { return "sweep#" + country }

// Swept reads how far the list was gone through.
func (s *Store) Swept(ctx context.Context, country string) (Sweep, error) {
	answer, err := s.Client.Query(ctx, &dynamodb.QueryInput{
		TableName: aws.String(s.Applications), ConsistentRead: aws.Bool(true),
		KeyConditionExpression:    aws.String("#reference = :list"),
		ExpressionAttributeNames:  map[string]string{"#reference": "reference"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":list": text(sweeps(country))},
	})
	var found Sweep
	if err == nil && len(answer.Items) > 0 {
		err = attributevalue.UnmarshalMap(answer.Items[0], &found)
	}
	if err != nil {
		return Sweep{}, fmt.Errorf("reading how far what is due was gone through: %w", err)
	}
	return found, nil
}

// Sweep records how far the list was gone through. Two who do so at once do no harm: what is done is off the list.
func (s *Store) Sweep(ctx context.Context, country string, at Sweep) error {
	_, err := s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: aws.String(s.Applications), Key: itemKey(sweeps(country), "due"),
		UpdateExpression:         aws.String("SET #day = :day, #shard = :shard, #after = :after"),
		ExpressionAttributeNames: map[string]string{"#day": "day", "#shard": "shard", "#after": "after"},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":day": text(at.Day), ":shard": number(at.Shard), ":after": text(at.After),
		},
	})
	if err != nil {
		return fmt.Errorf("recording how far what is due was gone through: %w", err)
	}
	return nil
}

// Attest keeps the evidence that an application was erased because its time was over: when, and a digest by which whoever
// has the reference finds it, and nobody else learns it. Doing so again changes nothing.
func (s *Store) Attest(ctx context.Context, country, reference string, at time.Time) error {
	digest := sha256.Sum256([]byte(reference))
	_, err := s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: aws.String(s.Applications), Key: itemKey("erased#"+country, hex.EncodeToString(digest[:16])),
		UpdateExpression:          aws.String("SET #at = if_not_exists(#at, :at)"),
		ExpressionAttributeNames:  map[string]string{"#at": "at"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":at": unix(at)},
	})
	if err != nil {
		return fmt.Errorf("attesting an erasure: %w", err)
	}
	return nil
}

// Attested reads when an application was erased because its time was over; the zero time if it wasn't.
func (s *Store) Attested(ctx context.Context, country, reference string) (time.Time, error) {
	digest := sha256.Sum256([]byte(reference))
	answer, err := s.Client.Query(ctx, &dynamodb.QueryInput{
		TableName: aws.String(s.Applications), ConsistentRead: aws.Bool(true),
		KeyConditionExpression:   aws.String("#reference = :list AND #item = :digest"),
		ExpressionAttributeNames: map[string]string{"#reference": "reference", "#item": "item"},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":list": text("erased#" + country), ":digest": text(hex.EncodeToString(digest[:16])),
		},
	})
	var row struct {
		At time.Time `dynamodbav:"at,unixtime"`
	}
	if err == nil && len(answer.Items) > 0 {
		err = attributevalue.UnmarshalMap(answer.Items[0], &row)
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("reading the evidence of an erasure: %w", err)
	}
	return row.At, nil
}
