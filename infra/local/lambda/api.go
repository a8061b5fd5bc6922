package lambda

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"crypto/rand"
	"encoding/hex"
)

// API serves the Lambda Runtime API to the processes of several pools, under the prefix /{token}/2018-06-01/runtime/.
// The zero value is ready to use.
type API struct {
	mu    sync.Mutex
	pools []*Pool
}

// Add makes the API serve a pool's processes.
func (a *API) Add(p *Pool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.pools = append(a.pools, p)
}

// find gives the live process that a token belongs to.
func (a *API) find(token string) (*Pool, *process) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, p := range a.pools {
		p.mu.Lock()
		proc := p.processes[token]
		p.mu.Unlock()
		if proc != nil {
			return p, proc
		}
	}
	return nil, nil
}

// ServeHTTP answers next, response, error and init/error.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token, action, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/2018-06-01/runtime/")
	pool, proc := a.find(token)
	if proc == nil {
		refuse(w, http.StatusForbidden, "UnknownProcess", "no such process")
		return
	}
	id, verb, _ := strings.Cut(strings.TrimPrefix(action, "invocation/"), "/")
	switch {
	case r.Method == http.MethodGet && action == "invocation/next":
		pool.next(w, r, proc)
	case r.Method == http.MethodPost && action == "init/error":
		accept(w) // the process prints the reason and ends by itself
	case r.Method == http.MethodPost && verb == "response":
		pool.respond(w, r, proc, id)
	case r.Method == http.MethodPost && verb == "error":
		pool.respondError(w, r, proc, id)
	default:
		refuse(w, http.StatusNotFound, "InvalidPath", "no such call in the Runtime API")
	}
}

// next waits for an invocation and gives it to the process.
func (p *Pool) next(w http.ResponseWriter, r *http.Request, proc *process) {
	wake := make(chan *invocation, 1)
	p.mu.Lock()
	if p.processes[proc.token] != proc || proc.current != nil {
		p.mu.Unlock()
		refuse(w, http.StatusForbidden, "InvalidStateTransition", "the process has not answered its invocation")
		return
	}
	if !proc.ready {
		proc.init = time.Since(proc.began)
	}
	proc.ready, proc.wake = true, wake
	p.announce()
	p.dispatch()
	p.mu.Unlock()
	select {
	case inv := <-wake:
		p.write(w, inv)
	case <-r.Context().Done(): // it has died; what was handed over at this moment fails when its end is noticed
	}
}

func (p *Pool) write(w http.ResponseWriter, inv *invocation) {
	deadline := time.Now().Add(p.function.timeout())
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Lambda-Runtime-Aws-Request-Id", inv.id)
	h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(deadline.UnixMilli(), 10))
	h.Set("Lambda-Runtime-Invoked-Function-Arn", p.function.ARN())
	h.Set("Lambda-Runtime-Trace-Id", "Root=1-"+strconv.FormatInt(deadline.Unix(), 16)+"-"+randomHex(12)+";Sampled=0")
	_, _ = w.Write(inv.payload) // a process that cannot read it has died, and is noticed
}

func (p *Pool) respond(w http.ResponseWriter, r *http.Request, proc *process, id string) {
	body, err := io.ReadAll(io.LimitReader(r.Body, MaxPayload+1))
	outcome := result{response: body}
	switch {
	case err != nil:
		return // it died while it answered
	case len(body) > MaxPayload:
		outcome = result{err: p.failure("Function.ResponseSizeTooLarge", "the response is larger than Lambda takes")}
	case r.Trailer.Get("Lambda-Runtime-Function-Error-Type") != "":
		outcome = result{err: p.failure(r.Trailer.Get("Lambda-Runtime-Function-Error-Type"), "the response broke off")}
	}
	p.settle(w, proc, id, outcome)
}

func (p *Pool) respondError(w http.ResponseWriter, r *http.Request, proc *process, id string) {
	var e struct {
		Type    string `json:"errorType"`
		Message string `json:"errorMessage"`
	}
	if json.NewDecoder(io.LimitReader(r.Body, MaxPayload)).Decode(&e) != nil {
		e.Type = "Runtime.UnknownReason"
	}
	p.settle(w, proc, id, result{err: p.failure(e.Type, e.Message)})
}

// settle ends the invocation with this id, if the process is still at it.
func (p *Pool) settle(w http.ResponseWriter, proc *process, id string, outcome result) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if proc.current == nil || proc.current.id != id {
		refuse(w, http.StatusBadRequest, "InvalidRequestID", "the process is not handling "+id)
		return
	}
	p.finish(proc, outcome)
	accept(w)
}

func accept(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	_, _ = io.WriteString(w, `{"status":"OK"}`)
}

func refuse(w http.ResponseWriter, status int, kind, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"errorType": kind, "errorMessage": message})
}

func randomHex(bytes int) string {
	b := make([]byte, bytes)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return hex.EncodeToString(b)
}

func newRequestID() string {
	h := randomHex(16)
	return h[:8] + "-" + h[8:12] + "-4" + h[13:16] + "-a" + h[17:20] + "-" + h[20:]
}
