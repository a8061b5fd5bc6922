package intake_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// What people tell us is in no log, message, table item or error, whatever happens to the request.
func TestWhatPeopleTellIsNowhereInTheClear(t *testing.T) {
	w := newWorld(t)
	taken := w.take(asJSON, personal)
	w.matched(taken)
	w.take(asJSON.and(headers{"idempotency-key": "k"}), personal)
	w.post(asJSON.and(headers{"idempotency-key": "k"}), strings.Replace(personal, "-town", "-city", 1))
	answers := []string{
		w.post(asJSON, strings.Replace(personal, `"kind": "support"`, `"kind": "CANARY-kind", "birth_year": "CANARY"`, 1)).Body,
		w.post(asJSON, strings.Replace(personal, `"CANARY-mail@example.org"`, `"CANARY\r\n"`, 1)).Body,
		w.post(asJSON, personal[:200]).Body,
		w.do("GET", "/CANARY/"+taken.Reference, headers{}, "").Body,
	}
	w.do("GET", path+"/"+taken.Reference, bearer(taken), "")
	w.do("GET", path+"/"+taken.Reference+"/export", bearer(taken), "")
	w.do("CANARY", path+"/CANARY", headers{"authorization": "Bearer CANARY"}, "")
	w.queue.broken = true
	answers = append(answers, w.post(asJSON, personal).Body)
	w.handler.Queue = nil
	answers = append(answers, w.post(asJSON, personal).Body)

	for _, answer := range answers {
		if found := leaks(answer); len(found) > 0 {
			t.Errorf("an error tells %v: %s", found, answer)
		}
	}
	if found := leaks(w.log.String()); len(found) > 0 {
		t.Errorf("the log tells %v", found)
	}
	if strings.Contains(w.log.String(), taken.Secret) {
		t.Error("the secret is in the log")
	}
	messages, _ := json.Marshal(w.queue.events)
	if found := leaks(string(messages)); len(found) > 0 || strings.Contains(string(messages), taken.Secret) {
		t.Errorf("the messages tell %v", found)
	}
	for _, table := range []string{w.store.Applications, w.store.KeysTable} {
		items, err := w.store.Client.(*dynamodb.Client).Scan(t.Context(), &dynamodb.ScanInput{TableName: aws.String(table)})
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range items.Items {
			for name, value := range item {
				text, _ := json.Marshal(value)
				if found := leaks(string(text) + fmt.Sprintf("%s", value)); len(found) > 0 || strings.Contains(string(text), taken.Secret) {
					t.Errorf("%s.%s tells %v", table, name, found)
				}
			}
		}
	}
}
