package independent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/miict/immerse/infra/local/gateway"
	"github.com/miict/immerse/infra/local/lambda"
	"github.com/miict/immerse/infra/local/laptop"
	"github.com/miict/immerse/infra/local/mapping"
	local "github.com/miict/immerse/infra/local/sqs"
	"github.com/miict/immerse/infra/testdata"
	"github.com/miict/immerse/shared/country"
)

// TestForeignMainJob deploys the golden templates into moto by CloudFormation and runs the programs that are deployed,
// unchanged, against it: with the environment, tables, queues, key, sender and routes that the templates made there. What
// is ours is what moto lacks: a Lambda without Docker, the polling of queues, an HTTP API that answers.
func TestForeignMainJob(t *testing.T) {
	if os.Getenv("FOREIGN") == "" {
		t.Skip("SKIPPED: a minute of its own; make foreign runs it")
	}
	for _, code := range country.Codes() {
		t.Run(code, func(t *testing.T) { mainJobOnMoto(t, code) })
	}
}

func mainJobOnMoto(t *testing.T, code string) {
	pack, err := country.Load(code)
	if err != nil {
		t.Fatal(err)
	}
	f := &foreign{Moto: StartMoto(t), t: t, code: code, region: pack.MailRegion, pools: map[string]*lambda.Pool{}}
	f.deploy()
	_, domain, _ := strings.Cut(pack.MailFrom, "@") // moto's CloudFormation (5.2) makes no identities of SES: verified by hand
	f.Call(t, f.region, "ses", http.MethodPost, "/", strings.NewReader("Action=VerifyDomainIdentity&Domain="+domain),
		"Content-Type", "application/x-www-form-urlencoded")
	f.startFunctions()
	f.startMappings()
	people := httptest.NewServer(gateway.Gateway{Routes: f.routes(), Log: slog.New(slog.DiscardHandler)})
	t.Cleanup(people.Close)

	region := pack.Areas.All()[1].Code
	status, answer := request(t, http.MethodPost, people.URL+"/api/v1/applications", `{"kind": "support", "language": "en",
		"consent": {"processing": true, "version": "2026-11"}, "contact": {"name": "Layla Example", "email": "layla@example.org"},
		"residence": {"region": "`+region+`"}, "needs": ["language", "health"]}`, "Idempotency-Key", "foreign-1")
	var receipt struct{ Reference, Secret string }
	if err := json.Unmarshal(answer, &receipt); err != nil || status != http.StatusCreated {
		t.Fatalf("handed in: %d %s\n%s", status, answer, f.logs.String())
	}
	path, secret := people.URL+"/api/v1/applications/"+receipt.Reference, "Bearer "+receipt.Secret
	f.waitForState(path, secret, "notified")
	status, answer = request(t, http.MethodGet, path+"/export", "", "Authorization", secret)
	var held struct{ Mails []struct{ ID, State string } }
	if err := json.Unmarshal(answer, &held); err != nil || status != http.StatusOK || !strings.Contains(string(answer), "Layla Example") {
		t.Errorf("export: %d %s", status, answer)
	}
	if quota := f.sendQuota(); len(held.Mails) < 2 || !strings.Contains(quota, fmt.Sprintf("<SentLast24Hours>%d", len(held.Mails))) {
		t.Errorf("mails to an authority and to the person are %+v, and moto's SES says %s", held.Mails, quota)
	}
	for _, mail := range held.Mails {
		if mail.State != "sent" {
			t.Errorf("mail %s is %s", mail.ID, mail.State)
		}
	}
	if status, answer := request(t, http.MethodDelete, path, "", "Authorization", secret); status >= http.StatusMultipleChoices {
		t.Errorf("erasure: %d %s", status, answer)
	}
	if status, _ := request(t, http.MethodGet, path, "", "Authorization", secret); status != http.StatusGone {
		t.Errorf("after erasure: %d", status)
	}
	if kept := f.scan("immerse-" + code + "-keys"); strings.Contains(kept, "wraps") {
		t.Errorf("after erasure the person's keys are there: %s", kept)
	}
}

