package laptop_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	sestypes "github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"

	"github.com/miict/immerse/infra/local/laptop"
	"github.com/miict/immerse/infra/local/protocol"
)

// recorder keeps the calls that it sees.
type recorder struct {
	mu    sync.Mutex
	calls []string
}

func (r *recorder) note(when string, c protocol.Call) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = append(r.calls, strings.Join([]string{when, c.Service, c.Action, c.Caller, strings.Join(c.Resources, "+")}, " "))
}

func (r *recorder) has(call string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Contains(r.calls, call)
}

func asFunction(config aws.Config, accessKey string) aws.Config {
	config.Credentials = credentials.NewStaticCredentialsProvider(accessKey, "local", "")
	return config
}

func TestHooksSeeEveryService(t *testing.T) {
	t.Parallel()
	var seen recorder
	s, _ := start(t, laptop.Options{
		Before: func(c protocol.Call) error { seen.note("before", c); return nil },
		After:  func(c protocol.Call) { seen.note("after", c) },
	})
	config := asFunction(s.Config(), "AKIALOCALFRONT")
	ctx := t.Context()
	item := map[string]types.AttributeValue{
		"id": &types.AttributeValueMemberS{Value: "1"}, "item": &types.AttributeValueMemberS{Value: "case"},
	}
	tables := dynamodb.NewFromConfig(config)
	_, err := tables.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String("cases"), Item: item})
	fatal(t, err)
	_, err = tables.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{
		TransactItems: []types.TransactWriteItem{{Put: &types.Put{TableName: aws.String("cases"), Item: item}}},
	})
	fatal(t, err)
	_, err = sqs.NewFromConfig(config).SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: aws.String(s.Queues.URL("work-dlq")), MessageBody: aws.String("x")})
	fatal(t, err)
	_, err = kms.NewFromConfig(config).Encrypt(ctx, &kms.EncryptInput{KeyId: aws.String("alias/test"), Plaintext: []byte("x")})
	fatal(t, err)
	_, err = sesv2.NewFromConfig(config).SendEmail(ctx, email())
	fatal(t, err)
	for _, call := range []string{
		"dynamodb PutItem front cases", "dynamodb TransactWriteItems front cases", "sqs SendMessage front work-dlq",
		"kms Encrypt front alias/test", "ses SendEmail front immerse@example.org",
	} {
		if !seen.has("before "+call) || !seen.has("after "+call) {
			t.Errorf("%q was not seen before and after; seen: %q", call, seen.calls)
		}
	}
	if mails := s.Mailbox.To("inbox@granada.example"); len(mails) != 1 {
		t.Errorf("%d mails", len(mails))
	}
	dump, err := s.Dump(ctx)
	if err != nil || len(dump["cases"]) != 1 {
		t.Errorf("Dump: %v, %v", dump, err)
	}
}

func TestAHookMayRefuse(t *testing.T) {
	t.Parallel()
	s, _ := start(t, laptop.Options{Before: func(c protocol.Call) error {
		if c.Service == "dynamodb" {
			return errors.New("out of order")
		}
		return &protocol.Error{Status: 400, Type: "AccessDeniedException", Message: "no policy allows " + c.Action}
	}})
	config := s.Config()
	config.RetryMaxAttempts = 1
	for name, call := range map[string]func() error{
		"AccessDeniedException sqs": func() error {
			_, err := sqs.NewFromConfig(config).ListQueues(t.Context(), nil)
			return err
		},
		"AccessDeniedException ses": func() error {
			_, err := sesv2.NewFromConfig(config).SendEmail(t.Context(), email())
			return err
		},
		"InternalFailure": func() error {
			_, err := dynamodb.NewFromConfig(config).Scan(t.Context(), &dynamodb.ScanInput{TableName: aws.String("cases")})
			return err
		},
	} {
		var api smithy.APIError
		if err := call(); !errors.As(err, &api) || !strings.HasPrefix(name, api.ErrorCode()) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if n := len(s.Mailbox.All()); n != 0 {
		t.Errorf("%d mails were sent all the same", n)
	}
}

func email() *sesv2.SendEmailInput {
	return &sesv2.SendEmailInput{
		FromEmailAddress: aws.String("immerse@example.org"),
		Destination:      &sestypes.Destination{ToAddresses: []string{"inbox@granada.example"}},
		Content: &sestypes.EmailContent{Simple: &sestypes.Message{
			Subject: &sestypes.Content{Data: aws.String("Nuevo caso")},
			Body:    &sestypes.Body{Text: &sestypes.Content{Data: aws.String("Hola")}},
		}},
	}
}

func fatal(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
