// Package awsconfig makes the AWS configuration of a Lambda from its environment.
//
// The SDK's own config package also knows profiles, SSO, instance metadata and web identities, which a Lambda never
// uses and pays for at every cold start (docs/decisions/0004). A Lambda is given its region and credentials as
// environment variables; AWS_ENDPOINT_URL points at a laptop or an emulator instead of AWS.
package awsconfig

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"github.com/miict/immerse/shared/environment"
)

// FromEnv reads AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN (optional) and AWS_ENDPOINT_URL
// (optional). The error names everything that is missing or wrong.
func FromEnv(getenv func(string) string) (aws.Config, error) {
	read := environment.Read(getenv)
	config := aws.Config{
		Region: read.Required("AWS_REGION"),
		Credentials: credentials.NewStaticCredentialsProvider(
			read.Required("AWS_ACCESS_KEY_ID"), read.Required("AWS_SECRET_ACCESS_KEY"), read.Optional("AWS_SESSION_TOKEN")),
	}
	if read.Optional("AWS_ENDPOINT_URL") != "" {
		config.BaseEndpoint = aws.String(read.WebAddress("AWS_ENDPOINT_URL"))
	}
	return config, read.Err()
}