// foreign is a country's system on moto.
type foreign struct {
	Moto
	t            testing.TB
	code, region string
	api          lambda.API
	pools        map[string]*lambda.Pool
	logs         lines
}

type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// deploy makes both stacks, in the region that mail leaves from: with AWS_ENDPOINT_URL functions use their own region for
// mail too.
func (f *foreign) deploy() {
	for _, stack := range []string{"Immerse-" + strings.ToUpper(f.code), "Immerse-" + strings.ToUpper(f.code) + "-Mail"} {
		text, err := testdata.Templates.ReadFile(stack + ".template.json")
		if err != nil {
			f.t.Fatal(err)
		}
		var made struct {
			Resources map[string]struct {
				Properties struct {
					Code struct{ S3Bucket, S3Key string }
				}
			}
		}
		_ = json.Unmarshal(text, &made) // Code has another type in other resources
		for _, resource := range made.Resources {
			if code := resource.Properties.Code; code.S3Bucket != "" {
				f.Upload(f.t, f.region, code.S3Bucket, code.S3Key, "a program: what runs is built from its folder")
			}
		}
		f.Deploy(f.t, f.region, stack, string(text))
	}
}

func (f *foreign) get(service, path string, into any) {
	f.t.Helper()
	answer := f.Call(f.t, f.region, service, http.MethodGet, path, nil)
	if err := json.Unmarshal(answer, into); err != nil {
		f.t.Fatalf("%s: %v: %s", path, err, answer)
	}
}

// startFunctions runs the program of each function that the template made, with its environment as moto tells it.
func (f *foreign) startFunctions() {
	runtime := httptest.NewServer(&f.api)
	f.t.Cleanup(runtime.Close)
	root, err := lambda.Root()
	if err != nil {
		f.t.Fatal(err)
	}
	var made struct {
		Functions []struct {
			FunctionName        string
			Timeout, MemorySize int
			Environment         struct{ Variables map[string]string }
		}
	}
	f.get("lambda", "/2015-03-31/functions", &made)
	for _, function := range made.Functions {
		name := strings.TrimPrefix(function.FunctionName, "immerse-"+f.code+"-")
		program, err := lambda.Build(f.t.Context(), root, "functions/"+name+"/lambda", filepath.Join(f.t.TempDir(), name), false)
		if err != nil {
			f.t.Fatal(err)
		}
		env := function.Environment.Variables
		env["AWS_ENDPOINT_URL"], env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"] = f.URL, "test", "test"
		pool := lambda.NewPool(lambda.Function{
			Name: name, Deployed: function.FunctionName, Program: program, Env: env, Region: f.region, Concurrency: 1,
			Timeout: time.Duration(function.Timeout) * time.Second, MemoryMB: function.MemorySize,
			RuntimeAPI: strings.TrimPrefix(runtime.URL, "http://"), Logs: &f.logs,
		}, slog.New(slog.DiscardHandler))
		f.api.Add(pool)
		f.pools[name] = pool
		f.t.Cleanup(func() { _ = pool.Stop(context.Background()) })
		pool.Start()
	}
	if len(f.pools) == 0 {
		f.t.Fatal("the template made no function")
	}
}

