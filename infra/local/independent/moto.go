package independent

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// Moto is an AWS that others wrote (getmoto.org), CloudFormation included, as one server. What it makes is kept by region.
type Moto struct{ URL string }

// StartMoto starts moto_server, which must be version 5, or takes the running one that MOTO_ENDPOINT names.
func StartMoto(t testing.TB) Moto {
	t.Helper()
	if endpoint := os.Getenv("MOTO_ENDPOINT"); endpoint != "" {
		return Moto{endpoint}
	}
	server, err := exec.LookPath("moto_server")
	if err != nil {
		t.Skip("SKIPPED: moto_server is not here (pip install 'moto[server]'); nothing was tried on an AWS that others wrote")
	}
	port := freePort(t)
	cmd := exec.CommandContext(t.Context(), server, "-H", "127.0.0.1", "-p", port) //nolint:gosec // the one that is installed
	// It knows the regions of a service that its copy of AWS's list has, and Spain's SES came later (decision 1902).
	cmd.Env = append(os.Environ(), "MOTO_ALLOW_NONEXISTENT_REGION=true")
	return Moto{start(t, cmd, port)}
}

// Call makes a request as a client of a service in a region would, and gives the answer, which must be a success. Moto
// knows region and service by the signature's scope and doesn't check the signature.
func (m Moto) Call(t testing.TB, region, service, method, path string, body io.Reader, headers ...string) []byte {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, m.URL+path, body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=test/20261122/"+region+"/"+service+"/aws4_request, SignedHeaders=host, Signature=0")
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := (&http.Client{Timeout: 2 * time.Minute}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode >= http.StatusMultipleChoices {
		t.Fatalf("moto: %s %s %s: %s, %v\n%.2000s", service, method, path, response.Status, err, answer)
	}
	return answer
}

// Deploy makes a stack by CloudFormation.
func (m Moto) Deploy(t testing.TB, region, stack, template string) {
	t.Helper()
	form := func(values url.Values) string {
		values.Set("Version", "2010-05-15")
		values.Set("StackName", stack)
		return string(m.Call(t, region, "cloudformation", http.MethodPost, "/", strings.NewReader(values.Encode()),
			"Content-Type", "application/x-www-form-urlencoded"))
	}
	form(url.Values{"Action": {"CreateStack"}, "TemplateBody": {template}, "Capabilities.member.1": {"CAPABILITY_NAMED_IAM"}})
	if said := form(url.Values{"Action": {"DescribeStacks"}}); !strings.Contains(said, "<StackStatus>CREATE_COMPLETE</StackStatus>") {
		t.Fatalf("stack %s: %s", stack, said)
	}
}

// Upload puts an object into a bucket, which it makes.
func (m Moto) Upload(t testing.TB, region, bucket, key, content string) {
	t.Helper()
	location := fmt.Sprintf("<CreateBucketConfiguration><LocationConstraint>%s</LocationConstraint></CreateBucketConfiguration>", region)
	if exists := m.Call(t, region, "s3", http.MethodGet, "/", nil); !strings.Contains(string(exists), "<Name>"+bucket+"</Name>") {
		m.Call(t, region, "s3", http.MethodPut, "/"+bucket, strings.NewReader(location))
	}
	m.Call(t, region, "s3", http.MethodPut, "/"+bucket+"/"+key, strings.NewReader(content))
}
