// Package environment reads a function's configuration from environment variables and collects every problem with it,
// so that an operator mends them all at once.
package environment

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// A Reader reads variables and remembers what is wrong with them.
type Reader struct {
	getenv   func(string) string
	problems []error
}

// Read starts reading; getenv is os.Getenv but in tests.
func Read(getenv func(string) string) *Reader { return &Reader{getenv: getenv} }

// Err is every problem so far, joined, or nil.
func (r *Reader) Err() error { return errors.Join(r.problems...) }

// Problem adds one, unless it is nil.
func (r *Reader) Problem(err error) {
	if err != nil {
		r.problems = append(r.problems, err)
	}
}

// Optional gives a variable, empty if it isn't set.
func (r *Reader) Optional(name string) string { return r.getenv(name) }

// Required gives a variable that must be set.
func (r *Reader) Required(name string) string {
	value := r.getenv(name)
	if value == "" {
		r.Problem(fmt.Errorf("%s is not set", name))
	}
	return value
}

// Parsed gives what parse makes of a required variable, and the zero value with a problem if it makes nothing of it.
func Parsed[T any](r *Reader, name string, parse func(string) (T, error)) T {
	value := r.Required(name)
	if value == "" {
		return *new(T)
	}
	parsed, err := parse(value)
	if err != nil {
		r.Problem(fmt.Errorf("%s %q: %w", name, value, err))
	}
	return parsed
}

// WebAddress gives a required http or https address, without a slash at its end.
func (r *Reader) WebAddress(name string) string {
	value := strings.TrimRight(r.Required(name), "/")
	if value != "" && !IsWebAddress(value) {
		r.Problem(fmt.Errorf("%s %q is not a web address", name, value))
	}
	return value
}

// IsWebAddress tells whether a text is an absolute http or https address.
func IsWebAddress(text string) bool {
	address, err := url.Parse(text)
	return err == nil && address.Host != "" && (address.Scheme == "http" || address.Scheme == "https")
}

// Duration gives a duration, such as "30s", or the default if the variable isn't set.
func (r *Reader) Duration(name string, otherwise time.Duration) time.Duration {
	value := r.getenv(name)
	if value == "" {
		return otherwise
	}
	duration, err := time.ParseDuration(value)
	if err != nil || duration <= 0 {
		r.Problem(fmt.Errorf("%s %q is not a duration such as 30s", name, value))
		return otherwise
	}
	return duration
}
