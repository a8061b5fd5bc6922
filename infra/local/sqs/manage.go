package sqs

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
)

var queueName = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)

type queueURL struct {
	QueueUrl string //nolint:revive // AWS's spelling
}

type createInput struct {
	QueueName  string
	Attributes map[string]string
}

func (s *Server) createQueue(_ context.Context, in createInput) (queueURL, error) {
	if !queueName.MatchString(in.QueueName) {
		return queueURL{}, badValue("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	settings := Defaults()
	if err := s.apply(&settings, in.Attributes); err != nil {
		return queueURL{}, err
	}
	if q, ok := s.queues[in.QueueName]; ok {
		return queueURL{s.URL(in.QueueName)}, s.sameAttributes(q, settings, in.Attributes)
	}
	s.add(in.QueueName, settings)
	return queueURL{s.URL(in.QueueName)}, nil
}

// sameAttributes allows creating a queue again only as it is: AWS compares the attributes that the call names.
func (s *Server) sameAttributes(q *queue, wanted Settings, named map[string]string) error {
	have, want := s.attributes(q.settings), s.attributes(wanted)
	for name := range named {
		if have[name] != want[name] {
			return fail("QueueNameExists", "QueueAlreadyExists",
				"A queue already exists with the same name and a different value for attribute "+name)
		}
	}
	return nil
}

func (s *Server) deleteQueue(_ context.Context, in queueURL) (nothing, error) {
	return s.locked(in.QueueUrl, func(q *queue) error {
		delete(s.queues, q.name)
		q.wake()
		return nil
	})
}

func (s *Server) getQueueURL(_ context.Context, in struct{ QueueName string }) (queueURL, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.queues[in.QueueName]; !ok {
		return queueURL{}, noQueue()
	}
	return queueURL{s.URL(in.QueueName)}, nil
}

type listInput struct {
	QueueNamePrefix string
	MaxResults      int
	NextToken       string
}

type listOutput struct {
	QueueUrls []string `json:",omitempty"`
	NextToken string   `json:",omitempty"`
}

func (s *Server) listQueues(_ context.Context, in listInput) (listOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	limit := in.MaxResults
	if limit == 0 {
		limit = 1000
	}
	if limit < 1 || limit > 1000 {
		return listOutput{}, badValue("Value for parameter MaxResults is invalid. Reason: Must be between 1 and 1000.")
	}
	var out listOutput
	for _, name := range slices.Sorted(maps.Keys(s.queues)) {
		if !strings.HasPrefix(name, in.QueueNamePrefix) || name <= in.NextToken {
			continue
		}
		if len(out.QueueUrls) == limit {
			if in.MaxResults > 0 { // AWS pages only for those who ask for it
				out.NextToken = nameOfURL(out.QueueUrls[limit-1])
			}
			break
		}
		out.QueueUrls = append(out.QueueUrls, s.URL(name))
	}
	return out, nil
}

func nameOfURL(url string) string { return url[strings.LastIndexByte(url, '/')+1:] }
