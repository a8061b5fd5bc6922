package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/jsii-runtime-go"

	"github.com/miict/immerse/shared/published"
)

// catalogueReaders are the functions that read the published catalogue.
var catalogueReaders = []string{"intake", "matching", "notification", "referral", "percolation", "hsds", "followup"}

// How long, in days, former states of the pointer are kept: what was published when can be seen from them.
const pointerHistory = 90

// newCatalogueBucket holds the compiled catalogues and the pointer to the current one (package published). Operators write
// there, functions read. Its name has the account in it, as such names are taken once in the world; immersectl finds it
// by what comes before. It outlives the stack: matches are replayed with what is in it.
func newCatalogueBucket(stack awscdk.Stack, n names, log bucket) bucket {
	props := private(&awss3.BucketProps{
		BucketName: jsii.String(n.of("catalogue-") + *stack.Account()), Versioned: jsii.Bool(true),
		ServerAccessLogsBucket: log, ServerAccessLogsPrefix: jsii.String("catalogue/"),
		LifecycleRules: &[]*awss3.LifecycleRule{{
			NoncurrentVersionExpiration: days(pointerHistory), AbortIncompleteMultipartUploadAfter: days(1),
		}},
	})
	props.RemovalPolicy = awscdk.RemovalPolicy_RETAIN
	made := awss3.NewBucket(stack, jsii.String("Catalogue"), props)
	output(stack, "CatalogueBucket", made.BucketName(), "where immersectl catalogue publish puts catalogues")
	return made
}

// catalogueObjects are what functions may read there, and no more: who may not list is not told what else there is.
func catalogueObjects(catalogue bucket) *string {
	return catalogue.ArnForObjects(jsii.String(published.Prefix + "*"))
}
