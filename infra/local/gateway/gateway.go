// Package gateway turns HTTP requests into Lambda invocations and back, as an API Gateway HTTP API with payload
// format 2.0 does.
package gateway

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"
)

// Function answers events.
type Function interface {
	// Invoke gives an error when the invocation failed, crashed or took too long.
	Invoke(ctx context.Context, payload []byte) ([]byte, error)
}

// Route sends requests to a function.
type Route struct {
	// Key is AWS's route key: a method or ANY, a space, and a path that may end in {proxy+}, which is any rest, or in a name
	// in braces, which is one segment.
	Key      string
	Function Function
}

// Gateway serves routes.
type Gateway struct {
	Routes []Route
	Log    *slog.Logger
}

const (
	maxBody = 10 << 20
	// maxWait is API Gateway's own limit, whatever the function's timeout.
	maxWait = 30 * time.Second
)

// match finds the most specific route for a request. A slash at the end is passed over if nothing is found with it, as
// the content network takes it off before the gateway sees it (infra/slash.js).
func (g Gateway) match(r *http.Request) (best Route, proxy string, found bool) {
	if best, proxy, found = g.matchPath(r.Method, r.URL.Path); found {
		return best, proxy, found
	}
	return g.matchPath(r.Method, strings.TrimSuffix(r.URL.Path, "/"))
}

func (g Gateway) matchPath(asked, path string) (best Route, proxy string, found bool) {
	longest := -1
	for _, route := range g.Routes {
		method, pattern, _ := strings.Cut(route.Key, " ")
		if method != "ANY" && method != asked {
			continue
		}
		prefix, kind := parse(pattern)
		rest, under := strings.CutPrefix(path, prefix)
		if under && kind.takes(rest) && len(prefix) > longest {
			best, proxy, found, longest = route, rest, true, len(prefix)
		}
	}
	return best, proxy, found
}

// A variable is what a route's path ends in.
type variable int

const (
	fixed   variable = iota // nothing: the path is as it stands
	segment                 // {name}
	greedy                  // {proxy+}
)

// parse takes the variable off the end of a route's path.
func parse(pattern string) (prefix string, kind variable) {
	prefix, rest, found := strings.Cut(pattern, "{")
	switch {
	case !found:
		return pattern, fixed
	case strings.HasSuffix(rest, "+}"):
		return prefix, greedy
	}
	return prefix, segment
}

// takes tells whether what follows the prefix can stand in the variable's place.
func (v variable) takes(rest string) bool {
	switch v {
	case greedy:
		return rest != ""
	case segment:
		return rest != "" && !strings.Contains(rest, "/")
	default:
		return rest == ""
	}
}

// Handles tells whether a route takes this path, with any method.
func (g Gateway) Handles(path string) bool {
	for _, route := range g.Routes {
		_, pattern, _ := strings.Cut(route.Key, " ")
		prefix, kind := parse(pattern)
		if strings.TrimSuffix(path, "/") == pattern || path == pattern || kind != fixed && strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}

// ServeHTTP invokes the function of the route.
func (g Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	route, proxy, ok := g.match(r)
	if !ok {
		answer(w, http.StatusNotFound, "Not Found")
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		answer(w, http.StatusRequestEntityTooLarge, "Request Entity Too Large")
		return
	}
	if err != nil {
		answer(w, http.StatusBadRequest, "Bad Request")
		return
	}
	payload, err := encode(r, route.Key, proxy, body)
	if err != nil {
		g.Log.Error("a request could not be encoded", "route", route.Key, "error", err)
		answer(w, http.StatusInternalServerError, "Internal Server Error")
		return
	}
	g.invoke(w, r, route, payload)
}

func (g Gateway) invoke(w http.ResponseWriter, r *http.Request, route Route, payload []byte) {
	ctx, cancel := context.WithTimeout(r.Context(), maxWait)
	defer cancel()
	response, err := route.Function.Invoke(ctx, payload)
	if err == nil {
		err = decode(w, response)
	}
	switch {
	case err == nil:
	case errors.Is(err, context.DeadlineExceeded):
		answer(w, http.StatusServiceUnavailable, "Service Unavailable")
	default:
		g.Log.Error("a request failed", "route", route.Key, "error", err)
		answer(w, http.StatusInternalServerError, "Internal Server Error")
	}
}

// answer writes an error of the gateway's own.
func answer(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, `{"message":"`+message+`"}`) // a client that has left cannot be told
}
