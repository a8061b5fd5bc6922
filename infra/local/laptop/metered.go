package laptop

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/miict/immerse/infra/local/protocol"
)

// metered answers a call and tells the meter of it, with the item that a write found and the one that it left.
func (s *System) metered(call protocol.Call, r *http.Request) *recorder {
	key, isWrite := s.itemOf(call)
	var before, after map[string]any
	if isWrite {
		before = s.item(call, key)
	}
	held := newRecorder()
	s.service(call.Service).ServeHTTP(held, r)
	if isWrite {
		after = s.item(call, key)
	}
	s.options.Meter.Called(call, before, after, held.body.Bytes(), held.status)
	return held
}

// itemOf gives the key of the one item that a call writes.
func (s *System) itemOf(call protocol.Call) (key map[string]any, ok bool) {
	var body struct {
		TableName string
		Key, Item map[string]any
	}
	switch call.Action {
	case "PutItem", "UpdateItem", "DeleteItem":
	default:
		return nil, false
	}
	if json.Unmarshal(call.Body, &body) != nil {
		return nil, false
	}
	if body.Key != nil {
		return body.Key, true
	}
	key = map[string]any{}
	for _, t := range s.options.Definition.Tables {
		if t.Name != body.TableName {
			continue
		}
		for _, name := range []string{t.Key.Partition, t.Key.Sort} {
			if name != "" {
				key[name] = body.Item[name]
			}
		}
	}
	return key, true
}

// item reads an item as the wire has it, unseen by hooks and policies.
func (s *System) item(call protocol.Call, key map[string]any) map[string]any {
	body, err := json.Marshal(map[string]any{"TableName": strings.Join(call.Resources, ""), "Key": key, "ConsistentRead": true})
	if err != nil {
		return nil
	}
	request, err := http.NewRequest(http.MethodPost, "/", strings.NewReader(string(body)))
	if err != nil {
		return nil
	}
	request.Header.Set("X-Amz-Target", "DynamoDB_20120810.GetItem")
	held := newRecorder()
	s.dynamodb.ServeHTTP(held, request)
	var answer struct{ Item map[string]any }
	if json.Unmarshal(held.body.Bytes(), &answer) != nil {
		return nil
	}
	return answer.Item
}
