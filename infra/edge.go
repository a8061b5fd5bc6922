package main

import (
	_ "embed"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscertificatemanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfrontorigins"
	"github.com/aws/jsii-runtime-go"

	"github.com/miict/immerse/shared/country"
)

// dynamic are the paths that the functions answer; all else is the static site. One origin for the browser: no CORS.
var dynamic = []string{"/api/*", figuresPage, directory, "/referral/*", "/status*"}

// The paths of what is the same for everybody, and may be kept.
const (
	directory   = "/hsds*"
	figuresPage = "/figures*"
)

// A site is what people see: the content network and its address.
type site struct{ url *string }

// newEdge puts the content network in front of the site's bucket and the API.
func newEdge(stack awscdk.Stack, n names, pack *country.Pack, api api, log bucket) site {
	toFunctions := functionsBehavior(stack, n, api)
	behaviors := map[string]*awscloudfront.BehaviorOptions{}
	for _, path := range dynamic {
		behaviors[path] = toFunctions
	}
	openData := openDataBehavior(stack, n, toFunctions)
	behaviors[directory], behaviors[figuresPage] = openData, openData
	bucket := newSiteBucket(stack, log)
	props := &awscloudfront.DistributionProps{
		Comment:             jsii.String(n.plain()),
		DefaultBehavior:     siteBehavior(stack, n, bucket),
		AdditionalBehaviors: &behaviors,
		DefaultRootObject:   jsii.String("index.html"),
		HttpVersion:         awscloudfront.HttpVersion_HTTP2_AND_3,
		EnableIpv6:          jsii.Bool(true),
		PriceClass:          awscloudfront.PriceClass_PRICE_CLASS_100, // Europe's edges are in the cheapest class
		ErrorResponses:      errorResponses(),
	}
	ownDomain(stack, pack, props)
	distribution := awscloudfront.NewDistribution(stack, jsii.String("Site"), props)

	host := distribution.DistributionDomainName()
	if pack.Domain != "" {
		host = &pack.Domain
	}
	url := jsii.String("https://" + *host)
	output(stack, "SiteUrl", url, "the address that people are given")
	output(stack, "SiteDistribution", distribution.DistributionId(), "whose cache make deploy empties")
	output(stack, "SiteBucket", bucket.BucketName(), "where make deploy puts the site")
	output(stack, "SiteRegion", stack.Region(), "and its region")
	return site{url}
}

// ownDomain gives the distribution the pack's domain. Only then can it refuse TLS before 1.2: under CloudFront's own
// name it can't, so without a domain the stack is good for trying out. The packs' own domains are placeholders until an
// operator sets real ones.
func ownDomain(stack awscdk.Stack, pack *country.Pack, props *awscloudfront.DistributionProps) {
	if pack.Domain == "" {
		return
	}
	if strings.HasSuffix(pack.Domain, ".example") {
		awscdk.Annotations_Of(stack).AddWarningV2(jsii.String("immerse:placeholder"), jsii.String(
			"the pack's domain "+pack.Domain+" is a placeholder: set domain, certificate and mail_from before deploying"))
	}
	props.DomainNames = &[]*string{&pack.Domain}
	props.Certificate = awscertificatemanager.Certificate_FromCertificateArn(stack, jsii.String("Certificate"), &pack.Certificate)
	props.MinimumProtocolVersion = awscloudfront.SecurityPolicyProtocol_TLS_V1_2_2021
}

// errorResponses show the site's own page for what the bucket doesn't have. The bucket says 403 then, as nobody may list
// it; a 404 is a function's and stays as it is. No error of the functions is kept: unless told, the network would repeat
// it to others for ten seconds.
func errorResponses() *[]*awscloudfront.ErrorResponse {
	all := []*awscloudfront.ErrorResponse{{
		HttpStatus: jsii.Number(403), ResponseHttpStatus: jsii.Number(404), ResponsePagePath: jsii.String("/404.html"),
		Ttl: seconds(60),
	}}
	for _, status := range []float64{404, 500, 501, 502, 503, 504} {
		all = append(all, &awscloudfront.ErrorResponse{HttpStatus: &status, Ttl: seconds(0)})
	}
	return &all
}

//go:embed folders.js
var foldersCode string

