package laptop_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/miict/immerse/infra/local/laptop"
)

// TestTimePassesForEverythingAtOnce: on the way to another day the schedule comes round at each stop, what was sent for later is had, what
// failed is tried again and given up, and programs, queues and system show the same time.
func TestTimePassesForEverythingAtOnce(t *testing.T) {
	t.Parallel()
	d := definition()
	d.Zone = time.FixedZone("CET", 3600)
	d.Queues[1].Visibility = time.Hour
	d.Schedules = []laptop.Schedule{{Name: "ticks", Function: "front", Every: time.Hour, Payload: []byte(`{"do":"print tick"}`)}}
	begin := time.Date(2030, 12, 24, 10, 0, 0, 0, d.Zone)
	s, printed := start(t, laptop.Options{Definition: d, Begin: begin})
	if now := s.Now(); now.Before(begin) || now.Sub(begin) > time.Hour {
		t.Fatalf("it begins at %s", now)
	}
	send(t, s, "fail")
	client := sqs.NewFromConfig(s.Config())
	if _, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: aws.String(s.Queues.URL("work")), MessageBody: aws.String("later"), DelaySeconds: 900}); err != nil {
		t.Fatal(err)
	}
	var stops []string
	to := begin.AddDate(0, 0, 1)
	err := s.Move(t.Context(), to, func(at time.Time, _ int) { stops = append(stops, at.In(d.Zone).Format("02 15:04")) })
	if want := []string{"24 17:01", "25 03:01", "25 08:01", "25 09:01", "25 10:00"}; err != nil || !slices.Equal(stops, want) {
		t.Errorf("it stopped at %v, %v, want %v", stops, err, want)
	}
	if ticks := printed.count(`front | `, `tick`); ticks != len(stops)+1 {
		t.Errorf("the schedule came round %d times", ticks)
	}
	if printed.count(`"body":"later"`) != 1 || printed.count(`"body":"fail"`) != 3 || len(s.Queues.Bodies("work-dlq")) != 1 {
		t.Errorf("what waited was not had:\n%s", printed)
	}
	if now := s.Now(); now.Before(to) || now.Sub(to) > time.Hour {
		t.Errorf("it is %s", now)
	}
	environment, err := s.Invoke(t.Context(), "front", []byte(`{"do":"environment"}`))
	_, after, found := bytes.Cut(environment, []byte("CLOCK_OFFSET="))
	ahead, _, _ := bytes.Cut(after, []byte(`"`))
	offset, parsed := time.ParseDuration(string(ahead))
	if shown := time.Now().Add(offset); err != nil || !found || parsed != nil || shown.Sub(s.Now()).Abs() > time.Minute {
		t.Errorf("a program is told %q, and it is %s, %v", ahead, s.Now(), errors.Join(err, parsed))
	}
	if err := s.Move(t.Context(), to, nil); !errors.Is(err, laptop.ErrPast) {
		t.Errorf("back again: %v", err)
	}
}

// TestMovingWaitsForWhatRuns: what was begun ends, and is answered, before the clock is moved.
func TestMovingWaitsForWhatRuns(t *testing.T) {
	t.Parallel()
	s, _ := start(t, laptop.Options{})
	answered := make(chan int, 1)
	go func() {
		status, _, _ := get(t, s.URL+"/api/sleep/400ms")
		answered <- status
	}()
	time.Sleep(50 * time.Millisecond) // or it comes while the clock is moved, which is as well
	if err := s.Move(t.Context(), s.Now().Add(time.Hour), nil); err != nil {
		t.Fatal(err)
	}
	if status := <-answered; status != 201 {
		t.Errorf("what ran was answered %d", status)
	}
}
