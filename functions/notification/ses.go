package notification

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"

	"github.com/miict/immerse/shared/mailtag"
)

// SES hands one e-mail over. *sesv2.Client is the real one; it must be made with Once.
//
// A returned message id means that SES has the mail and will deliver it or report why not. An error from SES means that
// it does not have it. Any other error (a timeout, a broken connection) means nothing: it may have it.
type SES interface {
	SendEmail(ctx context.Context, in *sesv2.SendEmailInput, options ...func(*sesv2.Options)) (*sesv2.SendEmailOutput, error)
}

// Once makes an SES client try every call a single time. The SDK's own retries would send a second e-mail whenever an
// answer is lost; here the store's lease decides about that, where it is known and counted.
func Once(options *sesv2.Options) {
	options.Retryer = aws.NopRetryer{}
}

// errDeadInbox is for a mail that would come back like the one before it.
var errDeadInbox = errors.New("nothing reaches this inbox")

// A Postbox knows how e-mails of one country leave: from whom, with which headers, in how much time.
type Postbox struct {
	SES              SES
	From             string        // "Name <address>", as sender makes it
	ReplyTo          string        // empty: nobody reads replies
	ConfigurationSet string        // empty: none
	Timeout          time.Duration // the most that one hand-over may take
}

// send hands a mail over and returns SES's id for it. An error is a *refusal.
func (p Postbox) send(ctx context.Context, m Mail) (messageID string, err error) {
	if m.Dead {
		return "", &refusal{kind: refusedMail, reason: "dead_inbox", err: errDeadInbox}
	}
	to, err := address(m.To)
	if err != nil {
		return "", &refusal{kind: refusedMail, reason: "bad_address", err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, p.Timeout)
	defer cancel()
	out, err := p.SES.SendEmail(ctx, p.input(to, m))
	if err != nil {
		return "", classify(err)
	}
	if out == nil || aws.ToString(out.MessageId) == "" {
		return "", &refusal{kind: outcomeUnknown, reason: "no_message_id", err: errors.New("SES answered without a message id")}
	}
	return *out.MessageId, nil
}

func (p Postbox) input(to string, m Mail) *sesv2.SendEmailInput {
	in := &sesv2.SendEmailInput{
		FromEmailAddress: aws.String(p.From),
		Destination:      &types.Destination{ToAddresses: []string{to}},
		Content: &types.EmailContent{Simple: &types.Message{
			Subject: utf8(oneLine(m.Subject)),
			Body:    &types.Body{Text: utf8(m.Text), Html: utf8(m.HTML)},
			Headers: p.headers(m),
		}},
		EmailTags: []types.MessageTag{
			{Name: aws.String(mailtag.Reference), Value: aws.String(mailtag.Value(m.Reference))},
			{Name: aws.String(mailtag.Mail), Value: aws.String(mailtag.Value(m.ID))},
		},
	}
	if p.ReplyTo != "" {
		in.ReplyToAddresses = []string{p.ReplyTo}
	}
	if p.ConfigurationSet != "" {
		in.ConfigurationSetName = aws.String(p.ConfigurationSet)
	}
	return in
}

// headers ask machines not to answer (RFC 3834, and Exchange's own way) and tell people and filters what this is about.
// All mails about a case refer to one that never was, named by the reference: so mailboxes that group by that show them together, each as a
// new one. There are no List- headers: nobody has subscribed to a case, so there is nothing to unsubscribe from.
func (p Postbox) headers(m Mail) []types.MessageHeader {
	pairs := [][2]string{
		{"Auto-Submitted", "auto-generated"},
		{"X-Auto-Response-Suppress", "All"},
		{"Content-Language", m.Language},
		{"X-Immerse-Reference", m.Reference},
		{"X-Immerse-Mail", m.ID},
	}
	if m.Reference != mailtag.Digest {
		domain := p.From[strings.LastIndex(p.From, "@")+1:]
		pairs = append(pairs, [2]string{"References", "<" + strings.ToLower(m.Reference) + "@" + strings.TrimSuffix(domain, ">") + ">"})
	}
	if m.Urgent && m.Kind == kindAuthority {
		pairs = append(pairs, [2]string{"Importance", "high"}) // RFC 4021
	}
	made := make([]types.MessageHeader, 0, len(pairs))
	for _, pair := range pairs {
		made = append(made, types.MessageHeader{Name: aws.String(pair[0]), Value: aws.String(oneLine(pair[1]))})
	}
	return made
}

func utf8(text string) *types.Content {
	return &types.Content{Data: aws.String(text), Charset: aws.String("UTF-8")}
}
