package main

import (
	"slices"

	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigatewayv2integrations"
	"github.com/aws/jsii-runtime-go"
)

// The most requests that the API lets through, a second on average and at once: many times what a country's people ask,
// little enough that a flood costs dollars and not thousands.
const (
	requestsPerSecond = 50
	requestsAtOnce    = 100
)

// The most of them that may be for the open data: who reads all of it must not take the place of who asks for help.
const (
	openRequestsPerSecond = 20
	openRequestsAtOnce    = 40
)

// open are the functions of the open data.
var open = []string{"hsds", "figures"}

// routes say which function answers what. Paths are the laptop's too.
var routes = []struct{ path, function string }{
	{"/api/{proxy+}", "intake"},
	{"/referral/{token}", "referral"},
	{"/hsds", "hsds"},
	{"/hsds/{proxy+}", "hsds"},
	{"/status", "intake"},
	{"/figures", "figures"},
	{"/api/v1/figures", "figures"},
}

// api is the HTTP API behind the content network. Its own address stays reachable: nothing that protects is done at the
// content network alone (docs/decisions/0603).
type api struct {
	http  awsapigatewayv2.HttpApi
	stage awsapigatewayv2.CfnStage
}

func newAPI(stack awscdk.Stack, n names) api {
	http := awsapigatewayv2.NewHttpApi(stack, jsii.String("Api"), &awsapigatewayv2.HttpApiProps{
		ApiName: jsii.String(n.plain()), CreateDefaultStage: jsii.Bool(false),
	})
	// "vendedlogs": API Gateway's own way of writing to a log group needs a name that starts so, or a policy that grows.
	logs := newLogs(stack, "ApiLogs", "/aws/vendedlogs/"+n.of("api"))
	stage := awsapigatewayv2.NewCfnStage(stack, jsii.String("ApiStage"), &awsapigatewayv2.CfnStageProps{
		ApiId: http.ApiId(), StageName: jsii.String("$default"), AutoDeploy: jsii.Bool(true),
		DefaultRouteSettings: &awsapigatewayv2.CfnStage_RouteSettingsProperty{
			ThrottlingRateLimit: jsii.Number(requestsPerSecond), ThrottlingBurstLimit: jsii.Number(requestsAtOnce),
		},
		AccessLogSettings: &awsapigatewayv2.CfnStage_AccessLogSettingsProperty{
			DestinationArn: logs.LogGroupArn(), Format: jsii.String(accessLog()),
		},
	})
	made := api{http, stage}
	output(stack, "ApiUrl", jsii.String("https://"+*made.domain(stack)), "the API's own address, for finding faults")
	return made
}

// logged is what is kept of a request: nothing that says who asked. No address, no user agent, no query, and the route
// instead of the path, as the path of a referral holds a secret.
var logged = []string{
	"requestId", "requestTimeEpoch", "routeKey", "httpMethod", "protocol", "status", "responseLength", "responseLatency",
	"integrationStatus", "integrationLatency", "integrationErrorMessage",
}

// accessLog writes a line of JSON a request.
func accessLog() string {
	fields := make([]string, len(logged))
	for i, name := range logged {
		fields[i] = `"` + name + `":"$context.` + name + `"`
	}
	return "{" + strings.Join(fields, ",") + "}"
}

// route connects the API with the functions.
func (a api) route(functions functions) {
	settings := map[string]any{}
	integrations := map[string]awsapigatewayv2integrations.HttpLambdaIntegration{}
	for _, route := range routes {
		if integrations[route.function] == nil {
			integrations[route.function] = awsapigatewayv2integrations.NewHttpLambdaIntegration(
				jsii.String("To"+title(route.function)), functions[route.function], nil)
		}
		made := a.http.AddRoutes(&awsapigatewayv2.AddRoutesOptions{
			Path: jsii.String(route.path), Methods: &[]awsapigatewayv2.HttpMethod{awsapigatewayv2.HttpMethod_ANY},
			Integration: integrations[route.function],
		})
		if slices.Contains(open, route.function) {
			settings["ANY "+route.path] = map[string]any{"ThrottlingRateLimit": openRequestsPerSecond, "ThrottlingBurstLimit": openRequestsAtOnce}
			a.stage.Node().AddDependency((*made)[0]) // a stage may only speak of routes that are there
		}
	}
	a.stage.SetRouteSettings(settings)
}

// domain is the API's own host name.
func (a api) domain(stack awscdk.Stack) *string {
	return jsii.String(*a.http.ApiId() + ".execute-api." + *stack.Region() + "." + *stack.UrlSuffix())
}
