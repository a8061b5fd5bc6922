package telemetry

import (
	"crypto/rand"
	"encoding/hex"
	"regexp"
	"strings"
)

var (
	traceParent = regexp.MustCompile(`^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$`)
	xrayRoot    = regexp.MustCompile(`(?:^|;)Root=1-([0-9a-f]{8})-([0-9a-f]{24})(?:;|$)`)
)

// TraceParent gives the W3C trace context of a request, from its traceparent or X-Amzn-Trace-Id header (header names
// in lower case). Anything else in them is not trusted: a request without a valid one starts a new trace.
func TraceParent(headers map[string]string) string {
	if given := headers["traceparent"]; traceParent.MatchString(given) {
		return given
	}
	trace := randomHex(16)
	if root := xrayRoot.FindStringSubmatch(headers["x-amzn-trace-id"]); root != nil {
		trace = root[1] + root[2]
	}
	return "00-" + trace + "-" + randomHex(8) + "-01"
}

// TraceID gives the trace id of a trace context for the log: 32 hexadecimal digits, or empty if there is none.
func TraceID(traceparent string) string {
	if !traceParent.MatchString(traceparent) {
		return ""
	}
	return strings.Split(traceparent, "-")[1]
}

func randomHex(bytes int) string {
	random := make([]byte, bytes)
	rand.Read(random)
	return hex.EncodeToString(random)
}
