// Package telemetry writes what operators see: one JSON line per outcome, which carries its metrics as CloudWatch's
// embedded metric format, so that a line and its metric are one write and can't disagree.
//
// Lines carry references, event ids and trace ids, never personal data.
package telemetry

import (
	"io"
	"log/slog"
	"time"
)

// Namespace is the CloudWatch namespace of all metrics.
const Namespace = "Immerse"

// Logger makes the logger of a function. Every line has the function and the country, which are also the metrics'
// dimensions.
func Logger(w io.Writer, function, country string) *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{ReplaceAttr: stamp})).With("function", function, "country", country)
}

// stamp names a line's time as Lambda knows it; else Lambda would take every line for INFO and add a time of its own.
func stamp(groups []string, attr slog.Attr) slog.Attr {
	if len(groups) == 0 && attr.Key == slog.TimeKey {
		attr.Key = "timestamp"
	}
	return attr
}

// Units of metrics, as CloudWatch names them.
const (
	Count        = "Count"
	Milliseconds = "Milliseconds"
)

// The metrics: of applications received, matched and erased; of mails sent and failed; of messages that will be tried
// again; of looks at the published catalogue that found something wrong with it; and the time from submission until
// everything is handed over to SES, which the delivery objective is about.
const (
	Received        = "Received"
	Replayed        = "Replayed"
	Refused         = "Refused"
	Matched         = "Matched"
	MatchedLater    = "MatchedLater" // applications that something was found for after their first matching
	MailsSent       = "MailsSent"
	MailsFailed     = "MailsFailed"
	MailsThrottled  = "MailsThrottled"
	Retried         = "Retried"
	Erased          = "Erased"
	TimeToHandOver  = "TimeToHandOver"
	OrphanedMessage = "OrphanedMessage"

	UrgentTimeToHandOver = "UrgentTimeToHandOver" // the same for those who can't wait, who are not in TimeToHandOver

	Helpful    = "Helpful" // pages that somebody said helped, and those that didn't
	NotHelpful = "NotHelpful"

	CatalogueTrouble = "CatalogueTrouble"
	Expired          = "Expired"     // referrals that nobody answered
	DeadInboxes      = "DeadInboxes" // authorities' inboxes that were found dead: each once
	DeadLetters      = "DeadLetters" // messages that lie in dead-letter queues, while any do
)

// A Metric is one measured value.
type Metric struct {
	Name  string
	Value float64
	Unit  string
}

// One counts a single occurrence.
func One(name string) Metric { return Metric{name, 1, Count} }

// Took measures a duration.
func Took(name string, duration time.Duration) Metric {
	return Metric{name, float64(duration.Milliseconds()), Milliseconds}
}

type emf struct {
	Timestamp         int64          `json:"Timestamp"` // milliseconds since 1970
	CloudWatchMetrics []emfDirective `json:"CloudWatchMetrics"`
}

type emfDirective struct {
	Namespace  string      `json:"Namespace"`
	Dimensions [][]string  `json:"Dimensions"`
	Metrics    []emfMetric `json:"Metrics"`
}

type emfMetric struct {
	Name string `json:"Name"`
	Unit string `json:"Unit"`
}

// Metrics gives the attributes that make a log line carry metrics. The line must come from a Logger, whose function
// and country are the dimensions.
func Metrics(at time.Time, metrics ...Metric) slog.Attr {
	return by([]string{"country", "function"}, at, metrics)
}

// CountryMetrics gives those of metrics that all functions of a country write together: its only dimension is the country.
func CountryMetrics(at time.Time, metrics ...Metric) slog.Attr {
	return by([]string{"country"}, at, metrics)
}

func by(dimensions []string, at time.Time, metrics []Metric) slog.Attr {
	directive := emfDirective{Namespace: Namespace, Dimensions: [][]string{dimensions}}
	attrs := make([]any, 0, len(metrics)+1)
	for _, metric := range metrics {
		directive.Metrics = append(directive.Metrics, emfMetric{metric.Name, metric.Unit})
		attrs = append(attrs, slog.Float64(metric.Name, metric.Value))
	}
	attrs = append(attrs, slog.Any("_aws", emf{at.UnixMilli(), []emfDirective{directive}}))
	return slog.Group("", attrs...) // a group without a name is written at the top level
}
