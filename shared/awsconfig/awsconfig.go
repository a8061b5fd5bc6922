// Package awsconfig makes the AWS configuration of a Lambda from its environment.
//
// The SDK's own config package also knows profiles, SSO, instance metadata and web identities, which a Lambda never
// uses and pays for at every cold start (docs/decisions/0004). A Lambda is given its region and credentials as
// environment variables; AWS_ENDPOINT_URL points at a laptop or an emulator instead of AWS.
package awsconfig

import (
	"errors"
	"fmt"
	"net/url"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// FromEnv reads AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN (optional) and AWS_ENDPOINT_URL
// (optional). The error names everything that is missing or wrong.
func FromEnv(getenv func(string) string) (aws.Config, error) {
	var problems []error
	require := func(name string) string {
		value := getenv(name)
		if value == "" {
			problems = append(problems, fmt.Errorf("%s is not set", name))
		}
		return value
	}
	region := require("AWS_REGION")
	key, secret := require("AWS_ACCESS_KEY_ID"), require("AWS_SECRET_ACCESS_KEY")
	config := aws.Config{
		Region:      region,
		Credentials: credentials.NewStaticCredentialsProvider(key, secret, getenv("AWS_SESSION_TOKEN")),
	}
	if endpoint := getenv("AWS_ENDPOINT_URL"); endpoint != "" {
		if parsed, err := url.Parse(endpoint); err != nil || parsed.Host == "" {
			problems = append(problems, errors.New("AWS_ENDPOINT_URL is no URL"))
		}
		config.BaseEndpoint = aws.String(endpoint)
	}
	return config, errors.Join(problems...)
}
