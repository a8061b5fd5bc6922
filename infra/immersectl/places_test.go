package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/miict/immerse/events"
	"github.com/miict/immerse/shared/places"
)

const someCourse = "11111111-1111-4111-8111-111111111111"

// course publishes a catalogue with one service of two places, and gives the places as the functions use them.
func (s system) course() *places.Places {
	s.t.Helper()
	feed := s.feed("services.ndjson", true, func(lines string) string {
		return strings.Replace(lines, `"Brand new",`, `"Brand new","capacities":[{"id":"22222222-2222-4222-8222-222222222222","available":2}],`, 1)
	})
	if got := s.run("", "catalogue", "publish", "-c", "es", "--catalogue", feed); got.code != exitDone {
		s.t.Fatalf("%+v", got)
	}
	s.changes() // what is new was announced
	return &places.Places{Client: dynamodb.NewFromConfig(s.Config()), Table: "immerse-es-places", Now: time.Now}
}

// changes takes what percolation was told out of its queue: the services, one after the other.
func (s system) changes() (told string) {
	s.t.Helper()
	client, url := sqs.NewFromConfig(s.Config()), s.Queues.URL("immerse-es-percolation")
	for {
		got, err := client.ReceiveMessage(s.t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 10})
		if err != nil {
			s.t.Fatal(err)
		}
		if len(got.Messages) == 0 {
			return told
		}
		for _, m := range got.Messages {
			var event struct {
				Type string                    `json:"type"`
				Data events.CatalogueChangedV1 `json:"data"`
			}
			if err := json.Unmarshal([]byte(*m.Body), &event); err != nil || event.Type != (events.CatalogueChangedV1{}).EventType() || event.Data.Country != "ES" {
				s.t.Fatalf("%v: %s", err, *m.Body)
			}
			told += strings.Join(event.Data.Services, " ") + ";"
			if _, err := client.DeleteMessage(s.t.Context(), &sqs.DeleteMessageInput{QueueUrl: &url, ReceiptHandle: aws.String(*m.ReceiptHandle)}); err != nil {
				s.t.Fatal(err)
			}
		}
	}
}

// standing is what list says of the course.
func (s system) standing() standingOutput {
	s.t.Helper()
	got := s.run("", "places", "list", "-c", "es", "--json")
	var rows []placesRow
	if err := json.Unmarshal([]byte(got.out), &rows); err != nil || len(rows) != 1 || rows[0].Name != "Brand new" {
		s.t.Fatalf("%v: %+v", err, got)
	}
	return rows[0].Standing
}

func TestThePlacesOfAPackThatCountsNone(t *testing.T) {
	t.Parallel()
	s := start(t)
	if got := s.run("", "places", "list", "-c", "es"); got.code != exitDone || !strings.Contains(got.out, "No service counts places") {
		t.Errorf("%+v", got)
	}
	if got := s.run("", "places", "list", "-c", "es", "--json"); got.code != exitDone || strings.TrimSpace(got.out) != "[]" {
		t.Errorf("%+v", got)
	}
}

