package web

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"

	lambdaevents "github.com/aws/aws-lambda-go/events"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/page"
)

// dataPolicy is the Content-Security-Policy of what is no page: nothing may be loaded or framed.
const dataPolicy = "default-src 'none'; frame-ancestors 'none'"

// Answer gives an answer to API Gateway, with the headers that every one has beside its own: nothing may be kept by a
// cache, framed, or told to another site, as everything here is about one person.
func (r Request) Answer(status int, headers map[string]string, body []byte) lambdaevents.APIGatewayV2HTTPResponse {
	all := map[string]string{
		"Cache-Control":                "no-store",
		"Content-Security-Policy":      dataPolicy,
		"Cross-Origin-Resource-Policy": "same-origin",
		"Referrer-Policy":              "no-referrer",
		"X-Content-Type-Options":       "nosniff",
	}
	maps.Copy(all, headers)
	answer := lambdaevents.APIGatewayV2HTTPResponse{StatusCode: status, Headers: all, Body: string(body)}
	if r.Method == http.MethodHead {
		answer.Body = ""
	}
	return answer
}

// Page gives the page that render writes, in a language, and its headers. A template that does not fit its view panics.
func Page(lang string, render func(io.Writer) error) (headers map[string]string, body []byte) {
	var out bytes.Buffer
	if err := render(&out); err != nil {
		panic(fmt.Errorf("rendering a page: %w", err))
	}
	return map[string]string{
		"Content-Type": "text/html; charset=utf-8", "Content-Language": locale.For(lang).Lang(), "Content-Security-Policy": page.Policy,
	}, out.Bytes()
}

// Shell surrounds a page that is about one person's case.
func Shell(pack *country.Pack, lang string) page.Shell {
	return page.Shell{Lang: lang, Country: pack.NameIn(lang), Home: "/" + lang + "/", HelpLine: pack.Emergency(), Help: pack.HelpLines, NoIndex: true}
}
