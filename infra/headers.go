package main

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudfront"
	"github.com/aws/jsii-runtime-go"

	"github.com/miict/immerse/shared/page"
)

// siteHeaders are the site's security headers. The policy is the one that its pages are made for (package page).
func siteHeaders(stack awscdk.Stack, n names) awscloudfront.ResponseHeadersPolicy {
	override := jsii.Bool(true)
	return awscloudfront.NewResponseHeadersPolicy(stack, jsii.String("SiteHeaders"), &awscloudfront.ResponseHeadersPolicyProps{
		ResponseHeadersPolicyName: jsii.String(n.of("site")),
		SecurityHeadersBehavior: &awscloudfront.ResponseSecurityHeadersBehavior{
			ContentSecurityPolicy: &awscloudfront.ResponseHeadersContentSecurityPolicy{
				ContentSecurityPolicy: jsii.String(page.Policy), Override: override,
			},
			ContentTypeOptions: &awscloudfront.ResponseHeadersContentTypeOptions{Override: override},
			FrameOptions: &awscloudfront.ResponseHeadersFrameOptions{
				FrameOption: awscloudfront.HeadersFrameOption_DENY, Override: override,
			},
			ReferrerPolicy: &awscloudfront.ResponseHeadersReferrerPolicy{
				ReferrerPolicy: awscloudfront.HeadersReferrerPolicy_NO_REFERRER, Override: override,
			},
			StrictTransportSecurity: onlyHTTPS(),
		},
		CustomHeadersBehavior: &awscloudfront.ResponseCustomHeadersBehavior{
			CustomHeaders: &[]*awscloudfront.ResponseCustomHeader{
				header("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
				header("Cross-Origin-Opener-Policy", "same-origin"),
				header("Cross-Origin-Resource-Policy", "same-origin"),
			},
		},
	})
}

// functionHeaders add to what the functions say themselves the one thing that only the edge can know: that there is
// HTTPS.
func functionHeaders(stack awscdk.Stack, n names) awscloudfront.ResponseHeadersPolicy {
	return awscloudfront.NewResponseHeadersPolicy(stack, jsii.String("FunctionHeaders"), &awscloudfront.ResponseHeadersPolicyProps{
		ResponseHeadersPolicyName: jsii.String(n.of("functions")),
		SecurityHeadersBehavior: &awscloudfront.ResponseSecurityHeadersBehavior{
			ContentTypeOptions:      &awscloudfront.ResponseHeadersContentTypeOptions{Override: jsii.Bool(true)},
			StrictTransportSecurity: onlyHTTPS(),
		},
	})
}

// onlyHTTPS makes browsers use HTTPS for a year.
func onlyHTTPS() *awscloudfront.ResponseHeadersStrictTransportSecurity {
	return &awscloudfront.ResponseHeadersStrictTransportSecurity{AccessControlMaxAge: days(365), Override: jsii.Bool(true)}
}

func header(name, value string) *awscloudfront.ResponseCustomHeader {
	return &awscloudfront.ResponseCustomHeader{Header: &name, Value: &value, Override: jsii.Bool(true)}
}
