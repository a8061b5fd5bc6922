package notification

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
)

// The answers that SES gives, as the SDK meets them on the wire, and what each means.
var answers = []struct {
	name   string
	status int
	code   string // X-Amzn-ErrorType
	text   string
	kind   refusalKind
	reason string
}{
	{"rejected", 400, "MessageRejected", "Email content is not acceptable", refusedMail, "message_rejected"},
	{"sandbox or sender", 400, "MessageRejected", "Email address is not verified. The following identities failed the check in region EU-WEST-1: a@b.example", accountTrouble, "message_rejected"},
	{"bad address", 400, "BadRequestException", "Domain starts with dot", refusedMail, "bad_address"},
	{"bad address, other words", 400, "BadRequestException", "Local address contains control or whitespace", refusedMail, "bad_address"},
	{"our own mistake", 400, "BadRequestException", "Invalid header name", refusedNow, "bad_request"},
	{"configuration set unusable", 400, "BadRequestException", "Configuration set <immerse> is invalid", accountTrouble, "bad_request"},
	{"rate", 429, "TooManyRequestsException", "Too many", throttled, "throttled"},
	{"limit", 400, "LimitExceededException", "Limit", throttled, "throttled"},
	{"rate under a general code", 400, "Throttling", "Maximum sending rate exceeded.", throttled, "throttled"},
	{"rate in words alone", 400, "BadRequestException", "Maximum sending rate exceeded.", throttled, "throttled"},
	{"daily quota", 400, "ThrottlingException", "Daily message quota exceeded", throttled, "quota_exceeded"},
	{"suspended", 400, "AccountSuspendedException", "", accountTrouble, "account_suspended"},
	{"paused", 400, "SendingPausedException", "", accountTrouble, "sending_paused"},
	{"MAIL FROM", 400, "MailFromDomainNotVerifiedException", "", accountTrouble, "mail_from_domain_not_verified"},
	{"no configuration set", 404, "NotFoundException", "Configuration set <immerse> does not exist.", accountTrouble, "not_found"},
	{"denied", 403, "AccessDeniedException", "User is not authorized to perform ses:SendEmail", accountTrouble, "access_denied"},
	{"SES is unwell", 500, "InternalServiceErrorException", "", refusedNow, "internal_service_error"},
	{"SES is away", 503, "ServiceUnavailable", "", refusedNow, "service_unavailable"},
	{"a gateway in between", 502, "", "<html>Bad Gateway</html>", outcomeUnknown, "no_answer"},
	{"a gateway that waited", 504, "ServiceUnavailable", "", outcomeUnknown, "no_answer"},
	{"a 500 that nobody signs", 500, "", "", outcomeUnknown, "no_answer"},
	{"too much, says a gateway", 429, "", "", throttled, "throttled"},
}

func TestEachAnswerOfSESIsKeptApart(t *testing.T) {
	for _, answer := range answers {
		t.Run(answer.name, func(t *testing.T) {
			var calls atomic.Int64
			box := postbox(t, func(w http.ResponseWriter, _ *http.Request) {
				calls.Add(1)
				if answer.code != "" {
					w.Header().Set("X-Amzn-ErrorType", answer.code)
				}
				w.WriteHeader(answer.status)
				body := answer.text
				if answer.code != "" {
					body = `{"message": "` + answer.text + `"}`
				}
				_, _ = w.Write([]byte(body))
			})
			_, err := box.send(t.Context(), aMail())
			wantRefusal(t, err, answer.kind, answer.reason)
			if calls.Load() != 1 {
				t.Errorf("SES was called %d times: the SDK must not try again by itself", calls.Load())
			}
			why := new(refusal)
			if errors.As(err, &why); (why.kind == accountTrouble) != (why.advice != "") {
				t.Errorf("advice %q for kind %d", why.advice, why.kind)
			}
			if strings.Contains(err.Error(), "@") {
				t.Errorf("the error quotes an address: %v", err)
			}
		})
	}
}

func TestAConnectionThatIsNeverMadeIsARefusal(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	check(t, err)
	url := "http://" + listener.Addr().String()
	check(t, listener.Close())
	_, err = Postbox{SES: client(url), Timeout: time.Minute}.send(t.Context(), aMail())
	wantRefusal(t, err, refusedNow, "unreachable")
}

func TestALostAnswerIsNoAnswer(t *testing.T) {
	cases := map[string]http.HandlerFunc{
		"hung up": func(w http.ResponseWriter, _ *http.Request) {
			connection, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				_ = connection.Close()
			}
		},
		"too slow": func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"no id":    func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}")) },
		"not JSON": func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("hello")) },
		"cut short": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte(`{"Mess`))
		},
		"redirected": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusFound) },
	}
	for name, answer := range cases {
		t.Run(name, func(t *testing.T) {
			box := postbox(t, answer)
			if name == "too slow" {
				box.Timeout = time.Second
			}
			_, err := box.send(t.Context(), aMail())
			wantRefusal(t, err, outcomeUnknown, "")
		})
	}
}

func TestAnInvocationThatEndsMeanwhileIsNoAnswer(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	box := postbox(t, func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() })
	_, err := box.send(ctx, aMail())
	wantRefusal(t, err, outcomeUnknown, "")
}

func aMail() Mail {
	return Mail{ID: "receipt", Kind: kindReceipt, Reference: reference, To: "a@b.example", Language: "en", Subject: "s", Text: "t", HTML: "h"}
}

func postbox(t *testing.T, answer http.HandlerFunc) Postbox {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then does the server notice a caller that hangs up
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	return Postbox{SES: client(server.URL), From: "no-reply@immerse.example", Timeout: time.Minute}
}

// client is the SDK's own, made as main makes it.
func client(url string) *sesv2.Client {
	return sesv2.NewFromConfig(aws.Config{
		Region: "eu-south-2", BaseEndpoint: aws.String(url), Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
	}, Once)
}

func wantRefusal(t *testing.T, err error, kind refusalKind, reason string) {
	t.Helper()
	why := new(refusal)
	if !errors.As(err, &why) {
		t.Fatalf("%v is no refusal", err)
	}
	if why.kind != kind || reason != "" && why.reason != reason {
		t.Errorf("kind %d, reason %q, want %d, %q (%v)", why.kind, why.reason, kind, reason, why.err)
	}
}
