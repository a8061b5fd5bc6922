package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/miict/immerse/shared/referral"
)

// Heard is what SES reported of a mail, and when it happened first. Each report is an attribute of its own under the code
// of package referral, so that one can be added without reading or losing the others; the one that nearly every mail has
// under a letter.
type Heard struct {
	Delayed         *time.Time `dynamodbav:"delayed,unixtime,omitempty" json:"delayed,omitempty"`
	TransientBounce *time.Time `dynamodbav:"transient_bounce,unixtime,omitempty" json:"transient_bounce,omitempty"`
	Delivered       *time.Time `dynamodbav:"a,unixtime,omitempty" json:"delivered,omitempty"`
	Complained      *time.Time `dynamodbav:"complained,unixtime,omitempty" json:"complained,omitempty"`
	PermanentBounce *time.Time `dynamodbav:"permanent_bounce,unixtime,omitempty" json:"permanent_bounce,omitempty"`
	Refused         *time.Time `dynamodbav:"refused,unixtime,omitempty" json:"refused,omitempty"` // by SES, after it took the mail
}

// Facts are what is known of the mail's way.
func (m Mail) Facts() referral.Facts {
	var known []referral.Fact
	switch m.State {
	case MailSent:
		known = append(known, referral.HandedOver)
	case MailFailed:
		known = append(known, referral.NotTaken)
	case MailSending, MailReleased, MailWaiting:
	}
	for fact, at := range map[referral.Fact]*time.Time{
		referral.Delayed: m.Delayed, referral.TransientBounce: m.TransientBounce, referral.Arrived: m.Delivered,
		referral.Complained: m.Complained, referral.PermanentBounce: m.PermanentBounce, referral.NotTaken: m.Refused,
	} {
		if at != nil {
			known = append(known, fact)
		}
	}
	return referral.Known(known...)
}

// attribute is the one that a fact is kept under.
func attribute(fact referral.Fact) string {
	if fact == referral.Arrived {
		return "a"
	}
	return string(fact)
}

// A Report is one thing that SES said of a mail.
type Report struct {
	Mail string        // id
	Fact referral.Fact // one that SES reports
	At   time.Time
}

// Hear adds reports to the entries of an application's mails, in one write. Reports that are there already change nothing,
// whatever their order; the first time of each stays. The error wraps ErrState if one of the mails has no entry.
func (s *Store) Hear(ctx context.Context, reference string, reports []Report) error {
	names, values := map[string]string{"#mails": "mails", "#s": "s"}, map[string]types.AttributeValue{}
	mails := map[string]string{}
	var sets, conditions []string
	for i, report := range dedup(reports) {
		mail, ok := mails[report.Mail]
		if !ok {
			mail = "#mails.#m" + strconv.Itoa(len(mails))
			mails[report.Mail] = mail
			names[strings.TrimPrefix(mail, "#mails.")] = mailKey(report.Mail)
			conditions = append(conditions, "attribute_exists("+mail+".#s)")
		}
		fact, at := "#"+attribute(report.Fact), ":at"+strconv.Itoa(i)
		names[fact], values[at] = attribute(report.Fact), unix(report.At)
		sets = append(sets, fmt.Sprintf("%s.%s = if_not_exists(%s.%s, %s)", mail, fact, mail, fact, at))
	}
	if len(sets) == 0 {
		return nil
	}
	_, err := s.Client.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: aws.String(s.Applications), Key: itemKey(reference, ledgerItem),
		UpdateExpression: aws.String("SET " + strings.Join(sets, ", ")), ConditionExpression: aws.String(strings.Join(conditions, " AND ")),
		ExpressionAttributeNames: names, ExpressionAttributeValues: values,
	})
	if err := conditionFailed(err, ErrState); err != nil {
		return fmt.Errorf("recording what became of mails of %s: %w", reference, err)
	}
	return nil
}

// dedup keeps the earliest of the reports that say the same: one write can't set an attribute twice.
func dedup(reports []Report) []Report {
	var kept []Report
	for _, report := range reports {
		i := slices.IndexFunc(kept, func(r Report) bool { return r.Mail == report.Mail && r.Fact == report.Fact })
		switch {
		case i < 0:
			kept = append(kept, report)
		case report.At.Before(kept[i].At):
			kept[i] = report
		}
	}
	return kept
}
