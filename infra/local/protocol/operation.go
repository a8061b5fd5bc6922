package protocol

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

// Operation answers one API action: JSON body in, a value to encode or an error out.
type Operation func(ctx context.Context, body []byte) (any, error)

// Op makes an Operation of a typed function.
func Op[In, Out any](f func(context.Context, In) (Out, error)) Operation {
	return func(ctx context.Context, body []byte) (any, error) {
		var in In
		if len(body) > 0 {
			if err := json.Unmarshal(body, &in); err != nil {
				return nil, &Error{Type: "SerializationException", Message: "the body is not what the action takes: " + err.Error()}
			}
		}
		return f(ctx, in)
	}
}

// Operations is a service: its actions by name. It serves the AWS JSON 1.0 and 1.1 protocols.
type Operations map[string]Operation

// ServeHTTP picks the operation by the part of X-Amz-Target after the dot.
func (ops Operations) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, action, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	op, ok := ops[action]
	if !ok {
		Fail(w, &Error{Type: "UnknownOperationException", Message: "the local system does not have the action " + action})
		return
	}
	Serve(w, r, op)
}

// Serve runs one operation for a request.
func Serve(w http.ResponseWriter, r *http.Request, op Operation) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		Fail(w, &Error{Type: "SerializationException", Message: "the body could not be read"})
		return
	}
	out, err := op(r.Context(), body)
	if err != nil {
		Fail(w, err)
		return
	}
	write(w, http.StatusOK, out)
}
