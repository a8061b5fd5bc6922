package sqs

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"github.com/miict/immerse/infra/local/protocol"
)

var entryID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,80}$`)

type batchFailure struct {
	Id          string //nolint:revive // AWS's spelling
	Code        string
	Message     string
	SenderFault bool
}

type batchOutput[Done any] struct {
	Successful []Done
	Failed     []batchFailure `json:",omitempty"`
}

// checkBatch refuses a batch as a whole, as SQS does, before any entry is looked at.
func checkBatch[E any](entries []E, id func(E) string) error {
	if len(entries) == 0 {
		return badBatch("EmptyBatchRequest", "There should be at least one entry in the request.")
	}
	if len(entries) > 10 {
		return badBatch("TooManyEntriesInBatchRequest",
			fmt.Sprintf("Maximum number of entries per request are 10. You have sent %d.", len(entries)))
	}
	seen := map[string]bool{}
	for _, e := range entries {
		if !entryID.MatchString(id(e)) {
			return badBatch("InvalidBatchEntryId",
				"A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.")
		}
		if seen[id(e)] {
			return badBatch("BatchEntryIdsNotDistinct", "Id "+id(e)+" repeated.")
		}
		seen[id(e)] = true
	}
	return nil
}

func failed(id string, err error) batchFailure {
	f := batchFailure{Id: id, Code: "InternalError", Message: err.Error()}
	var e *protocol.Error
	if errors.As(err, &e) {
		f.Code, f.Message, f.SenderFault = e.Query, e.Message, true
	}
	return f
}

type sendBatchInput struct {
	QueueUrl string //nolint:revive // AWS's spelling
	Entries  []sendEntry
}

func (s *Server) sendMessageBatch(_ context.Context, in sendBatchInput) (batchOutput[sendOutput], error) {
	out := batchOutput[sendOutput]{Successful: []sendOutput{}}
	_, err := s.locked(in.QueueUrl, func(q *queue) error {
		if err := checkBatch(in.Entries, func(e sendEntry) string { return e.Id }); err != nil {
			return err
		}
		total := 0
		for _, e := range in.Entries {
			total += size(e)
		}
		if total > maxBytes {
			return badBatch("BatchRequestTooLong",
				fmt.Sprintf("Batch requests cannot be longer than %d bytes. You have sent %d bytes.", maxBytes, total))
		}
		for _, e := range in.Entries {
			if err := check(e, q.settings.MaxBytes); err != nil {
				out.Failed = append(out.Failed, failed(e.Id, err))
				continue
			}
			out.Successful = append(out.Successful, s.put(q, e))
		}
		return nil
	})
	return out, err
}

type deleteEntry struct {
	Id            string //nolint:revive // AWS's spelling
	ReceiptHandle string
}

type deleteBatchInput struct {
	QueueUrl string //nolint:revive // AWS's spelling
	Entries  []deleteEntry
}

type deleted struct {
	Id string //nolint:revive // AWS's spelling
}

func (s *Server) deleteMessageBatch(_ context.Context, in deleteBatchInput) (batchOutput[deleted], error) {
	out := batchOutput[deleted]{Successful: []deleted{}}
	_, err := s.locked(in.QueueUrl, func(q *queue) error {
		if err := checkBatch(in.Entries, func(e deleteEntry) string { return e.Id }); err != nil {
			return err
		}
		for _, e := range in.Entries {
			if err := q.delete(e.ReceiptHandle); err != nil {
				out.Failed = append(out.Failed, failed(e.Id, err))
				continue
			}
			out.Successful = append(out.Successful, deleted{e.Id})
		}
		return nil
	})
	return out, err
}
