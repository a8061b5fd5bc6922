package laptop

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Config is for AWS clients that use the running system, with an access key that belongs to no function.
func (s *System) Config() aws.Config {
	return aws.Config{
		Region: s.options.Definition.Region, BaseEndpoint: aws.String(s.endpoint),
		Credentials: credentials.NewStaticCredentialsProvider("AKIALOCALTEST", "local", ""),
	}
}

// Dump reads every item of every table, without the hooks noticing.
func (s *System) Dump(ctx context.Context) (map[string][]map[string]types.AttributeValue, error) {
	all := map[string][]map[string]types.AttributeValue{}
	client := s.inside()
	for _, table := range s.options.Definition.Tables {
		pages := dynamodb.NewScanPaginator(client, &dynamodb.ScanInput{TableName: &table.Name})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return nil, fmt.Errorf("reading table %s: %w", table.Name, err)
			}
			all[table.Name] = append(all[table.Name], page.Items...)
		}
	}
	return all, nil
}

func (s *System) createTables(ctx context.Context, tables []Table) error {
	client := s.inside()
	for _, t := range tables {
		if _, err := client.CreateTable(ctx, t.input()); err != nil {
			return fmt.Errorf("creating table %s: %w", t.Name, err)
		}
	}
	return nil
}

// input writes the table as CreateTable wants it.
func (t Table) input() *dynamodb.CreateTableInput {
	in := &dynamodb.CreateTableInput{
		TableName: &t.Name, KeySchema: t.Key.elements(), BillingMode: types.BillingModePayPerRequest,
	}
	named := map[string]bool{}
	define := func(k KeySchema) {
		for _, name := range []string{k.Partition, k.Sort} {
			if name != "" && !named[name] {
				named[name] = true
				in.AttributeDefinitions = append(in.AttributeDefinitions,
					types.AttributeDefinition{AttributeName: aws.String(name), AttributeType: types.ScalarAttributeTypeS})
			}
		}
	}
	define(t.Key)
	for name, key := range t.Indexes {
		define(key)
		in.GlobalSecondaryIndexes = append(in.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{
			IndexName: aws.String(name), KeySchema: key.elements(),
			Projection: &types.Projection{ProjectionType: types.ProjectionTypeAll},
		})
	}
	return in
}

func (k KeySchema) elements() []types.KeySchemaElement {
	all := []types.KeySchemaElement{{AttributeName: aws.String(k.Partition), KeyType: types.KeyTypeHash}}
	if k.Sort != "" {
		all = append(all, types.KeySchemaElement{AttributeName: aws.String(k.Sort), KeyType: types.KeyTypeRange})
	}
	return all
}

// inside is a client that goes straight to the tables: no network, no hooks.
func (s *System) inside() *dynamodb.Client {
	config := s.Config()
	config.HTTPClient = direct{s.dynamodb}
	return dynamodb.NewFromConfig(config)
}

type direct struct{ handler http.Handler }

func (d direct) Do(r *http.Request) (*http.Response, error) {
	held := newRecorder()
	d.handler.ServeHTTP(held, r)
	return &http.Response{
		StatusCode: held.status, Header: held.header, Body: io.NopCloser(&held.body), Request: r,
		ContentLength: int64(held.body.Len()),
	}, nil
}
