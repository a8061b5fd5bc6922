package proof

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	minidyn "github.com/truora/minidyn/server"
)

// partitions are a DynamoDB of which each partition has a minidyn of its own: one reads its whole table for each query, which is most of
// what a year would cost. Every call that the system makes is of one partition; another kind is refused.
type partitions struct {
	lock   sync.Mutex
	tables []call            // that were created
	keys   map[string]string // names of partition keys, by table
	made   map[string]http.Handler
}

// partitioned is a client of a new one, with no network between.
func partitioned() *dynamodb.Client {
	return dynamodb.New(dynamodb.Options{
		HTTPClient: &partitions{keys: map[string]string{}, made: map[string]http.Handler{}},
		Region:     "eu-south-2", Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		BaseEndpoint: aws.String("http://dynamodb.example"),
	})
}

// call is what is known of a request.
type call struct {
	action string
	header http.Header
	body   []byte

	TableName                 string
	KeySchema                 []struct{ AttributeName, KeyType string }
	Key, Item                 map[string]struct{ S string }
	KeyConditionExpression    string
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues map[string]struct{ S string }
}

// Do implements dynamodb.HTTPClient.
func (p *partitions) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	_, action, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	c := call{action: action, header: r.Header, body: body}
	if err := json.Unmarshal(body, &c); err != nil {
		return nil, err
	}
	server, err := p.server(c)
	if err != nil {
		return nil, err
	}
	answer := c.ask(server).Result()
	answer.Request = r
	return answer, nil
}

func (c call) ask(server http.Handler) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(c.body))
	r.Header = c.header
	server.ServeHTTP(w, r)
	return w
}

// server gives the one of a call's partition. One that nothing was written to has the tables, and nothing in them.
func (p *partitions) server(c call) (http.Handler, error) {
	p.lock.Lock()
	defer p.lock.Unlock()
	if c.action == "CreateTable" {
		for _, key := range c.KeySchema {
			if key.KeyType == "HASH" {
				p.keys[c.TableName] = key.AttributeName
			}
		}
		p.tables = append(p.tables, c)
		return minidyn.NewServer(), nil
	}
	partition, ok := c.partition(p.keys[c.TableName])
	if !ok {
		return nil, fmt.Errorf("%s of %s is of no one partition: %s", c.action, c.TableName, c.body)
	}
	if server := p.made[partition]; server != nil {
		return server, nil
	}
	server := minidyn.NewServer()
	for _, table := range p.tables {
		if answer := table.ask(server); answer.Code != http.StatusOK {
			return nil, fmt.Errorf("creating table %s: %s", table.TableName, answer.Body)
		}
	}
	p.made[partition] = server
	return server, nil
}

var equals = regexp.MustCompile(`(#?\w+) = (:\w+)`)

// partition finds the partition key in a call.
func (c call) partition(key string) (value string, ok bool) {
	for _, of := range []map[string]struct{ S string }{c.Key, c.Item} {
		if value := of[key].S; value != "" {
			return value, true
		}
	}
	if c.action != "Query" {
		return "", false
	}
	for _, found := range equals.FindAllStringSubmatch(c.KeyConditionExpression, -1) {
		name := found[1]
		if alias := c.ExpressionAttributeNames[name]; alias != "" {
			name = alias
		}
		if value := c.ExpressionAttributeValues[found[2]].S; name == key && value != "" {
			return value, true
		}
	}
	return "", false
}
