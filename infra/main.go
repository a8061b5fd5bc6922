// Command infra is the CDK app: it writes the CloudFormation templates of every country that there is a pack for.
//
//	Immerse-ES        in the country's region: everything that handles applications
//	Immerse-ES-Mail   in the region whose SES sends the country's mail: who sends, and what became of it
//
// Countries are found, not listed: a further pack makes two further stacks. Codes as arguments choose some of them.
package main

import (
	"fmt"
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/jsii-runtime-go"

	"github.com/miict/immerse/shared/country"
)

func main() {
	defer jsii.Close()
	codes := os.Args[1:]
	if len(codes) == 0 {
		codes = country.Codes()
	}
	packs, err := load(codes, country.Load)
	if err != nil {
		fmt.Fprintln(os.Stderr, "no template is written:", err)
		os.Exit(1) //nolint:gocritic // the helper process ends with this one
	}
	app := newApp("")
	for _, pack := range packs {
		newCountry(app, pack, built("build"))
	}
	app.Synth(nil)
}

// load reads the packs and refuses to go on with a bad one.
func load(codes []string, read func(string) (*country.Pack, error)) ([]*country.Pack, error) {
	packs := make([]*country.Pack, 0, len(codes))
	for _, code := range codes {
		pack, err := read(code)
		if err == nil {
			err = pack.Validate()
		}
		if err != nil {
			return nil, fmt.Errorf("country pack %s: %w", code, err)
		}
		packs = append(packs, pack)
	}
	return packs, nil
}

// newApp is an app that writes to a folder; empty leaves that to CDK_OUTDIR. What the CDK would add about itself is
// left out, so that the templates hold what is deployed and nothing else.
func newApp(folder string) awscdk.App {
	props := &awscdk.AppProps{
		AnalyticsReporting: jsii.Bool(false),
		PostCliContext: &map[string]any{
			// Buckets receive access logs by policy: ACLs stay off.
			"@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy": true,
		},
	}
	if folder != "" {
		props.Outdir = &folder
	}
	return awscdk.NewApp(props)
}