// startMappings reads each queue that an event source mapping names.
func (f *foreign) startMappings() {
	var made struct {
		EventSourceMappings []struct {
			FunctionArn, EventSourceArn string
			BatchSize                   int
			FunctionResponseTypes       []string
		}
	}
	f.get("lambda", "/2015-03-31/event-source-mappings", &made)
	client := sqs.New(sqs.Options{Region: f.region, BaseEndpoint: aws.String(f.URL), Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")})
	ctx, cancel := context.WithCancel(f.t.Context())
	var running sync.WaitGroup
	for _, m := range made.EventSourceMappings {
		name := m.FunctionArn[strings.LastIndex(m.FunctionArn, "-")+1:]
		joined := mapping.Mapping{
			Queue: motoQueue{client, f.URL}, QueueName: m.EventSourceArn[strings.LastIndex(m.EventSourceArn, ":")+1:], QueueARN: m.EventSourceArn,
			Region: f.region, Function: f.pools[name], BatchSize: m.BatchSize, Partial: len(m.FunctionResponseTypes) > 0, Concurrency: 1,
			Log: slog.New(slog.NewTextHandler(&f.logs, nil)),
		}
		running.Go(func() { joined.Run(ctx) })
	}
	f.t.Cleanup(func() { cancel(); running.Wait() })
}

// routes are those of the golden template: moto's CloudFormation (5.2) makes no HTTP APIs.
func (f *foreign) routes() (routes []gateway.Route) {
	f.t.Helper()
	definition, err := laptop.Immerse(f.code)
	if err != nil {
		f.t.Fatal(err)
	}
	for _, route := range definition.Routes {
		if pool := f.pools[route.Function]; pool != nil {
			routes = append(routes, gateway.Route{Key: route.Key, Function: pool})
		}
	}
	return routes
}

func (f *foreign) waitForState(path, secret, want string) {
	f.t.Helper()
	deadline := time.Now().Add(5 * time.Minute)
	for {
		status, answer := request(f.t, http.MethodGet, path, "", "Authorization", secret)
		var found struct{ State string }
		_ = json.Unmarshal(answer, &found) // an answer of another form has no state
		if found.State == want {
			return
		}
		if time.Now().After(deadline) {
			f.t.Fatalf("state: %d %.500s\n%s", status, answer, f.logs.String())
		}
		time.Sleep(250 * time.Millisecond)
	}
}

// sendQuota says how many mails moto's SES was given. Their words can't be seen: moto's own page of all that it holds
// (/moto-api/data.json) fails as soon as something is sealed.
func (f *foreign) sendQuota() string {
	return string(f.Call(f.t, f.region, "ses", http.MethodPost, "/", strings.NewReader("Action=GetSendQuota"),
		"Content-Type", "application/x-www-form-urlencoded"))
}

func (f *foreign) scan(table string) string {
	return string(f.Call(f.t, f.region, "dynamodb", http.MethodPost, "/", strings.NewReader(fmt.Sprintf(`{"TableName": %q}`, table)),
		"X-Amz-Target", "DynamoDB_20120810.Scan", "Content-Type", "application/x-amz-json-1.0"))
}

// A motoQueue is moto's SQS as Lambda's poller sees it.
type motoQueue struct {
	client *sqs.Client
	url    string
}

func (q motoQueue) address(queue string) *string { return aws.String(q.url + "/123456789012/" + queue) }

func (q motoQueue) Receive(ctx context.Context, queue string, limit int, wait time.Duration, _ *time.Duration) ([]local.Message, error) {
	out, err := q.client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl: q.address(queue), MaxNumberOfMessages: int32(min(limit, 10)), WaitTimeSeconds: int32(min(wait, time.Second) / time.Second),
		MessageSystemAttributeNames: []types.MessageSystemAttributeName{types.MessageSystemAttributeNameAll},
	})
	if err != nil {
		return nil, err
	}
	var batch []local.Message
	for _, m := range out.Messages {
		batch = append(batch, local.Message{
			MessageId: *m.MessageId, ReceiptHandle: *m.ReceiptHandle, Body: *m.Body, MD5OfBody: aws.ToString(m.MD5OfBody), Attributes: m.Attributes,
		})
	}
	return batch, nil
}

func (q motoQueue) Delete(queue string, handles []string) error {
	var failed []error
	for _, handle := range handles {
		_, err := q.client.DeleteMessage(context.Background(), &sqs.DeleteMessageInput{QueueUrl: q.address(queue), ReceiptHandle: &handle})
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}

func request(t testing.TB, method, url, body string, headers ...string) (int, []byte) {
	t.Helper()
	made, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	made.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		made.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(made)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, answer
}
