package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/miict/immerse/infra/local/laptop"
	"github.com/miict/immerse/infra/local/meter"
	"github.com/miict/immerse/shared/country"
)

// measured is what handing in some applications took.
type measured struct {
	region   string
	start    map[meter.Line]float64 // what the first start of all functions took
	amounts  map[meter.Line]float64
	handOver []float64 // seconds from submission until the last mail was handed over, sorted
	mails    int
}

// atOnce is how many people hand in at a time.
const atOnce = 2

// patience is how long nothing at all may happen until a run is given up: longer than the longest that a message is hidden after a try that
// came to nothing, which is feedback's, three minutes. A slow machine is waited for as long as it gets on.
const patience = 8 * time.Minute

// A stall tells when nothing has changed for too long.
type stall struct {
	seen  string
	since time.Time
}

// over notes what there is now, and tells whether it has been the same for longer than patience.
func (s *stall) over(seen string, now time.Time) bool {
	if s.since.IsZero() || seen != s.seen {
		s.seen, s.since = seen, now
	}
	return now.Sub(s.since) > patience
}

// load starts a country's system and hands applications in.
func load(ctx context.Context, code string, n int) (measured, error) {
	definition, err := laptop.Immerse(code)
	if err != nil {
		return measured{}, err
	}
	var counted meter.Meter
	times := &handOvers{}
	s, err := laptop.Start(ctx, laptop.Options{Definition: definition, Meter: &counted, Logs: times})
	if err != nil {
		return measured{}, err
	}
	defer func() { _ = s.Stop() }() // what was measured counts all the same
	together := func(name string, n int) error {
		if err := handIn(ctx, s, definition.Country, name, n); err != nil {
			return err
		}
		return times.wait(ctx, n)
	}
	if err := together("first", 1); err != nil {
		return measured{}, err
	}
	if err := drained(ctx, s); err != nil {
		return measured{}, err
	}
	r := measured{region: definition.Region, start: counted.Amounts()}
	mails := len(s.Mailbox.All())
	counted.Reset()
	times.reset()
	if err := together("load", n); err != nil {
		return measured{}, err
	}
	if err := drained(ctx, s); err != nil {
		return measured{}, err
	}
	r.amounts, r.handOver, r.mails = counted.Amounts(), times.sorted(), len(s.Mailbox.All())-mails
	return r, nil
}

// drained waits until every queue is empty. What is reported of the mails waits for feedback's next run, which is started
// here: on its schedule, a wave of some minutes is worked off by one. What was put aside would never be worked off, and is an error: what
// it would have cost is missing.
func drained(ctx context.Context, s *laptop.System) error {
	var quiet stall
	for {
		reports, left, where := 0, 0, ""
		for _, queue := range s.Queues.Counts() {
			n := queue.Visible + queue.InFlight + queue.Delayed
			switch {
			case n == 0:
				continue
			case strings.HasSuffix(queue.Name, "-dlq"):
				return fmt.Errorf("%d messages were put aside in %s: what they would have cost is missing", n, queue.Name)
			case queue.Name == s.Feedback():
				reports = queue.Visible
			}
			left, where = left+n, where+fmt.Sprintf(" %s (%d, of which %d in work)", queue.Name, n, queue.InFlight)
		}
		switch left {
		case 0:
			return nil
		case reports:
			if _, err := s.Invoke(ctx, "feedback", []byte(`{}`)); err != nil {
				return fmt.Errorf("hearing what became of the mails: %w", err)
			}
		}
		if quiet.over(where, time.Now()) {
			return fmt.Errorf("nothing has moved for %v, and there are left:%s", patience, where)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("there are left:%s: %w", where, ctx.Err())
		case <-time.After(200 * time.Millisecond):
		}
	}
}

func handIn(ctx context.Context, s *laptop.System, code, name string, n int) error {
	pack, err := country.Load(code)
	if err != nil {
		return fmt.Errorf("loading the pack: %w", err)
	}
	areas := pack.Areas.All()
	todo := make(chan int)
	failed := make(chan error, atOnce)
	var people sync.WaitGroup
	for range atOnce {
		people.Go(func() {
			for i := range todo {
				if err := submit(ctx, s.URL, name+strconv.Itoa(i), application(areas[1+i%(len(areas)-1)].Code)); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	for i := range n {
		select {
		case todo <- i:
			continue
		case err = <-failed:
		case <-ctx.Done():
			err = ctx.Err()
		}
		break
	}
	close(todo)
	people.Wait()
	return err
}

// application is the example of design §7: nearly everything filled in, so that it costs more than most.
func application(region string) map[string]any {
	return map[string]any{
		"kind": "support", "language": "ar",
		"consent":      map[string]any{"processing": true, "sharing": true, "version": "2026-11"},
		"contact":      map[string]any{"name": "Layla Example", "email": "layla@example.org", "phone": "+34600000000"},
		"residence":    map[string]any{"region": region, "municipality": "Example", "months_in_country": 7},
		"legal_status": "asylum_seeker", "birth_year": 1994, "gender": "female",
		"household": map[string]any{"adults": 1, "children": 2},
		"languages": []any{map[string]any{"code": "ar", "level": "native"}, map[string]any{"code": "es", "level": "A1"}},
		"education": 5, "occupation": "2221", "registrations": []any{"municipal_register"},
		"needs": []any{"employment", "language", "accommodation"}, "urgency": "soon", "message": "Please help us find a place to stay.",
	}
}

var client = &http.Client{Timeout: 30 * time.Second}

func submit(ctx context.Context, url, key string, application map[string]any) error {
	body, err := json.Marshal(application)
	if err != nil {
		return fmt.Errorf("encoding an application: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/api/v1/applications", bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("handing in: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", key)
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("handing in: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusCreated {
		return fmt.Errorf("handing in %s: %s", key, response.Status)
	}
	return nil
}

// handOvers reads the functions' logs for the time from submission to hand-over, which notification measures.
type handOvers struct {
	mu      sync.Mutex
	seconds []float64
}

// Write takes one line of the logs.
func (h *handOvers) Write(line []byte) (int, error) {
	_, text, _ := bytes.Cut(line, []byte(" | "))
	var said struct{ TimeToHandOver *float64 }
	if json.Unmarshal(text, &said) == nil && said.TimeToHandOver != nil {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.seconds = append(h.seconds, *said.TimeToHandOver/1000)
	}
	return len(line), nil
}

func (h *handOvers) sorted() []float64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Sorted(slices.Values(h.seconds))
}

func (h *handOvers) reset() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seconds = nil
}

// wait waits until n applications are handed over, as long as any still are.
func (h *handOvers) wait(ctx context.Context, n int) error {
	var quiet stall
	for done := 0; done < n; done = len(h.sorted()) {
		if quiet.over(strconv.Itoa(done), time.Now()) {
			return fmt.Errorf("%d of %d applications were handed over, and none more for %v", done, n, patience)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%d of %d applications were handed over: %w", done, n, ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
	time.Sleep(200 * time.Millisecond) // for what comes after the last line
	return nil
}
