package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"
)

type bucket = awss3.Bucket

// newAccessLog holds for a month who changed what in the buckets. People who read the site are not in there, as the
// content network asks in its own name.
func newAccessLog(stack awscdk.Stack) bucket {
	return awss3.NewBucket(stack, jsii.String("SiteLog"), private(&awss3.BucketProps{
		LifecycleRules: &[]*awss3.LifecycleRule{{Expiration: days(30)}},
	}))
}

// newSiteBucket holds the static site, for the content network alone.
func newSiteBucket(stack awscdk.Stack, log bucket) bucket {
	return awss3.NewBucket(stack, jsii.String("SiteFiles"), private(&awss3.BucketProps{
		ServerAccessLogsBucket: log, ServerAccessLogsPrefix: jsii.String("site/"),
	}))
}

// private closes a bucket to everyone whom no policy names. Nothing in it can't be made again, so it goes with its stack
// once it is empty.
func private(props *awss3.BucketProps) *awss3.BucketProps {
	props.BlockPublicAccess = awss3.BlockPublicAccess_BLOCK_ALL()
	props.ObjectOwnership = awss3.ObjectOwnership_BUCKET_OWNER_ENFORCED
	props.Encryption = awss3.BucketEncryption_S3_MANAGED
	props.EnforceSSL = jsii.Bool(true)
	props.RemovalPolicy = awscdk.RemovalPolicy_DESTROY
	return props
}
