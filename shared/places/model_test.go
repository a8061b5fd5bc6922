package places_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"pgregory.net/rapid"

	"github.com/miict/immerse/shared/places"
	"github.com/miict/immerse/shared/places/placestest"
)

// A model is what the places should do, written as plainly as can be: a list of who holds a place until when.
type model struct {
	now      time.Time
	capacity int
	held     []modelHold
}

type modelHold struct {
	who   int
	until time.Time
}

// live are the holds that aren't over.
func (m *model) live() (live []modelHold) {
	for _, h := range m.held {
		if h.until.After(m.now) {
			live = append(live, h)
		}
	}
	return live
}

func (m *model) of(who int) (modelHold, bool) {
	for _, h := range m.live() {
		if h.who == who {
			return h, true
		}
	}
	return modelHold{}, false
}

func (m *model) without(who int) (rest []modelHold) {
	for _, h := range m.held {
		if h.who != who {
			rest = append(rest, h)
		}
	}
	return rest
}

var errLine = errors.New("connection reset by peer")

// brittle is a DynamoDB whose line breaks now and then, before a write or after it.
type brittle struct {
	places.DynamoDB
	breaks func() int
}

func (b brittle) PutItem(ctx context.Context, in *dynamodb.PutItemInput, options ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
	moment := b.breaks()
	if moment == 1 {
		return nil, errLine
	}
	out, err := b.DynamoDB.PutItem(ctx, in, options...)
	if moment == 2 && err == nil {
		return nil, errLine
	}
	return out, err
}

// insist does something until the line holds, as a message that comes back does.
func insist(do func() error) error {
	err := do()
	for errors.Is(err, errLine) {
		err = do()
	}
	return err
}

// TestAnySequenceIsAsTheModelSays draws reservations, releases, acceptances, changes of the capacity and of the time,
// over a line that breaks before and after writes, and compares each answer and the standing with the model's.
func TestAnySequenceIsAsTheModelSays(t *testing.T) {
	if testing.Short() {
		t.Skip("left out with -short: much work, one thing after the other; make test runs it")
	}
	t.Parallel()
	p := placestest.New(t)
	real := p.Client
	services := 0
	rapid.Check(t, func(r *rapid.T) {
		services++
		id := fmt.Sprint("service-", services)
		m := &model{now: placestest.At, capacity: rapid.IntRange(0, 3).Draw(r, "places")}
		p.Now = func() time.Time { return m.now }
		p.Client = brittle{real, func() int { return rapid.SampledFrom([]int{0, 0, 0, 0, 0, 0, 1, 2}).Draw(r, "break") }}
		who := rapid.IntRange(1, 5)
		r.Repeat(map[string]func(*rapid.T){
			"reserve": func(r *rapid.T) {
				n, until := who.Draw(r, "who"), m.now.Add(time.Duration(rapid.IntRange(1, 5).Draw(r, "hours"))*time.Hour)
				var got places.Reservation
				err := insist(func() (err error) {
					got, err = p.Reserve(t.Context(), places.Claim{Service: id, Reference: fmt.Sprint(n), Offered: m.capacity, Until: until})
					return err
				})
				old, has := m.of(n)
				switch {
				case has:
					until = old.until
				case len(m.live()) >= m.capacity:
					if !errors.Is(err, places.ErrFull) {
						r.Fatalf("%d got %+v, %v with %d of %d held", n, got, err, len(m.live()), m.capacity)
					}
					return
				default:
					m.held = append(m.without(n), modelHold{n, until})
				}
				if err != nil || !got.Until.Equal(until) {
					r.Fatalf("%d got %+v, %v; want until %s", n, got, err, until)
				}
			},
			"release": func(r *rapid.T) {
				n := who.Draw(r, "who")
				if err := insist(func() error { _, err := p.Release(t.Context(), id, fmt.Sprint(n), m.capacity); return err }); err != nil {
					r.Fatal(err)
				}
				m.held = m.without(n)
			},
			"accept": func(r *rapid.T) {
				n, until := who.Draw(r, "who"), m.now.Add(100*time.Hour)
				if err := insist(func() error { return p.Keep(t.Context(), id, fmt.Sprint(n), until) }); err != nil {
					r.Fatal(err)
				}
				m.held = append(m.without(n), modelHold{n, until})
			},
			"set capacity": func(r *rapid.T) {
				m.capacity = rapid.IntRange(0, 4).Draw(r, "places")
				if err := insist(func() error { _, err := p.SetCapacity(t.Context(), id, m.capacity); return err }); err != nil {
					r.Fatal(err)
				}
			},
			"wait": func(r *rapid.T) { m.now = m.now.Add(time.Duration(rapid.IntRange(1, 3).Draw(r, "hours")) * time.Hour) },
			"look": func(r *rapid.T) {
				got, err := p.Standing(t.Context(), id, m.capacity)
				if err != nil {
					r.Fatal(err)
				}
				if held := len(m.live()); got.Held != held || got.Free != max(m.capacity-held, 0) {
					r.Fatalf("stands at %+v; want %d of %d held", got, held, m.capacity)
				}
			},
		})
	})
}

// TestTheTableDoesNotSayWho looks for the reference in all that is written.
func TestTheTableDoesNotSayWho(t *testing.T) {
	p := placestest.New(t)
	const reference = "ES-7K3M-9QXT-40AB"
	written := &strings.Builder{}
	p.Client = listening{p.Client, written}
	claim := places.Claim{Service: "s", Reference: reference, Offered: 1, Until: placestest.At.Add(time.Hour)}
	if _, err := p.Reserve(t.Context(), claim); err != nil {
		t.Fatal(err)
	}
	if err := p.Keep(t.Context(), "s", reference, placestest.At.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(written.String(), "held") || strings.Contains(written.String(), reference) {
		t.Errorf("written: %s", written)
	}
}

type listening struct {
	places.DynamoDB
	to *strings.Builder
}

func (l listening) PutItem(ctx context.Context, in *dynamodb.PutItemInput, options ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
	fmt.Fprintf(l.to, "%s\n", encode(in.Item))
	return l.DynamoDB.PutItem(ctx, in, options...)
}