// siteBehavior serves the bucket: cached, compressed, under a strict policy.
func siteBehavior(stack awscdk.Stack, n names, bucket bucket) *awscloudfront.BehaviorOptions {
	folders := awscloudfront.NewFunction(stack, jsii.String("Folders"), &awscloudfront.FunctionProps{
		FunctionName: jsii.String(n.of("folders")), Runtime: awscloudfront.FunctionRuntime_JS_2_0(),
		Code: awscloudfront.FunctionCode_FromInline(&foldersCode),
	})
	return &awscloudfront.BehaviorOptions{
		Origin:                awscloudfrontorigins.S3BucketOrigin_WithOriginAccessControl(bucket, nil),
		AllowedMethods:        awscloudfront.AllowedMethods_ALLOW_GET_HEAD(),
		ViewerProtocolPolicy:  awscloudfront.ViewerProtocolPolicy_REDIRECT_TO_HTTPS,
		Compress:              jsii.Bool(true),
		CachePolicy:           siteCache(stack, n),
		ResponseHeadersPolicy: siteHeaders(stack, n),
		FunctionAssociations: &[]*awscloudfront.FunctionAssociation{{
			Function: folders, EventType: awscloudfront.FunctionEventType_VIEWER_REQUEST,
		}},
	}
}

// siteCache keeps what the bucket's own Cache-Control allows. The query "v" tells versions of the stylesheet apart
// (decision 0304); no other query can fill the cache.
func siteCache(stack awscdk.Stack, n names) awscloudfront.CachePolicy {
	return awscloudfront.NewCachePolicy(stack, jsii.String("SiteCache"), &awscloudfront.CachePolicyProps{
		CachePolicyName:            jsii.String(n.of("site")),
		QueryStringBehavior:        awscloudfront.CacheQueryStringBehavior_AllowList(jsii.String("v")),
		MinTtl:                     seconds(0),
		DefaultTtl:                 seconds(300),
		MaxTtl:                     days(365),
		EnableAcceptEncodingGzip:   jsii.Bool(true),
		EnableAcceptEncodingBrotli: jsii.Bool(true),
	})
}

// functionsBehavior passes everything on and keeps nothing: answers are personal.
func functionsBehavior(stack awscdk.Stack, n names, api api) *awscloudfront.BehaviorOptions {
	return &awscloudfront.BehaviorOptions{
		Origin: awscloudfrontorigins.NewHttpOrigin(api.domain(stack), &awscloudfrontorigins.HttpOriginProps{
			ProtocolPolicy:     awscloudfront.OriginProtocolPolicy_HTTPS_ONLY,
			OriginSslProtocols: &[]awscloudfront.OriginSslPolicy{awscloudfront.OriginSslPolicy_TLS_V1_2},
		}),
		AllowedMethods:        awscloudfront.AllowedMethods_ALLOW_ALL(),
		Compress:              jsii.Bool(false), // an answer holds a secret beside what a stranger may have sent
		ViewerProtocolPolicy:  awscloudfront.ViewerProtocolPolicy_REDIRECT_TO_HTTPS,
		CachePolicy:           awscloudfront.CachePolicy_CACHING_DISABLED(),
		OriginRequestPolicy:   awscloudfront.OriginRequestPolicy_ALL_VIEWER_EXCEPT_HOST_HEADER(),
		ResponseHeadersPolicy: functionHeaders(stack, n),
	}
}

//go:embed slash.js
var slashCode string

// openDataBehavior keeps what a function says may be kept, by the whole question: the directory and the figures are public,
// and read by machines that come again and again. Cookies are not passed on.
func openDataBehavior(stack awscdk.Stack, n names, functions *awscloudfront.BehaviorOptions) *awscloudfront.BehaviorOptions {
	slash := awscloudfront.NewFunction(stack, jsii.String("Slash"), &awscloudfront.FunctionProps{
		FunctionName: jsii.String(n.of("slash")), Runtime: awscloudfront.FunctionRuntime_JS_2_0(),
		Code: awscloudfront.FunctionCode_FromInline(&slashCode),
	})
	behavior := *functions
	behavior.AllowedMethods = awscloudfront.AllowedMethods_ALLOW_GET_HEAD_OPTIONS()
	behavior.CachedMethods = awscloudfront.CachedMethods_CACHE_GET_HEAD_OPTIONS()
	behavior.Compress = jsii.Bool(true) // nothing in it is secret
	behavior.OriginRequestPolicy = nil  // what is part of the key is passed on, and nothing else
	behavior.CachePolicy = awscloudfront.NewCachePolicy(stack, jsii.String("OpenDataCache"), &awscloudfront.CachePolicyProps{
		CachePolicyName:            jsii.String(n.of("open-data")),
		QueryStringBehavior:        awscloudfront.CacheQueryStringBehavior_All(), // a list may have ten, and HSDS has more
		HeaderBehavior:             awscloudfront.CacheHeaderBehavior_AllowList(jsii.String("Accept")),
		MinTtl:                     seconds(0),
		DefaultTtl:                 seconds(0),
		MaxTtl:                     days(1),
		EnableAcceptEncodingGzip:   jsii.Bool(true),
		EnableAcceptEncodingBrotli: jsii.Bool(true),
	})
	behavior.FunctionAssociations = &[]*awscloudfront.FunctionAssociation{{
		Function: slash, EventType: awscloudfront.FunctionEventType_VIEWER_REQUEST,
	}}
	return &behavior
}
