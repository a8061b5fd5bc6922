package notification

import (
	"errors"
	"net"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// A refusalKind says what an unsuccessful hand-over means for the mail and for those after it.
type refusalKind int

const (
	// outcomeUnknown: nobody knows whether the mail went. The claim stays and its lease decides.
	outcomeUnknown refusalKind = iota
	// refusedNow: SES does not have the mail, and the same call may work later.
	refusedNow
	// refusedMail: this mail will never be taken. It is recorded as failed, the others go on.
	refusedMail
	// throttled: too much at once. Nothing more is sent in this invocation.
	throttled
	// accountTrouble: nothing will be taken before an operator acts. Nothing more is sent in this invocation.
	accountTrouble
)

// rateExceeded is the reason of what came too fast.
const rateExceeded = "throttled"

// A refusal is why a mail was not handed over. Its text is a code and never SES's own words, which quote addresses.
type refusal struct {
	kind   refusalKind
	reason string // a code for logs and the store
	advice string // what an operator must do; only with accountTrouble
	err    error
}

// Error gives the code alone: see refusal.
func (r *refusal) Error() string { return "handing a mail over: " + r.reason }

// Unwrap gives what SES or the connection said. It may hold addresses: don't log it.
func (r *refusal) Unwrap() error { return r.err }

// stops tells whether no further mail should be tried in this invocation.
func (r *refusal) stops() bool { return r.kind == throttled || r.kind == accountTrouble }

// classify sorts the error of a SendEmail call. What SES itself answered is definite; what the network or a gateway
// answered is not, because the mail may have been taken before.
func classify(err error) *refusal {
	var api smithy.APIError
	if errors.As(err, &api) {
		return classifyAnswer(api, status(err), err)
	}
	if dial := new(net.OpError); errors.As(err, &dial) && dial.Op == "dial" {
		return &refusal{kind: refusedNow, reason: "unreachable", err: err} // no connection, so nothing was handed over
	}
	if code := status(err); code == http.StatusTooManyRequests {
		return &refusal{kind: throttled, reason: rateExceeded, err: err}
	}
	return &refusal{kind: outcomeUnknown, reason: "no_answer", err: err}
}

func classifyAnswer(api smithy.APIError, status int, err error) *refusal {
	code, words := api.ErrorCode(), strings.ToLower(api.ErrorMessage())
	switch {
	case strings.Contains(words, "quota exceeded"):
		return &refusal{kind: throttled, reason: "quota_exceeded", err: err} // of a day: waiting a little doesn't help
	case throttles(code, words) || status == http.StatusTooManyRequests:
		return &refusal{kind: throttled, reason: rateExceeded, err: err}
	case advice(code, words) != "":
		return &refusal{kind: accountTrouble, reason: snake(code), advice: advice(code, words), err: err}
	case code == rejected:
		return &refusal{kind: refusedMail, reason: "message_rejected", err: err}
	case code == badRequest && aboutDestination(words):
		return &refusal{kind: refusedMail, reason: "bad_address", err: err}
	case gateway(code, status):
		return &refusal{kind: outcomeUnknown, reason: "no_answer", err: err}
	}
	return &refusal{kind: refusedNow, reason: snake(code), err: err}
}

var (
	rejected   = (&types.MessageRejected{}).ErrorCode()
	badRequest = (&types.BadRequestException{}).ErrorCode()
)

// throttles knows SES's codes and, because SES also throttles under general codes, its words.
func throttles(code, words string) bool {
	switch code {
	case (&types.TooManyRequestsException{}).ErrorCode(), (&types.LimitExceededException{}).ErrorCode(),
		"Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException",
		"RequestLimitExceeded", "SlowDown", "BandwidthLimitExceeded":
		return true
	}
	return strings.Contains(words, "maximum sending rate exceeded") || strings.Contains(words, "sending quota exceeded") ||
		strings.Contains(words, "message quota exceeded")
}

// advice says what an operator must do about a code that stops every mail; empty for the codes that don't.
func advice(code, words string) string {
	switch code {
	case (&types.AccountSuspendedException{}).ErrorCode():
		return "SES has shut down sending for this account for good: open a case with AWS Support, then redrive the dead-letter queue"
	case (&types.SendingPausedException{}).ErrorCode():
		return "sending is paused for the account or the configuration set: resume it in the SES console, then redrive the dead-letter queue"
	case (&types.MailFromDomainNotVerifiedException{}).ErrorCode():
		return "the MAIL FROM domain is not verified: correct its MX and SPF records, then redrive the dead-letter queue"
	case (&types.NotFoundException{}).ErrorCode():
		return "MAIL_CONFIGURATION_SET names no configuration set of this region: create it or deploy again, then redrive the dead-letter queue"
	case "AccessDenied", "AccessDeniedException", "NotAuthorized", "UnrecognizedClientException", "InvalidClientTokenId",
		"ExpiredToken", "ExpiredTokenException", "SignatureDoesNotMatch", "InvalidSignatureException",
		"IncompleteSignature", "MissingAuthenticationToken", "MissingAuthenticationTokenException", "OptInRequired":
		return "this function may not call ses:SendEmail with this sender: check its role and the identity's policy, then redrive the dead-letter queue"
	case rejected:
		// SES rejects for want of verification with the code of a bad mail, but every mail would meet the same.
		if strings.Contains(words, "not verified") {
			return "SES doesn't know the sender's domain in this region, or the account is still in the sandbox: verify the domain and ask for production access, then redrive the dead-letter queue"
		}
	case badRequest:
		if strings.Contains(words, "configuration set") {
			return "MAIL_CONFIGURATION_SET is not usable: correct it, then redrive the dead-letter queue"
		}
	}
	return ""
}

// aboutDestination tells whether SES refuses the recipient's address; ours was checked when the function started.
func aboutDestination(words string) bool {
	for _, word := range []string{"address", "recipient", "destination", "domain", "local part", "mailbox"} {
		if strings.Contains(words, word) {
			return true
		}
	}
	return false
}

// gateway tells whether an answer comes from something between us and SES, or can't be told from one that does.
func gateway(code string, status int) bool {
	if status == http.StatusBadGateway || status == http.StatusGatewayTimeout || status == http.StatusRequestTimeout {
		return true
	}
	return code == "" || code == "UnknownError"
}

func status(err error) int {
	var response *smithyhttp.ResponseError
	if errors.As(err, &response) && response.Response != nil {
		return response.HTTPStatusCode()
	}
	return 0
}

// snake writes SES's code as our logs do: "SendingPausedException" becomes "sending_paused".
func snake(code string) string {
	var out strings.Builder
	for i, r := range strings.TrimSuffix(code, "Exception") {
		if r >= 'A' && r <= 'Z' {
			if i > 0 {
				out.WriteByte('_')
			}
			r += 'a' - 'A'
		}
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_' {
			out.WriteRune(r)
		}
	}
	if out.Len() == 0 || out.Len() > 60 {
		return "refused"
	}
	return out.String()
}
