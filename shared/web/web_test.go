package web_test

import (
	"testing"

	lambdaevents "github.com/aws/aws-lambda-go/events"

	"github.com/miict/immerse/shared/web"
)

func TestCrossSite(t *testing.T) {
	const ours = "https://immerse.example"
	for _, one := range []struct {
		site, origin string
		cross        bool
	}{
		{"same-origin", "null", false}, {"none", "", false}, {"cross-site", ours, true}, {"same-site", "", true},
		{"", "", false}, {"", "null", false}, {"", ours, false}, {"", "HTTPS://IMMERSE.EXAMPLE", false},
		{"", "http://immerse.example", true}, {"", "https://immerse.example.evil.example", true}, {"", "%zz://", true},
	} {
		r := web.Request{Headers: map[string]string{"sec-fetch-site": one.site, "origin": one.origin}}
		if got := r.CrossSite(ours + "/below"); got != one.cross {
			t.Errorf("from %q, %q: %v", one.site, one.origin, got)
		}
	}
}

func TestRead(t *testing.T) {
	event := lambdaevents.APIGatewayV2HTTPRequest{
		RawPath: "/a%2Fb", RawQueryString: "lang=ar&x=%zz", Headers: map[string]string{"Content-Type": "Application/X-WWW-Form-Urlencoded; charset=utf-8", "Cookie": "a=b"},
		Body: "YT1i", IsBase64Encoded: true,
	}
	event.RequestContext.HTTP.Method = "HEAD"
	r := web.Read(event)
	kind, params := r.Media()
	if kind != web.Form || params["charset"] != "utf-8" || string(r.Body) != "a=b" || r.RawPath != "/a%2Fb" || r.Query.Get("lang") != "ar" || len(r.Cookies) != 1 || r.Trace == "" {
		t.Errorf("read %+v", r)
	}
	if answer := r.Answer(200, map[string]string{"Cache-Control": "no-cache"}, []byte("text")); answer.Body != "" || answer.Headers["Cache-Control"] != "no-cache" || answer.Headers["Referrer-Policy"] != "no-referrer" {
		t.Errorf("answered %+v", answer)
	}
	if web.KnownMethod("HEAD") != "HEAD" || web.KnownMethod("<script>") != "other" {
		t.Error("a made-up method is logged")
	}
}
