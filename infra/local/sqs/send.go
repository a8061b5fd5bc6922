package sqs

import (
	"context"
	"fmt"
	"regexp"
	"time"
)

type attributeValue struct {
	DataType    string
	StringValue *string `json:",omitempty"`
	BinaryValue []byte  `json:",omitempty"`
}

type sendEntry struct {
	Id                      string //nolint:revive // AWS's spelling
	MessageBody             *string
	DelaySeconds            *int
	MessageAttributes       map[string]attributeValue
	MessageSystemAttributes map[string]attributeValue
}

type sendInput struct {
	QueueUrl string //nolint:revive // AWS's spelling
	sendEntry
}

type sendOutput struct {
	Id                     string `json:",omitempty"` //nolint:revive // AWS's spelling
	MessageId              string //nolint:revive // AWS's spelling
	MD5OfMessageBody       string
	MD5OfMessageAttributes string `json:",omitempty"`
}

func (s *Server) sendMessage(_ context.Context, in sendInput) (sendOutput, error) {
	var out sendOutput
	_, err := s.locked(in.QueueUrl, func(q *queue) error {
		if err := check(in.sendEntry, q.settings.MaxBytes); err != nil {
			return err
		}
		out = s.put(q, in.sendEntry)
		return nil
	})
	return out, err
}

// Put puts a message into a queue, as a service of AWS does that a function has no part in.
func (s *Server) Put(queueName, body string) error {
	_, err := s.locked(queueName, func(q *queue) error {
		entry := sendEntry{MessageBody: &body}
		if err := check(entry, q.settings.MaxBytes); err != nil {
			return err
		}
		s.put(q, entry)
		return nil
	})
	return err
}

// put stores a checked message.
func (s *Server) put(q *queue, e sendEntry) sendOutput {
	now := s.now()
	delay := q.settings.Delay
	if e.DelaySeconds != nil {
		delay = time.Duration(*e.DelaySeconds) * time.Second
	}
	s.order++
	m := &message{
		id: newID(), body: *e.MessageBody, attributes: e.MessageAttributes, sender: "AIDALOCAL",
		sent: now, visibleAt: now.Add(delay), order: s.order,
	}
	if trace := e.MessageSystemAttributes["AWSTraceHeader"]; trace.StringValue != nil {
		m.trace = *trace.StringValue
	}
	q.add(m)
	return sendOutput{
		Id: e.Id, MessageId: m.id,
		MD5OfMessageBody: md5Of(m.body), MD5OfMessageAttributes: md5OfAttributes(m.attributes),
	}
}

// check refuses what SQS refuses in one message.
func check(e sendEntry, limit int) error {
	if e.MessageBody == nil || *e.MessageBody == "" {
		return missing("MessageBody")
	}
	for _, r := range *e.MessageBody {
		if !allowed(r) {
			return fail("InvalidMessageContents", "InvalidMessageContents", "Invalid characters found. Valid unicode characters are "+
				"#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF")
		}
	}
	if d := e.DelaySeconds; d != nil && (*d < 0 || *d > 900) {
		return badValue(fmt.Sprintf("Value %d for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.", *d))
	}
	if err := checkAttributes(e.MessageAttributes); err != nil {
		return err
	}
	if size(e) > limit {
		return badValue(fmt.Sprintf("One or more parameters are invalid. Reason: Message must be shorter than %d bytes.", limit))
	}
	return nil
}

func allowed(r rune) bool {
	return r == 0x9 || r == 0xA || r == 0xD || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000
}

var dataType = regexp.MustCompile(`^(String|Number|Binary)(\..+)?$`)

func checkAttributes(attributes map[string]attributeValue) error {
	if len(attributes) > 10 {
		return badValue(fmt.Sprintf("Number of message attributes [%d] exceeds the allowed maximum [10].", len(attributes)))
	}
	for name, a := range attributes {
		if !dataType.MatchString(a.DataType) {
			return badValue("The type of message (user) attribute '" + name + "' is invalid. " +
				"You must use only the following supported type prefixes: Binary, Number, String.")
		}
		if (a.StringValue == nil || *a.StringValue == "") && len(a.BinaryValue) == 0 {
			return badValue("The message (user) attribute '" + name + "' must contain a non-empty message attribute value for message attribute type '" + a.DataType + "'.")
		}
	}
	return nil
}

// size is what counts against the limit: the body and the attributes with their names and types.
func size(e sendEntry) int {
	n := 0
	if e.MessageBody != nil {
		n = len(*e.MessageBody)
	}
	for name, a := range e.MessageAttributes {
		n += len(name) + len(a.DataType) + len(a.BinaryValue)
		if a.StringValue != nil {
			n += len(*a.StringValue)
		}
	}
	return n
}