func TestTheOperatorSetsSeesAndFreesPlaces(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.course()
	want := func(want standingOutput) {
		t.Helper()
		want.Service = someCourse
		if got := s.standing(); got != want {
			t.Errorf("list says %+v, want %+v", got, want)
		}
	}
	want(standingOutput{Capacity: 2, Free: 2})
	reserve := func(n int) error {
		_, err := p.Reserve(t.Context(), places.Claim{Service: someCourse, Reference: fmt.Sprint(n), Offered: 2, Until: time.Now().Add(time.Hour)})
		return err
	}
	for n := range 3 {
		if err := reserve(n); (err != nil) != (n == 2) {
			t.Fatalf("%d: %v", n, err)
		}
	}
	want(standingOutput{Capacity: 2, Held: 2, Waiting: true})

	// As many as are taken: nobody is looked for, and nobody loses a place.
	for _, n := range []string{"0", "2"} {
		if got := s.run("", "places", "set", n, "-c", "es", "--service", someCourse); got.code != exitDone || !strings.Contains(got.out, "operator") || s.changes() != "" {
			t.Errorf("%s: %+v", n, got)
		}
	}
	want(standingOutput{Capacity: 2, Own: true, Held: 2, Waiting: true})

	// One more: those who wait are looked for, again too, for whoever was interrupted between the two.
	for range 2 {
		got := s.run("", "places", "set", "3", "-c", "es", "--service", someCourse)
		if got.code != exitDone || !strings.Contains(got.err, "1 services announced") || s.changes() != someCourse+";" {
			t.Errorf("%+v", got)
		}
	}
	want(standingOutput{Capacity: 3, Own: true, Held: 2, Free: 1, Waiting: true})
	if err := reserve(2); err != nil {
		t.Errorf("the third place: %v", err)
	}

	if got := s.run("", "places", "clear", "-c", "es", "--service", someCourse, "--json"); got.code != exitDone || !strings.Contains(got.out, `"announced": false`) || s.changes() != "" {
		t.Errorf("%+v", got)
	}
	want(standingOutput{Capacity: 2, Held: 3, Waiting: true})
	for n := range 2 {
		if _, err := p.Release(t.Context(), someCourse, fmt.Sprint(n), 2); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.run("", "places", "clear", "-c", "es", "--service", someCourse, "--json"); got.code != exitDone || !strings.Contains(got.out, `"announced": true`) || s.changes() != someCourse+";" {
		t.Errorf("%+v", got)
	}
}

// People reserve while the operator changes the number: neither loses what the other wrote.
func TestSettingPlacesWhilePeopleReserve(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.course()
	var all sync.WaitGroup
	for n := range 12 {
		all.Go(func() {
			_, _ = p.Reserve(t.Context(), places.Claim{Service: someCourse, Reference: fmt.Sprint(n), Offered: 2, Until: time.Now().Add(time.Hour)})
		})
	}
	all.Go(func() {
		if got := s.run("", "places", "set", "5", "-c", "es", "--service", someCourse); got.code != exitDone {
			t.Errorf("%+v", got)
		}
	})
	all.Wait()
	if got := s.standing(); got.Capacity != 5 || got.Held < 2 || got.Held > 5 {
		t.Errorf("%+v", got)
	}
}

func TestBadInputToPlacesChangesNothing(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.course()
	_, uncounted, _ := strings.Cut(s.run("", "catalogue", "export", "-c", "es").out, `"id":"`)
	uncounted, _, _ = strings.Cut(uncounted, `"`)
	for _, c := range []struct {
		want      string
		arguments []string
	}{
		{"how many places", []string{"set", "--service", someCourse}},
		{"not a number of places from 0 to 5000", []string{"set", "--service", someCourse, "many"}},
		{"not a number of places", []string{"set", "--service", someCourse, "--", "-1"}},
		{"not a number of places", []string{"set", "--service", someCourse, "5001"}},
		{"not a number of places", []string{"set", "--service", someCourse, "2.5"}},
		{"which service", []string{"set", "3"}},
		{"which service", []string{"clear"}},
		{"no service \"x\"", []string{"set", "3", "--service", "x"}},
		{"no service \"x\"", []string{"clear", "--service", "x"}},
		{"counts no places", []string{"set", "3", "--service", uncounted}},
		{`"x" "` + uncounted, []string{"list", "--service", "x", "--service", uncounted}},
		{"unexpected argument", []string{"list", "x"}},
		{"no command", []string{"get"}},
	} {
		got := s.run("", append([]string{"places", "-c", "es"}, c.arguments...)...)
		if got.code != exitBadInput || !strings.Contains(got.err, c.want) || s.changes() != "" {
			t.Errorf("%q: %+v", c.arguments, got)
		}
	}
	if got := s.standing(); got != (standingOutput{Service: someCourse, Capacity: 2, Free: 2}) {
		t.Errorf("%+v", got)
	}
	if got := s.run("", "places", "set", "--help"); got.code != exitDone || !strings.Contains(got.out, "immersectl places set 20") {
		t.Errorf("%+v", got)
	}
}
