// Package storetest gives tests a real store over an in-memory DynamoDB, and holds the conformance suite that every
// DynamoDB we run on must pass.
package storetest

import (
	"fmt"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	minidyn "github.com/truora/minidyn/server"

	"github.com/miict/immerse/shared/store"
)

// New makes a store with empty tables in a DynamoDB of its own.
func New(t testing.TB) *store.Store {
	t.Helper()
	server := httptest.NewServer(minidyn.NewServer())
	t.Cleanup(server.Close)
	return NewAt(t, Client(server.URL))
}

// Client makes a DynamoDB client for an endpoint that takes any credentials.
func Client(endpoint string) *dynamodb.Client {
	return dynamodb.New(dynamodb.Options{
		BaseEndpoint: aws.String(endpoint), Region: "eu-south-2",
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	})
}

var made atomic.Int64

// NewAt makes a store with empty tables, of names not used before, in a given DynamoDB.
func NewAt(t testing.TB, client *dynamodb.Client) *store.Store {
	t.Helper()
	suffix := fmt.Sprintf("%d-%d", time.Now().UnixNano(), made.Add(1))
	s := &store.Store{
		Client: client, Applications: "applications-" + suffix, KeysTable: "keys-" + suffix,
		Retention: 365 * 24 * time.Hour, Now: time.Now,
	}
	createTable(t, client, s.Applications, "reference", "item")
	createTable(t, client, s.KeysTable, "id")
	return s
}

func createTable(t testing.TB, client *dynamodb.Client, name string, keys ...string) {
	t.Helper()
	in := &dynamodb.CreateTableInput{TableName: aws.String(name), BillingMode: types.BillingModePayPerRequest}
	for i, key := range keys {
		in.AttributeDefinitions = append(in.AttributeDefinitions, types.AttributeDefinition{
			AttributeName: aws.String(key), AttributeType: types.ScalarAttributeTypeS,
		})
		in.KeySchema = append(in.KeySchema, types.KeySchemaElement{
			AttributeName: aws.String(key), KeyType: []types.KeyType{types.KeyTypeHash, types.KeyTypeRange}[i],
		})
	}
	if _, err := client.CreateTable(t.Context(), in); err != nil {
		t.Fatalf("creating table %s: %v", name, err)
	}
}
