// Package placestest gives tests real places over an in-memory DynamoDB, and holds the conformance suite that every
// DynamoDB we run on must pass.
package placestest

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	minidyn "github.com/truora/minidyn/server"

	"github.com/miict/immerse/shared/places"
	"github.com/miict/immerse/shared/store/storetest"
)

// At is the time on the clock of the suite's places.
var At = storetest.At

// New makes places with an empty table in a DynamoDB of its own.
func New(t testing.TB) *places.Places {
	t.Helper()
	server := httptest.NewServer(minidyn.NewServer())
	t.Cleanup(server.Close)
	return NewAt(t, storetest.Client(server.URL))
}

var made atomic.Int64

// NewAt makes places with an empty table, of a name not used before, in a given DynamoDB.
func NewAt(t testing.TB, client *dynamodb.Client) *places.Places {
	t.Helper()
	name := fmt.Sprintf("places-%d-%d", time.Now().UnixNano(), made.Add(1))
	_, err := client.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: &name, BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("service"), AttributeType: types.ScalarAttributeTypeS}},
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("service"), KeyType: types.KeyTypeHash}},
	})
	if err != nil {
		t.Fatalf("creating table %s: %v", name, err)
	}
	return &places.Places{Client: client, Table: name, Now: func() time.Time { return At }}
}

// Run holds a DynamoDB to what the places rely on.
func Run(t *testing.T, client *dynamodb.Client) {
	for name, test := range map[string]func(*testing.T, *places.Places){
		"reserving again gives the same":               again,
		"the last place goes once":                     last,
		"releasing twice frees one place":              releaseTwice,
		"a reservation that is over is free":           over,
		"what is kept outlasts its end":                kept,
		"nobody loses a place to a smaller capacity":   smaller,
		"the operator's number goes before":            operator,
		"who was refused is waited for until told":     waiting,
		"of fifty who want twenty places twenty win":   fifty,
		"fifty who reserve and release never oversell": churn,
	} {
		t.Run(name, func(t *testing.T) {
			test(t, NewAt(t, client))
		})
	}
}

const course = "course"

func claim(i, offered int) places.Claim {
	return places.Claim{Service: course, Reference: reference(i), Offered: offered, Until: At.Add(time.Hour)}
}

