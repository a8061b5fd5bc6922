package assign_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/miict/immerse/shared/assign"
	"github.com/miict/immerse/shared/assign/certificate"
)

const batch = "test"

// problem draws a problem small enough to try every assignment, full of ties and of floors that can't be kept.
func problem(requests, services int) *rapid.Generator[*assign.Problem] {
	return rapid.Custom(func(t *rapid.T) *assign.Problem {
		p := &assign.Problem{
			Places: rapid.SliceOfN(rapid.IntRange(1, 3), 1, services).Draw(t, "places"),
			Floors: rapid.SliceOfN(rapid.IntRange(0, 3), 1, 3).Draw(t, "floors"),
		}
		most := rapid.SampledFrom([]int32{0, 2, 100}).Draw(t, "most points")
		for i := range rapid.IntRange(0, requests).Draw(t, "requests") {
			r := assign.Request{Group: rapid.IntRange(0, len(p.Floors)-1).Draw(t, "group")}
			for j := range p.Places {
				if rapid.IntRange(0, 2).Draw(t, "option") > 0 {
					r.Options = append(r.Options, option(i, j, rapid.Int32Range(0, most).Draw(t, "points")))
				}
			}
			p.Requests = append(p.Requests, r)
		}
		return p
	})
}

func option(request, service int, points int32) assign.Option {
	lot := certificate.Lot(batch, strconv.Itoa(request), strconv.Itoa(service))
	return assign.Option{Service: int32(service), Points: points, Lot: lot}
}

// exhaustive tries every assignment.
func exhaustive(p *assign.Problem) assign.Value {
	taken, placed := make([]int, len(p.Places)), make([]int, len(p.Floors))
	best := assign.Value{-1}
	var try func(i int, worth assign.Value)
	try = func(i int, worth assign.Value) {
		if i == len(p.Requests) {
			for g, floor := range p.Floors {
				worth[assign.Guaranteed] += int64(min(floor, placed[g]))
			}
			if best.Less(worth) {
				best = worth
			}
			return
		}
		try(i+1, worth)
		for _, o := range p.Requests[i].Options {
			if taken[o.Service] == p.Places[o.Service] {
				continue
			}
			taken[o.Service]++
			placed[p.Requests[i].Group]++
			try(i+1, assign.Value{worth[0], worth[1] + 1, worth[2] + int64(o.Points), worth[3] - o.Lot})
			taken[o.Service]--
			placed[p.Requests[i].Group]--
		}
	}
	try(0, assign.Value{})
	return best
}

// claim writes a solution down as the checker reads it.
func claim(p *assign.Problem, s *assign.Solution) certificate.Round {
	var r certificate.Round
	for j, places := range p.Places {
		r.Services = append(r.Services, certificate.Service{ID: strconv.Itoa(j), Places: places, Price: certificate.Value(s.ServicePrices[j])})
	}
	for g, floor := range p.Floors {
		r.Groups = append(r.Groups, certificate.Group{ID: strconv.Itoa(g), Floor: floor, Price: certificate.Value(s.GroupPrices[g])})
	}
	for i, request := range p.Requests {
		q := certificate.Request{Reference: strconv.Itoa(i), Group: strconv.Itoa(request.Group)}
		for k, o := range request.Options {
			service := strconv.Itoa(int(o.Service))
			q.Options = append(q.Options, certificate.Option{Service: service, Points: int64(o.Points)})
			if k == s.Chosen[i] {
				q.Service = service
			}
		}
		r.Requests = append(r.Requests, q)
	}
	return r
}

func solve(t rapid.TB, p *assign.Problem) *assign.Solution {
	t.Helper()
	s, err := assign.Solve(p)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSolveIsTheBest holds the value found to every assignment there is, and the prices to the checker.
func TestSolveIsTheBest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := problem(7, 3).Draw(t, "problem")
		s := solve(t, p)
		if best := exhaustive(p); s.Value != best {
			t.Fatalf("%v was found, and %v is possible", s.Value, best)
		}
		if err := certificate.Check(batch, claim(p, s)); err != nil {
			t.Fatal(err)
		}
	})
}

