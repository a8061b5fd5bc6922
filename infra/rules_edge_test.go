package main

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/miict/immerse/shared/page"
)

// personal are the fields of API Gateway's access log that could say who asked.
var personal = regexp.MustCompile(`(?i)identity|sourceip|useragent|path|query|authorizer|header|domainName`)

func checkRequests(t reporter, made template) {
	for id, stage := range made.of("AWS::ApiGatewayV2::Stage") {
		format, _ := stage.at("AccessLogSettings.Format").(string)
		if !json.Valid([]byte(format)) || made.Resources[target(stage.at("AccessLogSettings.DestinationArn"))] == nil {
			t.wrong("%s has no access log", id)
		}
		if found := personal.FindString(format); found != "" {
			t.wrong("%s logs %q", id, found)
		}
		if number(stage.at("DefaultRouteSettings.ThrottlingRateLimit")) < 1 || number(stage.at("DefaultRouteSettings.ThrottlingBurstLimit")) < 1 {
			t.wrong("%s is not throttled", id)
		}
		for _, route := range routes {
			own := at(at(stage.Properties["RouteSettings"], "ANY "+route.path), "ThrottlingRateLimit")
			if slices.Contains(open, route.function) && (number(own) < 1 || number(own) >= number(stage.at("DefaultRouteSettings.ThrottlingRateLimit"))) {
				t.wrong("who reads %s can take the place of who asks for help: %v a second", route.path, own)
			}
		}
	}
	var answered []string
	for _, route := range made.of("AWS::ApiGatewayV2::Route") {
		answered = append(answered, fmt.Sprint(route.at("RouteKey")))
	}
	for _, route := range routes {
		if !slices.Contains(answered, "ANY "+route.path) {
			t.wrong("no route answers %s", route.path)
		}
	}
	allowed := 0
	for _, permission := range made.of("AWS::Lambda::Permission") {
		if permission.at("Principal") == "apigateway.amazonaws.com" {
			allowed++
		}
	}
	if allowed != len(answered) {
		t.wrong("%d routes, %d permissions to call their functions", len(answered), allowed)
	}
}

// checkSchedules: a function that is to be started by a schedule lets it, and only that.
func checkSchedules(t reporter, made template) {
	scheduled := map[string]bool{}
	for id, rule := range made.of("AWS::Events::Rule") {
		if rule.at("ScheduleExpression") == nil {
			continue
		}
		started := target(at(list(rule.at("Targets"))[0], "Arn"))
		scheduled[started] = true
		allows := false
		for _, permission := range made.of("AWS::Lambda::Permission") {
			allows = allows || permission.at("Principal") == "events.amazonaws.com" &&
				target(permission.at("FunctionName")) == started && target(permission.at("SourceArn")) == id
		}
		if !allows {
			t.wrong("%s may not start %s", id, started)
		}
	}
	if len(scheduled) != len(every) {
		t.wrong("%d schedules", len(scheduled))
	}
	for name := range every {
		if !slices.ContainsFunc(keysOf(made.of("AWS::Lambda::Function")), func(id string) bool {
			return scheduled[id] && strings.HasPrefix(id, title(name))
		}) {
			t.wrong("no schedule starts %s", name)
		}
	}
}

// checkReports: SES's own events get into the queue that feedback reads.
func checkReports(t reporter, made template) {
	for _, rule := range made.of("AWS::Events::Rule") {
		if !slices.Contains(list(rule.at("EventPattern.source")), any("aws.ses")) {
			continue
		}
		for _, one := range list(rule.at("Targets")) {
			queue := made.Resources[target(at(one, "Arn"))]
			if queue != nil && strings.HasSuffix(fmt.Sprint(queue.at("QueueName")), "-feedback") && at(one, "InputPath") == "$.detail" {
				return
			}
		}
	}
	t.wrong("no rule brings SES's events into the feedback queue")
}

