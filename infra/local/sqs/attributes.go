package sqs

import (
	"context"
	"encoding/json"
	"maps"
	"strconv"
	"time"
)

// seconds are the attributes that hold whole seconds, with AWS's bounds.
var seconds = map[string]struct {
	min, max int
	field    func(*Settings) *time.Duration
}{
	"VisibilityTimeout":             {0, 43200, func(s *Settings) *time.Duration { return &s.Visibility }},
	"DelaySeconds":                  {0, 900, func(s *Settings) *time.Duration { return &s.Delay }},
	"MessageRetentionPeriod":        {60, 1209600, func(s *Settings) *time.Duration { return &s.Retention }},
	"ReceiveMessageWaitTimeSeconds": {0, 20, func(s *Settings) *time.Duration { return &s.Wait }},
}

// inert attributes are kept for whoever asks: encryption and policies have no effect on a laptop.
var inert = map[string]bool{
	"KmsMasterKeyId": true, "KmsDataKeyReusePeriodSeconds": true, "SqsManagedSseEnabled": true,
	"Policy": true, "RedriveAllowPolicy": true,
}

// apply checks attributes and puts them into settings. Callers hold the lock.
func (s *Server) apply(settings *Settings, attributes map[string]string) error {
	for name, value := range attributes {
		if err := s.applyOne(settings, name, value); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) applyOne(settings *Settings, name, value string) error {
	if a, ok := seconds[name]; ok {
		n, err := strconv.Atoi(value)
		if err != nil || n < a.min || n > a.max {
			return badAttributeValue(name)
		}
		*a.field(settings) = time.Duration(n) * time.Second
		return nil
	}
	switch {
	case name == "MaximumMessageSize":
		n, err := strconv.Atoi(value)
		if err != nil || n < 1024 || n > maxBytes {
			return badAttributeValue(name)
		}
		settings.MaxBytes = n
	case name == "RedrivePolicy":
		return s.applyRedrive(settings, value)
	case inert[name]:
		settings.other = maps.Clone(settings.other)
		if settings.other == nil {
			settings.other = map[string]string{}
		}
		settings.other[name] = value
	default:
		return badAttribute(name)
	}
	return nil
}

func (s *Server) applyRedrive(settings *Settings, value string) error {
	settings.DeadLetterQueue, settings.MaxReceiveCount = "", 0
	if value == "" {
		return nil
	}
	var policy struct {
		Target string `json:"deadLetterTargetArn"`
		Max    any    `json:"maxReceiveCount"` // AWS takes a number and a string
	}
	if json.Unmarshal([]byte(value), &policy) != nil {
		return badAttributeValue("RedrivePolicy")
	}
	limit := 0
	switch n := policy.Max.(type) {
	case float64:
		limit = int(n)
	case string:
		limit, _ = strconv.Atoi(n)
	}
	name := nameOfARN(policy.Target)
	if _, ok := s.queues[name]; !ok || limit < 1 || limit > 1000 {
		return badValue("Value " + value + " for parameter RedrivePolicy is invalid. Reason: " +
			"Dead letter target does not exist or maxReceiveCount is not between 1 and 1000.")
	}
	settings.DeadLetterQueue, settings.MaxReceiveCount = name, limit
	return nil
}

// attributes writes settings as AWS does.
func (s *Server) attributes(settings Settings) map[string]string {
	out := map[string]string{"MaximumMessageSize": strconv.Itoa(settings.MaxBytes)}
	for name, a := range seconds {
		out[name] = strconv.Itoa(int(a.field(&settings).Seconds()))
	}
	if settings.DeadLetterQueue != "" {
		out["RedrivePolicy"] = `{"deadLetterTargetArn":"` + s.ARN(settings.DeadLetterQueue) +
			`","maxReceiveCount":` + strconv.Itoa(settings.MaxReceiveCount) + `}`
	}
	maps.Copy(out, settings.other)
	return out
}

type getAttributesInput struct {
	QueueUrl       string //nolint:revive // AWS's spelling
	AttributeNames []string
}

type attributesOutput struct {
	Attributes map[string]string `json:",omitempty"`
}

func (s *Server) getQueueAttributes(_ context.Context, in getAttributesInput) (attributesOutput, error) {
	var out attributesOutput
	_, err := s.locked(in.QueueUrl, func(q *queue) error {
		all := s.attributes(q.settings)
		now := s.now()
		q.expire(now)
		visible, inFlight, delayed := q.count(now)
		all["ApproximateNumberOfMessages"] = strconv.Itoa(visible)
		all["ApproximateNumberOfMessagesNotVisible"] = strconv.Itoa(inFlight)
		all["ApproximateNumberOfMessagesDelayed"] = strconv.Itoa(delayed)
		all["QueueArn"] = s.ARN(q.name)
		all["CreatedTimestamp"] = strconv.FormatInt(q.created.Unix(), 10)
		all["LastModifiedTimestamp"] = all["CreatedTimestamp"]
		picked, err := pick(all, in.AttributeNames)
		out.Attributes = picked
		return err
	})
	return out, err
}

func pick(all map[string]string, names []string) (map[string]string, error) {
	picked := map[string]string{}
	for _, name := range names {
		if name == "All" {
			return all, nil
		}
		if value, ok := all[name]; ok {
			picked[name] = value
		} else if name != "RedrivePolicy" && !inert[name] {
			return nil, badAttribute(name)
		}
	}
	return picked, nil
}

type setAttributesInput struct {
	QueueUrl   string //nolint:revive // AWS's spelling
	Attributes map[string]string
}

func (s *Server) setQueueAttributes(_ context.Context, in setAttributesInput) (nothing, error) {
	return s.locked(in.QueueUrl, func(q *queue) error {
		settings := q.settings
		if err := s.apply(&settings, in.Attributes); err != nil {
			return err
		}
		q.settings = settings
		return nil
	})
}
