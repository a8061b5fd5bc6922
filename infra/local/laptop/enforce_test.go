package laptop_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"

	"github.com/miict/immerse/infra/local/iam"
	"github.com/miict/immerse/infra/local/laptop"
)

// A role that allows one queue is refused everything else, in the words of each service.
func TestARoleIsHeldTo(t *testing.T) {
	t.Parallel()
	d := definition()
	d.Functions[0].Role = &laptop.Role{Name: "front-role", ARN: "arn:aws:iam::000000000000:role/front-role", Statements: []iam.Statement{
		{Sid: "Send", Effect: "Allow", Action: iam.List{"sqs:SendMessage"}, Resource: iam.List{"arn:aws:sqs:*:*:work-dlq"}},
	}}
	s, printed := start(t, laptop.Options{Definition: d})
	config := asFunction(s.Config(), "AKIALOCALFRONT")
	config.RetryMaxAttempts = 1
	ctx := t.Context()
	send := func(queue string) error {
		_, err := sqs.NewFromConfig(config).SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: aws.String(s.Queues.URL(queue)), MessageBody: aws.String("x")})
		return err
	}
	if err := send("work-dlq"); err != nil {
		t.Errorf("what is allowed: %v", err)
	}
	_, tableErr := dynamodb.NewFromConfig(config).Scan(ctx, &dynamodb.ScanInput{TableName: aws.String("cases")})
	_, keyErr := kms.NewFromConfig(config).Encrypt(ctx, &kms.EncryptInput{KeyId: aws.String("alias/test"), Plaintext: []byte("x")})
	_, mailErr := sesv2.NewFromConfig(config).SendEmail(ctx, email())
	for want, err := range map[string]error{
		"AccessDenied: sqs:sendmessage on resource: arn:aws:sqs:eu-south-2:000000000000:work because no identity-based policy": send("work"),
		"AccessDeniedException: dynamodb:Scan on resource: arn:aws:dynamodb:eu-south-2:000000000000:table/cases because":       tableErr,
		"AccessDeniedException: kms:Encrypt on resource: arn:aws:kms:eu-south-2:000000000000:key/":                             keyErr,
		"AccessDeniedException: `ses:SendEmail' on resource: `arn:aws:ses:":                                                    mailErr,
	} {
		code, message, _ := strings.Cut(want, ": ")
		var api smithy.APIError
		if !errors.As(err, &api) || api.ErrorCode() != code || !strings.Contains(api.ErrorMessage(), message) ||
			!strings.HasPrefix(api.ErrorMessage(), "User: arn:aws:sts::000000000000:assumed-role/front-role/front is not authorized to perform") {
			t.Errorf("want %s, got %v", want, err)
		}
	}
	if printed.count("front | ") != 0 {
		t.Error("the function may not write logs, and did")
	}
	if len(s.Uses()) < 5 {
		t.Errorf("uses: %v", s.Uses())
	}
}