func checkEdge(t reporter, made template) {
	for id, distribution := range made.of("AWS::CloudFront::Distribution") {
		config := distribution.at("DistributionConfig")
		if at(config, "HttpVersion") != "http2and3" || at(config, "IPV6Enabled") != true {
			t.wrong("%s speaks %v", id, at(config, "HttpVersion"))
		}
		if at(config, "Aliases") != nil && at(at(config, "ViewerCertificate"), "MinimumProtocolVersion") != "TLSv1.2_2021" {
			t.wrong("%s takes TLS before 1.2", id)
		}
		var paths []string
		for _, behavior := range append(list(at(config, "CacheBehaviors")), at(config, "DefaultCacheBehavior")) {
			if at(behavior, "ViewerProtocolPolicy") != "redirect-to-https" {
				t.wrong("%s: %v is reached without TLS", id, at(behavior, "PathPattern"))
			}
			if at(behavior, "ResponseHeadersPolicyId") == nil {
				t.wrong("%s: %v has no security headers", id, at(behavior, "PathPattern"))
			}
			if path, ok := at(behavior, "PathPattern").(string); ok {
				paths = append(paths, path)
				const cachingDisabled, allButHost = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "b689b0a8-53d0-40ab-baf2-68738e2966ac"
				if path == directory || path == figuresPage {
					checkOpenData(t, made, path, behavior)
					continue
				}
				if at(behavior, "CachePolicyId") != cachingDisabled || at(behavior, "OriginRequestPolicyId") != allButHost {
					t.wrong("%s: answers of %s are kept, or requests not passed on whole", id, path)
				}
			}
		}
		if !slices.Equal(paths, dynamic) {
			t.wrong("%s: the functions answer %v", id, paths)
		}
	}
	policies := ""
	for _, policy := range made.of("AWS::CloudFront::ResponseHeadersPolicy") {
		policies += fmt.Sprint(policy.at("ResponseHeadersPolicyConfig.SecurityHeadersConfig.ContentSecurityPolicy.ContentSecurityPolicy"))
		if number(policy.at("ResponseHeadersPolicyConfig.SecurityHeadersConfig.StrictTransportSecurity.AccessControlMaxAgeSec")) < 365*24*60*60 {
			t.wrong("browsers are not told to stay with HTTPS")
		}
	}
	if !strings.Contains(policies, page.Policy) {
		t.wrong("the site's policy is not the one its pages are made for")
	}
}

// checkOpenData: what anybody may read is kept as long as the function says, by everything that its answer depends on; and
// nothing that could say who asks is passed on to it.
func checkOpenData(t reporter, made template, path string, behavior any) {
	policy := made.Resources[target(at(behavior, "CachePolicyId"))]
	if policy == nil || at(behavior, "OriginRequestPolicyId") != nil {
		t.wrong("%s is kept by another policy than its own", path)
		return
	}
	config := policy.at("CachePolicyConfig")
	key := at(config, "ParametersInCacheKeyAndForwardedToOrigin")
	if number(at(config, "DefaultTTL")) != 0 || number(at(config, "MinTTL")) != 0 {
		t.wrong("%s is kept although its function doesn't say so", path)
	}
	if at(key, "QueryStringsConfig.QueryStringBehavior") != "all" || at(key, "CookiesConfig.CookieBehavior") != "none" ||
		!slices.Equal(list(at(key, "HeadersConfig.Headers")), []any{"Accept"}) {
		t.wrong("%s is kept by %v", path, key)
	}
	for _, method := range list(at(behavior, "AllowedMethods")) {
		if method != "GET" && method != "HEAD" && method != "OPTIONS" {
			t.wrong("%s takes %v", path, method)
		}
	}
}

var (
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
	left    = regexp.MustCompile(`[^a-z0-9 -]`)
)

// anchors are the headings of a page as its web view names them.
func anchors(page string) map[string]bool {
	all := map[string]bool{}
	for _, found := range heading.FindAllStringSubmatch(page, -1) {
		all[strings.ReplaceAll(left.ReplaceAllString(strings.ToLower(found[1]), ""), " ", "-")] = true
	}
	return all
}

var inCode = regexp.MustCompile(`operations\.md#([a-z0-9-]+)`)

// Reasons for suppressions lead into the runbook too.
func TestSuppressionsLeadSomewhere(t *testing.T) {
	anchors := anchors(readFile("../docs/operations.md"))
	for _, place := range suppressions(invented(t)) {
		for _, rule := range place.rules {
			for _, found := range inCode.FindAllStringSubmatch(rule.reason, -1) {
				if !anchors[found[1]] {
					t.Errorf("%s leads to %s, which is not there", rule.id, found[1])
				}
			}
		}
	}
}
