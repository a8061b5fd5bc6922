package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go/logging"

	"github.com/miict/immerse/infra/immersectl/internal/queues"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/store"
)

// cloud is where a country's system runs.
type cloud struct {
	config aws.Config
	prefix string // of all names: "immerse-es-"
	pack   *country.Pack
	local  bool // an endpoint of one's own: no CloudWatch
}

// cloud finds the system of the country. Nothing is called yet.
func (o *options) cloud(ctx context.Context) (*cloud, error) {
	pack, err := o.pack()
	if err != nil {
		return nil, err
	}
	region := o.region
	if region == "" {
		region = pack.Region // AWS_REGION says where an operator usually works, not where this country is
	}
	endpoint := o.getenv("AWS_ENDPOINT_URL")
	// What the SDK would write on standard error is no operator's business: what fails comes back as an error.
	settings := []func(*config.LoadOptions) error{config.WithRegion(region), config.WithLogger(logging.Nop{})}
	if endpoint != "" {
		settings = append(settings, config.WithBaseEndpoint(endpoint))
		if o.getenv("AWS_ACCESS_KEY_ID") == "" && o.getenv("AWS_PROFILE") == "" {
			// A laptop takes any; without some, the SDK would look for a machine's role and wait.
			anyone := credentials.NewStaticCredentialsProvider("AKIALOCALOPERATOR", "local", "")
			settings = append(settings, config.WithCredentialsProvider(anyone))
		}
	}
	loaded, err := config.LoadDefaultConfig(ctx, settings...)
	if err != nil {
		return nil, fmt.Errorf("reading the AWS settings (check AWS_PROFILE, or sign in with: aws sso login): %w", err)
	}
	return &cloud{
		config: loaded, prefix: "immerse-" + strings.ToLower(pack.Code) + "-", pack: pack, local: endpoint != "",
	}, nil
}

func (c *cloud) queues() *queues.Country {
	country := &queues.Country{Client: sqs.NewFromConfig(c.config), Prefix: c.prefix}
	if !c.local {
		country.Metrics = cloudwatch.NewFromConfig(c.config)
	}
	return country
}

func (c *cloud) store(env *environment) *store.Store {
	return &store.Store{
		Client: dynamodb.NewFromConfig(c.config), Applications: c.prefix + "applications", KeysTable: c.prefix + "keys",
		Retention: c.pack.Retention(), Now: env.now,
	}
}

// reached adds to an error of a call what to look at first.
func (c *cloud) reached(err error) error {
	if err == nil {
		return nil
	}
	if c.local {
		return fmt.Errorf("%w\nIs the system running at AWS_ENDPOINT_URL, with this country?", err)
	}
	return fmt.Errorf("%w\nIs %s deployed in %s, and do your credentials reach it? Try: aws sts get-caller-identity",
		err, c.pack.Code, c.config.Region)
}
