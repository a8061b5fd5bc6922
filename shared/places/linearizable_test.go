package places_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/miict/immerse/shared/places"
	"github.com/miict/immerse/shared/places/placestest"
)

// An operation on a service with few places, by one of eight people.
type operation struct {
	kind string // reserve, release, capacity
	who  int
	to   int // for capacity
}

// A state of the sequential service: who holds a place as bits, and how many there are.
type state struct {
	held     uint8
	capacity int
}

func (s state) count() (n int) {
	for bits := s.held; bits != 0; bits &= bits - 1 {
		n++
	}
	return n
}

// sequential is one service as it would be if everybody came one after the other. The output says whether a place was got.
var sequential = porcupine.Model{
	Init: func() any { return state{capacity: 2} },
	Step: func(before, input, output any) (bool, any) {
		s, op, bit := before.(state), input.(operation), uint8(1)<<input.(operation).who
		switch op.kind {
		case "reserve":
			got := s.held&bit != 0 || s.count() < s.capacity
			if got {
				s.held |= bit
			}
			return output.(bool) == got, s
		case "release":
			s.held &^= bit
		case "capacity":
			s.capacity = op.to
		}
		return true, s
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v: %v", input, output) },
}

// TestConcurrentChangesAreLinearizable lets eight people reserve and release, and an operator change the capacity, all at
// once, and has porcupine look for an order of them, one after the other, that explains every answer.
func TestConcurrentChangesAreLinearizable(t *testing.T) {
	t.Parallel()
	p := placestest.New(t)
	rounds := 10
	if testing.Short() {
		rounds = 2
	}
	for round := range rounds {
		id := fmt.Sprint("service-", round)
		if _, err := p.SetCapacity(t.Context(), id, 2); err != nil {
			t.Fatal(err)
		}
		history := compete(t, p, id, uint64(round))
		if !porcupine.CheckOperations(sequential, history) {
			t.Fatalf("no order explains what was answered: %+v", history)
		}
	}
}

// compete gives what each did, when and with what answer.
func compete(t *testing.T, p *places.Places, id string, seed uint64) []porcupine.Operation {
	var mu sync.Mutex
	var history []porcupine.Operation
	begin := time.Now()
	do := func(client int, op operation) {
		called := time.Since(begin).Nanoseconds()
		got, err := apply(t, p, id, op)
		if err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		history = append(history, porcupine.Operation{ClientId: client, Input: op, Call: called, Output: got, Return: time.Since(begin).Nanoseconds()})
	}
	var all sync.WaitGroup
	for who := range 8 {
		random := rand.New(rand.NewPCG(seed, uint64(who)))
		all.Go(func() {
			for range 6 {
				do(who, operation{kind: []string{"reserve", "reserve", "release"}[random.IntN(3)], who: who})
			}
		})
	}
	all.Go(func() {
		for _, to := range []int{1, 3, 0, 2} {
			do(8, operation{kind: "capacity", to: to})
		}
	})
	all.Wait()
	return history
}

func apply(t *testing.T, p *places.Places, id string, op operation) (got bool, err error) {
	reference := fmt.Sprint(op.who)
	switch op.kind {
	case "reserve":
		_, err = p.Reserve(t.Context(), places.Claim{Service: id, Reference: reference, Until: placestest.At.Add(time.Hour)})
		if errors.Is(err, places.ErrFull) {
			return false, nil
		}
		return true, err
	case "release":
		_, err = p.Release(t.Context(), id, reference, 0)
	case "capacity":
		_, err = p.SetCapacity(t.Context(), id, op.to)
	}
	return false, err
}

// encode writes an item as readable text.
func encode(item map[string]types.AttributeValue) string {
	var plain map[string]any
	if err := attributevalue.UnmarshalMap(item, &plain); err != nil {
		return err.Error()
	}
	text, err := json.Marshal(plain)
	if err != nil {
		return err.Error()
	}
	return string(text)
}
