package start

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
)

// Offset is the variable by which a laptop moves the clock of its programs: a duration that is added to the time, such as 72h or
// -30m. It is for laptops only, and no template sets it: a program that has no AWS_ENDPOINT_URL refuses to start with it.
const Offset = "CLOCK_OFFSET"

func offset(getenv func(string) string) (time.Duration, error) {
	text := getenv(Offset)
	if text == "" {
		return 0, nil
	}
	ahead, err := time.ParseDuration(text)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%s %q is not a duration such as 72h", Offset, text)
	case getenv("AWS_ENDPOINT_URL") == "":
		return 0, fmt.Errorf("%s is set and AWS_ENDPOINT_URL isn't: in AWS the clock is the real one", Offset)
	}
	return ahead, nil
}

func clock(ahead time.Duration) func() time.Time {
	if ahead == 0 {
		return time.Now
	}
	return func() time.Time { return time.Now().Add(ahead) }
}

// moved is a handler whose clock isn't the real one: it is told on that clock when its time is over.
type moved struct {
	lambda.Handler
	ahead time.Duration
}

// Invoke implements lambda.Handler.
func (m moved) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	return m.Handler.Invoke(movedContext{ctx, m.ahead}, payload) //nolint:contextcheck // it is the one that was given, but for what it tells of its end
}

// movedContext ends when the other does, and tells the time of that on the moved clock.
type movedContext struct {
	context.Context
	ahead time.Duration
}

// Deadline implements context.Context.
func (m movedContext) Deadline() (time.Time, bool) {
	deadline, ok := m.Context.Deadline()
	if ok {
		deadline = deadline.Add(m.ahead)
	}
	return deadline, ok
}
