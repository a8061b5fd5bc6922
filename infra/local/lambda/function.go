package lambda

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"strconv"
	"time"
)

// MaxPayload is the size that AWS allows for the request and for the response of an invocation.
const MaxPayload = 6 << 20

// Function describes one function.
type Function struct {
	Name        string
	Deployed    string // name in AWS; Name when empty
	Program     string // path of the built program
	Env         map[string]string
	Timeout     time.Duration
	MemoryMB    int // told to the function, not enforced
	Concurrency int // processes at most; further invocations wait
	Region      string
	RuntimeAPI  string    // host, port and path prefix that the Runtime API is served under
	Logging     Logging   // told to the function; whoever gets the lines chooses by it
	Logs        io.Writer // gets each line that the processes print, after the function's name
	Ran         func(Run) // hears of every invocation that ended; must be quick
}

// Run is an invocation that ended.
type Run struct {
	Init time.Duration // from the process's start to its first request for work, if this was its first invocation
	Took time.Duration
}

// ARN is the function's Amazon resource name.
func (f Function) ARN() string {
	return "arn:aws:lambda:" + cmp.Or(f.Region, "eu-south-2") + ":000000000000:function:" + f.deployed()
}

// InvokeError is what an invocation ended with instead of a response: an error that the handler returned, a crash,
// or a timeout.
type InvokeError struct {
	Function string
	Type     string
	Message  string
}

// Error tells the function, the kind of failure and its message.
func (e *InvokeError) Error() string {
	return fmt.Sprintf("function %s failed: %s: %s", e.Function, e.Type, e.Message)
}

// ErrStopped is returned for invocations of a pool that has been stopped.
var ErrStopped = errors.New("the function has been stopped")

func (f Function) deployed() string { return cmp.Or(f.Deployed, f.Name) }

func (f Function) concurrency() int { return max(f.Concurrency, 1) }

func (f Function) timeout() time.Duration { return cmp.Or(f.Timeout, 3*time.Second) }

// environment is all that a process sees: what Lambda sets, what the definition says, and of this machine's own
// environment only what a program needs to run. The AWS files are shut off so that a developer's account is never used.
func (f Function) environment(inherited func(string) string, token string) []string {
	all := map[string]string{
		"AWS_LAMBDA_FUNCTION_NAME":        f.deployed(),
		"AWS_LAMBDA_FUNCTION_VERSION":     "$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": strconv.Itoa(cmp.Or(f.MemoryMB, 128)),
		"AWS_LAMBDA_INITIALIZATION_TYPE":  "on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME":       "/aws/lambda/" + f.deployed(),
		"AWS_LAMBDA_LOG_STREAM_NAME":      token,
		"AWS_LAMBDA_RUNTIME_API":          f.RuntimeAPI + "/" + token,
		"AWS_REGION":                      cmp.Or(f.Region, "eu-south-2"),
		"AWS_DEFAULT_REGION":              cmp.Or(f.Region, "eu-south-2"),
		"AWS_CONFIG_FILE":                 devNull,
		"AWS_SHARED_CREDENTIALS_FILE":     devNull,
		"AWS_EC2_METADATA_DISABLED":       "true",
		"_HANDLER":                        "bootstrap",
		"TZ":                              "UTC",
	}
	for _, name := range []string{"PATH", "TMPDIR", "SystemRoot"} {
		if value := inherited(name); value != "" {
			all[name] = value
		}
	}
	maps.Copy(all, f.Logging.environment())
	maps.Copy(all, f.Env)
	list := make([]string, 0, len(all))
	for name, value := range all {
		list = append(list, name+"="+value)
	}
	return list
}
