package lambda

import "testing"

func TestLinesAreKeptByTheirLevel(t *testing.T) {
	t.Parallel()
	const stamped = `, "timestamp": "2026-11-22T10:00:00Z"}`
	warnings := Logging{Format: "JSON", System: "WARN", Application: "WARN"}
	for _, c := range []struct {
		logging Logging
		line    string
		kept    bool
	}{
		{Logging{}, `{"level": "DEBUG"` + stamped, true}, // text knows no levels
		{Logging{Format: "JSON"}, `{"level": "DEBUG"` + stamped, false},
		{Logging{Format: "JSON"}, `{"level": "INFO"` + stamped, true},
		{Logging{Format: "JSON"}, "can't start", true},
		{Logging{Format: "JSON"}, `{"level": "DEBUG"}`, true}, // no time: taken for INFO
		{warnings, `{"level": "info"` + stamped, false},
		{warnings, `{"level": "ERROR"` + stamped, true},
		{warnings, "can't start", false},
	} {
		if got := c.logging.Keeps([]byte(c.line)); got != c.kept {
			t.Errorf("%+v keeps %s: %v", c.logging, c.line, got)
		}
	}
	if warnings.KeepsInvocations() || !(Logging{}).KeepsInvocations() || !(Logging{Format: "JSON"}).KeepsInvocations() {
		t.Error("Lambda's own lines are kept at INFO and below only")
	}
}
