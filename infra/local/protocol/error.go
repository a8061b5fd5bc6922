package protocol

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
)

// Error is an AWS service error. A service returns it, Fail writes it.
type Error struct {
	Status  int    // HTTP status; 400 when zero
	Type    string // shape name, for example "com.amazonaws.sqs#QueueDoesNotExist"
	Query   string // code of the older query protocol, which SQS still sends in a header
	Message string
}

// Error gives the shape's short name and the message.
func (e *Error) Error() string { return e.Code() + ": " + e.Message }

// Code is the shape's name without its namespace.
func (e *Error) Code() string { return e.Type[strings.LastIndexByte(e.Type, '#')+1:] }

// Fail writes err. Anything that is not an *Error is a fault of ours and becomes InternalFailure, which SDKs retry.
func Fail(w http.ResponseWriter, err error) {
	var e *Error
	if !errors.As(err, &e) {
		e = &Error{Status: http.StatusInternalServerError, Type: "InternalFailure", Message: err.Error()}
	}
	status := e.Status
	if status == 0 {
		status = http.StatusBadRequest
	}
	h := w.Header()
	h.Set("X-Amzn-Errortype", e.Code())
	if e.Query != "" {
		h.Set("X-Amzn-Query-Error", e.Query+";"+fault(status))
	}
	write(w, status, map[string]string{"__type": e.Type, "message": e.Message})
}

func fault(status int) string {
	if status >= http.StatusInternalServerError {
		return "Receiver"
	}
	return "Sender"
}

func write(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	raw, err := json.Marshal(body)
	if err != nil {
		status, raw = http.StatusInternalServerError, []byte(`{"__type":"InternalFailure","message":"unencodable reply"}`)
	}
	w.WriteHeader(status)
	_, _ = w.Write(raw) // the caller has gone away: nobody to tell
}
