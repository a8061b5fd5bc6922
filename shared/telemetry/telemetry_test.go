package telemetry

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestALineIsLogAndMetricInOne(t *testing.T) {
	var out bytes.Buffer
	at := time.UnixMilli(1_795_000_000_000)
	Logger(&out, "intake", "ES").Info("received", "reference", "ES-1", Metrics(at, One(Received), Took(TimeToHandOver, 1500*time.Millisecond)))

	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	if _, err := time.Parse(time.RFC3339, line["timestamp"].(string)); err != nil {
		t.Errorf("Lambda doesn't understand the line's time: %v", err)
	}
	delete(line, "timestamp")
	want := map[string]any{
		"level": "INFO", "msg": "received", "function": "intake", "country": "ES", "reference": "ES-1",
		"Received": 1.0, "TimeToHandOver": 1500.0,
		"_aws": map[string]any{
			"Timestamp": 1795000000000.0,
			"CloudWatchMetrics": []any{map[string]any{
				"Namespace": "Immerse", "Dimensions": []any{[]any{"country", "function"}},
				"Metrics": []any{
					map[string]any{"Name": "Received", "Unit": "Count"},
					map[string]any{"Name": "TimeToHandOver", "Unit": "Milliseconds"},
				},
			}},
		},
	}
	if diff := cmp.Diff(want, line); diff != "" {
		t.Errorf("line (-want +got):\n%s", diff)
	}
}

func TestTraceParentIsTakenOrMade(t *testing.T) {
	given := "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	if got := TraceParent(map[string]string{"traceparent": given}); got != given {
		t.Errorf("got %s, want the one given", got)
	}
	xray := map[string]string{"x-amzn-trace-id": "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"}
	if got := TraceID(TraceParent(xray)); got != "5759e988bd862e3fe1be46a994272793" {
		t.Errorf("from X-Ray: %s", got)
	}
	for _, bad := range []string{"", "00-zz", given + "\n", "<script>"} {
		got := TraceParent(map[string]string{"traceparent": bad, "x-amzn-trace-id": bad})
		if len(TraceID(got)) != 32 {
			t.Errorf("from %q: %q is no trace context", bad, got)
		}
	}
	if TraceID("nonsense") != "" {
		t.Error("nonsense has a trace id")
	}
}
