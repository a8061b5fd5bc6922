package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/miict/immerse/shared/country"
)

// newCountry makes the two stacks of a country. The picture in docs/architecture.md is what it draws.
func newCountry(app constructs.Construct, pack *country.Pack, code codeOf) {
	n := namesOf(pack)
	stack := newStack(app, n, n.stack(), pack.Region)

	roles := newRoles(stack, n)
	key := newKey(stack, n, pack, roles)
	tables := newTables(stack, n, key)
	queues := newQueues(stack, n)
	api := newAPI(stack, n)
	log := newAccessLog(stack)
	site := newEdge(stack, n, pack, api, log)
	catalogue := newCatalogueBucket(stack, n, log)

	may(roles, tables, queues, catalogue, key, pack, n)
	functions := newFunctions(stack, n, roles, environments(pack, n, tables, queues, catalogue, key, site), code)
	feed(stack, functions, queues)
	schedule(stack, n, functions)
	api.route(functions)

	hear(stack, n, pack, queues.feedback)
	watch(stack, n, pack, functions, queues, api)
	explain(stack, pack)

	newMail(app, n, pack).AddDependency(stack, jsii.String("its events come here"))
}

// newStack is an empty stack in a region. It is not bound to an account: the operator's credentials say which.
func newStack(app constructs.Construct, n names, name, region string) awscdk.Stack {
	stack := awscdk.NewStack(app, &name, &awscdk.StackProps{
		Env:         &awscdk.Environment{Region: &region},
		Description: jsii.String("Immerse, country " + n.code),
		Synthesizer: awscdk.NewDefaultStackSynthesizer(&awscdk.DefaultStackSynthesizerProps{
			// The CDK's command checks the bootstrap version itself; a rule for it would be a parameter of the template.
			GenerateBootstrapVersionRule: jsii.Bool(false),
		}),
	})
	awscdk.Tags_Of(stack).Add(jsii.String(costTag), &n.code, &awscdk.TagProps{
		// A dashboard takes no tags. The key's dollar is known without one, and an emulator of CloudFormation that many
		// use (moto) can't make a key that has some.
		ExcludeResourceTypes: jsii.Strings("AWS::CloudWatch::Dashboard", "AWS::KMS::Key"),
	})
	return stack
}

// output tells the operator, and make deploy, what was made.
func output(stack awscdk.Stack, name string, value *string, what string) {
	awscdk.NewCfnOutput(stack, &name, &awscdk.CfnOutputProps{Value: value, Description: &what})
}