func reference(i int) string { return fmt.Sprintf("ES-0000-0000-%04d", i) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantFull(t *testing.T, p *places.Places, c places.Claim) {
	t.Helper()
	if held, err := p.Reserve(t.Context(), c); !errors.Is(err, places.ErrFull) {
		t.Errorf("%s got %+v, %v; want ErrFull", c.Reference, held, err)
	}
}

func reserve(t *testing.T, p *places.Places, c places.Claim) places.Reservation {
	t.Helper()
	held, err := p.Reserve(t.Context(), c)
	must(t, err)
	return held
}

func release(t *testing.T, p *places.Places, i, offered int) places.Standing {
	t.Helper()
	after, err := p.Release(t.Context(), course, reference(i), offered)
	must(t, err)
	return after
}

func standing(t *testing.T, p *places.Places, offered int) places.Standing {
	t.Helper()
	s, err := p.Standing(t.Context(), course, offered)
	must(t, err)
	return s
}

func want(t *testing.T, p *places.Places, offered int, want places.Standing) {
	t.Helper()
	want.Service = course
	if got := standing(t, p, offered); got != want {
		t.Errorf("stands at %+v, want %+v", got, want)
	}
}

// later sets the clock.
func later(p *places.Places, d time.Duration) { p.Now = func() time.Time { return At.Add(d) } }

func again(t *testing.T, p *places.Places) {
	first := reserve(t, p, claim(1, 2))
	second := claim(1, 2)
	second.Until = At.Add(5 * time.Hour)
	if got := reserve(t, p, second); got != first {
		t.Errorf("the second is %+v, the first was %+v", got, first)
	}
	if !first.Until.Equal(At.Add(time.Hour)) || first.Service != course || first.Kept {
		t.Errorf("reservation %+v", first)
	}
	want(t, p, 2, places.Standing{Capacity: 2, Held: 1, Free: 1})
}

func last(t *testing.T, p *places.Places) {
	reserve(t, p, claim(1, 1))
	wantFull(t, p, claim(2, 1))
	reserve(t, p, claim(1, 1)) // who has it keeps it
	wantFull(t, p, claim(3, 0))
	wantFull(t, p, claim(4, -7))
	other := claim(2, 1)
	other.Service = "another"
	reserve(t, p, other)
}

func releaseTwice(t *testing.T, p *places.Places) {
	for i := range 3 {
		reserve(t, p, claim(i, 3))
	}
	for range 3 {
		if after := release(t, p, 1, 3); after.Free != 1 || after.Held != 2 {
			t.Errorf("after releasing: %+v", after)
		}
	}
	release(t, p, 99, 3) // who holds none
	want(t, p, 3, places.Standing{Capacity: 3, Held: 2, Free: 1})
	reserve(t, p, claim(4, 3))
	wantFull(t, p, claim(5, 3))
}

func over(t *testing.T, p *places.Places) {
	reserve(t, p, claim(1, 1))
	later(p, time.Hour-time.Second)
	wantFull(t, p, claim(2, 1))
	later(p, time.Hour)
	want(t, p, 1, places.Standing{Capacity: 1, Free: 1, Waiting: true})
	c := claim(2, 1)
	c.Until = At.Add(3 * time.Hour)
	reserve(t, p, c)
	c.Reference = reference(1)
	wantFull(t, p, c)
}

func kept(t *testing.T, p *places.Places) {
	reserve(t, p, claim(1, 1))
	for range 2 {
		must(t, p.Keep(t.Context(), course, reference(1), At.Add(100*time.Hour)))
	}
	later(p, 99*time.Hour)
	wantFull(t, p, claim(2, 1))
	if got := reserve(t, p, claim(1, 1)); !got.Kept {
		t.Errorf("reservation %+v is not kept", got)
	}
	must(t, p.Keep(t.Context(), course, reference(3), At.Add(200*time.Hour))) // the authority said so
	want(t, p, 1, places.Standing{Capacity: 1, Held: 2, Waiting: true})
	if after := release(t, p, 3, 1); after.Free != 0 {
		t.Errorf("a place beyond the capacity became free: %+v", after)
	}
}

func smaller(t *testing.T, p *places.Places) {
	for i := range 4 {
		reserve(t, p, claim(i, 4))
	}
	after, err := p.SetCapacity(t.Context(), course, 2)
	must(t, err)
	if after.Held != 4 || after.Free != 0 {
		t.Errorf("after making the capacity less: %+v", after)
	}
	for i := range 4 {
		reserve(t, p, claim(i, 4))
	}
	for i := range 2 {
		release(t, p, i, 4)
		wantFull(t, p, claim(9, 4))
	}
	release(t, p, 2, 4)
	reserve(t, p, claim(9, 4))
}

func operator(t *testing.T, p *places.Places) {
	for _, wrong := range []int{-1, places.MostPlaces + 1} {
		if _, err := p.SetCapacity(t.Context(), course, wrong); !errors.Is(err, places.ErrCapacity) {
			t.Errorf("%d places: %v", wrong, err)
		}
	}
	_, err := p.SetCapacity(t.Context(), course, 1)
	must(t, err)
	want(t, p, 10, places.Standing{Capacity: 1, Own: true, Free: 1})
	after, err := p.ClearCapacity(t.Context(), course, 10)
	must(t, err)
	if after.Free != 10 || after.Own {
		t.Errorf("after taking the number back: %+v", after)
	}
	want(t, p, places.MostPlaces*2, places.Standing{Capacity: places.MostPlaces, Free: places.MostPlaces})
}

func waiting(t *testing.T, p *places.Places) {
	reserve(t, p, claim(1, 1))
	if after := release(t, p, 1, 1); after.Reopened() {
		t.Errorf("nobody waits, and yet: %+v", after)
	}
	reserve(t, p, claim(1, 1))
	wantFull(t, p, claim(2, 1))
	for range 2 { // whoever dies before telling comes again
		if after := release(t, p, 1, 1); !after.Reopened() {
			t.Errorf("somebody waits, and yet: %+v", after)
		}
	}
	for range 2 {
		must(t, p.WaitingTold(t.Context(), course))
	}
	want(t, p, 1, places.Standing{Capacity: 1, Free: 1})
}

func fifty(t *testing.T, p *places.Places) {
	var won atomic.Int64
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			switch _, err := p.Reserve(t.Context(), claim(i, 20)); {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, places.ErrFull):
				t.Errorf("%d: %v", i, err)
			}
		})
	}
	all.Wait()
	if won.Load() != 20 {
		t.Errorf("%d won a place", won.Load())
	}
	want(t, p, 20, places.Standing{Capacity: 20, Held: 20, Waiting: true})
}

func churn(t *testing.T, p *places.Places) {
	const capacity = 3
	var holding, most atomic.Int64
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			for range 3 {
				_, err := p.Reserve(t.Context(), claim(i, capacity))
				if errors.Is(err, places.ErrFull) {
					continue
				}
				if err != nil {
					t.Errorf("%d: %v", i, err)
					return
				}
				now := holding.Add(1)
				for high := most.Load(); now > high && !most.CompareAndSwap(high, now); high = most.Load() {
				}
				holding.Add(-1) // before the release, as the place may be another's at once
				if _, err := p.Release(t.Context(), course, reference(i), capacity); err != nil {
					t.Errorf("%d: %v", i, err)
					return
				}
			}
		})
	}
	all.Wait()
	if most.Load() > capacity {
		t.Errorf("%d held a place at once", most.Load())
	}
	want(t, p, capacity, places.Standing{Capacity: capacity, Free: capacity, Waiting: standing(t, p, capacity).Waiting})
}
