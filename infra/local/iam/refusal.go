package iam

import (
	"net/http"
	"strings"

	"github.com/miict/immerse/infra/local/protocol"
)

// Refusal is what AWS answers to a call that the policies don't allow. Who is the caller's ARN; why is the kind of
// policy that doesn't allow it, and what the laptop has to add.
func Refusal(who string, r Request, why string) *protocol.Error {
	service, _, _ := strings.Cut(r.Action, ":")
	action, resource := r.Action, r.Resource
	e := &protocol.Error{Status: http.StatusBadRequest, Type: "com.amazon.coral.service#AccessDeniedException"}
	switch service {
	case "sqs":
		e.Status, e.Query, action = http.StatusForbidden, "AccessDenied", strings.ToLower(action)
	case "s3":
		e.Status, e.Type = http.StatusForbidden, "AccessDenied"
	case "kms":
		e.Type = "AccessDeniedException"
	case "ses":
		e.Status, e.Type = http.StatusForbidden, "AccessDeniedException"
		action, resource = "`"+action+"'", "`"+resource+"'"
	}
	e.Message = "User: " + who + " is not authorized to perform: " + action + " on resource: " + resource + " because " + why
	return e
}
