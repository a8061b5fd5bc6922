package referral

import (
	"strings"

	lambdaevents "github.com/aws/aws-lambda-go/events"

	"github.com/miict/immerse/shared/locale"
	"github.com/miict/immerse/shared/ticket"
	"github.com/miict/immerse/shared/web"
)

// maxBody is the most that is read of a form, in bytes: a question of 500 letters takes 6,000 at the most.
const maxBody = 16 << 10

// A request is one for the page behind a link.
type request struct {
	web.Request
	token string // of the path; empty if the path is none of ours
	asked string // the language that was asked for, or empty
	lang  string // of an answer before the authority is known
}

func (h *Handler) read(event lambdaevents.APIGatewayV2HTTPRequest) request {
	r := request{Request: web.Read(event)}
	if token, ok := strings.CutPrefix(r.RawPath, ticket.Path); ok && !strings.Contains(token, "/") {
		r.token = token // as it stands there: what had to be escaped is no token
	}
	if lang := r.Query.Get("lang"); locale.Known(lang) {
		r.asked = lang
	}
	r.lang = locale.Negotiate(r.asked, r.Headers["accept-language"], h.Pack.Languages[0])
	return r
}

// isForm tells whether the body is a form's.
func (r request) isForm() bool {
	kind, _ := r.Media()
	return kind == web.Form
}
