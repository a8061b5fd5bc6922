package lambda

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

// Logging is a function's LoggingConfig: what of its lines, and of Lambda's own about it, is kept.
type Logging struct {
	Format      string // Text when empty, or JSON; levels count with JSON only
	System      string // the least level of Lambda's own lines; INFO when empty
	Application string // the least level of the function's lines; INFO when empty
}

// levels from the most detail to the least.
var levels = []string{"TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"}

func (l Logging) keeps(least, level string) bool {
	return l.Format != "JSON" || slices.Index(levels, level) >= slices.Index(levels, cmp.Or(least, "INFO"))
}

// KeepsInvocations tells whether Lambda writes of each invocation that went well: such lines are of level INFO.
func (l Logging) KeepsInvocations() bool { return l.keeps(l.System, "INFO") }

// Keeps tells whether a line of the function's is kept. One without a level and a time that Lambda understands counts as
// INFO.
func (l Logging) Keeps(line []byte) bool {
	var said struct{ Level, Timestamp string }
	level := "INFO"
	if json.Unmarshal(line, &said) == nil && said.Timestamp != "" && slices.Contains(levels, strings.ToUpper(said.Level)) {
		level = strings.ToUpper(said.Level)
	}
	return l.keeps(l.Application, level)
}

// environment is what Lambda tells a function of it.
func (l Logging) environment() map[string]string {
	if l.Format != "JSON" {
		return map[string]string{"AWS_LAMBDA_LOG_FORMAT": "Text"}
	}
	return map[string]string{"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": cmp.Or(l.Application, "INFO")}
}
