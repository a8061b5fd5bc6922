package main

import (
	"os"
	"path/filepath"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awss3"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// A codeOf gives the program of a function.
type codeOf func(scope constructs.Construct, function string) awslambda.Code

// notBuiltBucket stands where the bucket of the programs will be: deploying what was never built fails, and says why.
const notBuiltBucket = "run-make-build-first"

// built takes the programs that make build wrote to a folder. Templates can be written and looked at without them.
func built(folder string) codeOf {
	return func(scope constructs.Construct, function string) awslambda.Code {
		zip := filepath.Join(folder, function+".zip")
		if _, err := os.Stat(zip); err != nil {
			return notBuilt(scope, function)
		}
		return awslambda.Code_FromAsset(&zip, nil)
	}
}

// notBuilt stands for a program that is not there.
func notBuilt(scope constructs.Construct, function string) awslambda.Code {
	bucket := awss3.Bucket_FromBucketName(scope, jsii.String("NotBuilt"+title(function)), jsii.String(notBuiltBucket))
	return awslambda.Code_FromBucketV2(bucket, jsii.String(function+".zip"), nil)
}