// TestLargerProblemsAreProved: what can't be tried out is proved.
func TestLargerProblemsAreProved(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := problem(60, 12).Draw(t, "problem")
		if err := certificate.Check(batch, claim(p, solve(t, p))); err != nil {
			t.Fatal(err)
		}
	})
}

// TestTheOrderDoesNotMatter: whoever stands first in the inbox has nothing of it.
func TestTheOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := problem(20, 4).Draw(t, "problem")
		order := rapid.Permutation(indexes(len(p.Requests))).Draw(t, "order")
		mixed := &assign.Problem{Places: p.Places, Floors: p.Floors}
		for _, i := range order {
			mixed.Requests = append(mixed.Requests, p.Requests[i])
		}
		before, after := solve(t, p), solve(t, mixed)
		for at, i := range order {
			if before.Chosen[i] != after.Chosen[at] {
				t.Fatalf("request %d got option %d, and in another order %d", i, before.Chosen[i], after.Chosen[at])
			}
		}
	})
}

func indexes(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

func TestSolveRefusesNonsense(t *testing.T) {
	t.Parallel()
	one := func(r assign.Request) *assign.Problem {
		return &assign.Problem{Places: []int{1}, Floors: []int{0}, Requests: []assign.Request{r}}
	}
	for name, p := range map[string]*assign.Problem{
		"no places":      {Places: []int{0}},
		"a floor below":  {Floors: []int{-1}},
		"no such group":  one(assign.Request{Group: 1}),
		"no service":     one(assign.Request{Options: []assign.Option{{Service: 1}}}),
		"the same twice": one(assign.Request{Options: []assign.Option{{}, {}}}),
		"points below":   one(assign.Request{Options: []assign.Option{{Points: -1}}}),
		"a lot too high": one(assign.Request{Options: []assign.Option{{Lot: assign.MaxLot + 1}}}),
	} {
		if _, err := assign.Solve(p); !errors.Is(err, assign.ErrProblem) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestALargeBatchIsProved: thousands of people who want the same services, with floors that compete.
func TestALargeBatchIsProved(t *testing.T) {
	t.Parallel()
	p := large(2_000, 100, 10, 0.3)
	for i := range p.Requests { // the checker draws the lots itself
		for k, o := range p.Requests[i].Options {
			p.Requests[i].Options[k] = option(i, int(o.Service), o.Points)
		}
	}
	s := solve(t, p)
	if err := certificate.Check(batch, claim(p, s)); err != nil {
		t.Fatal(err)
	}
	if s.Value[assign.Placed] != 1_000 {
		t.Errorf("%d of 1000 places are filled", s.Value[assign.Placed])
	}
}

// large is a batch of a whole country: everybody fits nearly everywhere, and everybody wants the same services.
func large(requests, services, places int, density float64) *assign.Problem {
	random := rand.New(rand.NewPCG(1, 2))
	p := &assign.Problem{}
	liked := make([]int32, services)
	for j := range services {
		p.Places = append(p.Places, places)
		liked[j] = random.Int32N(5_000)
	}
	for range 8 {
		p.Floors = append(p.Floors, places*services/16)
	}
	for range requests {
		r := assign.Request{Group: random.IntN(len(p.Floors))}
		for j := range services {
			if random.Float64() < density {
				r.Options = append(r.Options, assign.Option{
					Service: int32(j), Points: liked[j] + random.Int32N(5_000), Lot: random.Int64N(assign.MaxLot),
				})
			}
		}
		p.Requests = append(p.Requests, r)
	}
	return p
}

func BenchmarkSolve(b *testing.B) {
	for _, size := range []struct {
		requests, services, places int
		density                    float64
	}{{300, 1, 20, 1}, {300, 20, 10, 0.5}, {10_000, 500, 10, 0.05}, {10_000, 500, 10, 1}, {10_000, 500, 25, 1}} {
		b.Run(fmt.Sprintf("%dx%d of %d at %.2f", size.requests, size.services, size.places, size.density), func(b *testing.B) {
			p := large(size.requests, size.services, size.places, size.density)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := assign.Solve(p); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
