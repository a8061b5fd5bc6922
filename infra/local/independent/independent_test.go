package independent_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/miict/immerse/infra/local/independent"
	"github.com/miict/immerse/infra/local/sqs/sqstest"
)

func TestDynamoDBLocalAnswers(t *testing.T) {
	t.Parallel()
	client := dynamodb.New(dynamodb.Options{
		Region: "eu-south-2", BaseEndpoint: aws.String(independent.DynamoDBLocal(t)),
		Credentials: credentials.NewStaticCredentialsProvider("AKIALOCALTEST", "local", ""),
	})
	if _, err := client.ListTables(t.Context(), &dynamodb.ListTablesInput{}); err != nil {
		t.Errorf("ListTables: %v", err)
	}
}

func TestFauxqsAnswers(t *testing.T) {
	t.Parallel()
	if _, err := sqstest.Client(independent.Fauxqs(t)).ListQueues(t.Context(), nil); err != nil {
		t.Errorf("ListQueues: %v", err)
	}
}
