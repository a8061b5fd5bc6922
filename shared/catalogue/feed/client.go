package feed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// A Client asks a foreign server, patiently and not for ever. The zero value is ready.
type Client struct {
	// HTTP does the requests; one that follows at most five redirects, to http and https only, when nil.
	HTTP *http.Client
	// Timeout is how long one answer may take; a minute when zero.
	Timeout time.Duration
	// MaxBytes is the size of one answer at most; 64 MiB when zero.
	MaxBytes int64
	// Tries is how often a request is made that meets a server in trouble; five times when zero.
	Tries int
	// Wait waits between tries; it ends early, with an error, with its context. A real wait when nil.
	Wait func(ctx context.Context, duration time.Duration) error
}

// Errors of a Client.
var (
	// ErrAddress is an address that isn't http or https.
	ErrAddress = errors.New("is not an http or https address")
	// ErrTooLarge is an answer above MaxBytes.
	ErrTooLarge = errors.New("the answer is too large")
	errGone     = errors.New("there is nothing at this address (404)")
	errAgain    = errors.New("the server is in trouble")
)

const (
	userAgent   = "immersectl (+https://github.com/miict/immerse)"
	longestWait = 2 * time.Minute
	mostHops    = 5
)

var careful = &http.Client{CheckRedirect: func(r *http.Request, via []*http.Request) error {
	if r.URL.Scheme != "https" && r.URL.Scheme != "http" {
		return fmt.Errorf("%w: redirected to %q", ErrAddress, r.URL.Redacted())
	}
	if len(via) > mostHops {
		return fmt.Errorf("more than %d redirects", mostHops)
	}
	return nil
}}

// get asks for JSON. Trouble that may pass (no connection, 429, 5xx) is tried again, after as long as the server says.
func (c Client) get(ctx context.Context, address string) ([]byte, error) {
	tries := c.Tries
	if tries == 0 {
		tries = 5
	}
	wait := c.Wait
	if wait == nil {
		wait = sleep
	}
	pause := time.Second
	for {
		data, after, err := c.try(ctx, address)
		if tries--; err == nil || tries == 0 || !errors.Is(err, errAgain) || ctx.Err() != nil {
			return data, err
		}
		if err := wait(ctx, min(max(pause, after), longestWait)); err != nil {
			return nil, err
		}
		pause *= 2
	}
}

// try makes one request. After is what the server says about when to come back.
func (c Client) try(ctx context.Context, address string) (data []byte, after time.Duration, err error) {
	timeout, most, client := c.Timeout, c.MaxBytes, c.HTTP
	if timeout == 0 {
		timeout = time.Minute
	}
	if most == 0 {
		most = 64 << 20
	}
	if client == nil {
		client = careful
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, 0, err
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", userAgent)
	response, err := client.Do(request)
	if errors.Is(err, ErrAddress) {
		return nil, 0, err
	}
	if err != nil {
		return nil, 0, fmt.Errorf("%w: %w", errAgain, err)
	}
	defer response.Body.Close()
	switch status := response.StatusCode; {
	case status == http.StatusNotFound, status == http.StatusGone:
		return nil, 0, errGone
	case status == http.StatusTooManyRequests, status >= http.StatusInternalServerError:
		return nil, retryAfter(response.Header.Get("Retry-After")), fmt.Errorf("%w: %s", errAgain, response.Status)
	case status != http.StatusOK:
		return nil, 0, fmt.Errorf("the server answers %s", response.Status)
	}
	data, err = io.ReadAll(io.LimitReader(response.Body, most+1))
	switch {
	case err != nil:
		return nil, 0, fmt.Errorf("%w: %w", errAgain, err)
	case int64(len(data)) > most:
		return nil, 0, fmt.Errorf("%w: above %d bytes", ErrTooLarge, most)
	}
	return data, 0, nil
}

// retryAfter reads seconds or a date.
func retryAfter(text string) time.Duration {
	if seconds, err := strconv.Atoi(text); err == nil {
		return time.Duration(max(seconds, 0)) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return time.Until(at)
	}
	return 0
}

func sleep(ctx context.Context, duration time.Duration) error {
	timer := time.NewTimer(duration)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
