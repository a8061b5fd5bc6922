package start

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
)

type config struct{}

func (config) Serves() string { return "ES" }

func load(getenv func(string) string) (config, error) {
	if getenv("TABLE") == "" {
		return config{}, errors.New("TABLE is not set")
	}
	return config{}, nil
}

// environment is that of a program on a laptop, with changes.
func environment(changes map[string]string) func(string) string {
	all := map[string]string{
		"TABLE": "t", "AWS_REGION": "eu-south-2", "AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "key", "AWS_ENDPOINT_URL": "http://localhost:8080",
	}
	maps.Copy(all, changes)
	return func(name string) string { return all[name] }
}

// asked says what a handler was told of the time.
type asked struct{ Now, Deadline time.Time }

func start(changes map[string]string, logs io.Writer) (lambda.Handler, error) {
	handler, err := prepare("test", environment(changes), logs, load, func(_ context.Context, _ config, with Parts) (any, error) {
		with.Log.Info("built")
		return func(ctx context.Context) (asked, error) {
			deadline, _ := ctx.Deadline()
			return asked{with.Now(), deadline}, ctx.Err()
		}, nil
	})
	return lambda.NewHandler(handler), err
}

func TestEveryProblemIsNamedTogether(t *testing.T) {
	_, err := start(map[string]string{"TABLE": "", "AWS_REGION": "", Offset: "soon"}, io.Discard)
	if err == nil {
		t.Fatal("it starts")
	}
	for _, name := range []string{"TABLE", "AWS_REGION", Offset} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%q doesn't name %s", err, name)
		}
	}
}

func TestInAWSTheClockIsTheRealOne(t *testing.T) {
	if _, err := start(map[string]string{"AWS_ENDPOINT_URL": "", Offset: "72h"}, io.Discard); err == nil || !strings.Contains(err.Error(), Offset) {
		t.Errorf("got %v", err)
	}
	if _, err := start(map[string]string{"AWS_ENDPOINT_URL": ""}, io.Discard); err != nil {
		t.Errorf("without it: %v", err)
	}
}

// TestAMovedClockIsTheSameForAll: a handler's clock and the end of its time differ by what it has left, and what has less time ends when
// it really is over, whichever way the clock is moved.
func TestAMovedClockIsTheSameForAll(t *testing.T) {
	for _, ahead := range []time.Duration{0, 72 * time.Hour, -72 * time.Hour} {
		var logs strings.Builder
		handler, err := start(map[string]string{Offset: ahead.String()}, &logs)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(logs.String(), `"function":"test","country":"ES"`) {
			t.Errorf("logged %s", logs.String())
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		answer, err := handler.Invoke(ctx, []byte(`{}`))
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		told := decode(t, answer)
		if off := told.Now.Sub(time.Now().Add(ahead)); off.Abs() > time.Minute {
			t.Errorf("%s ahead: the time is %s", ahead, told.Now)
		}
		if left := told.Deadline.Sub(told.Now); left > time.Hour || left < 55*time.Minute {
			t.Errorf("%s ahead: %s are left of an hour", ahead, left)
		}
		if _, err := handler.Invoke(ctx, []byte(`{}`)); err == nil {
			t.Errorf("%s ahead: its time is over, and it isn't told", ahead)
		}
	}
}

func decode(t *testing.T, answer []byte) (told asked) {
	t.Helper()
	if err := json.Unmarshal(answer, &told); err != nil {
		t.Fatal(err)
	}
	return told
}
