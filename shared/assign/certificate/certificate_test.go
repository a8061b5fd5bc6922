package certificate_test

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/miict/immerse/shared/assign"
	"github.com/miict/immerse/shared/assign/certificate"
)

const batch = "course-2026-11"

// round draws a small problem by names and lets the solver fill in choices and prices.
func round(t *rapid.T) certificate.Round {
	var r certificate.Round
	p := &assign.Problem{}
	for _, id := range []string{"s0", "s1", "s2"}[:rapid.IntRange(1, 3).Draw(t, "services")] {
		places := rapid.IntRange(1, 2).Draw(t, "places")
		p.Places = append(p.Places, places)
		r.Services = append(r.Services, certificate.Service{ID: id, Places: places})
	}
	for _, id := range []string{"g0", "g1"} {
		floor := rapid.IntRange(0, 2).Draw(t, "floor")
		p.Floors = append(p.Floors, floor)
		r.Groups = append(r.Groups, certificate.Group{ID: id, Floor: floor})
	}
	for _, reference := range []string{"a", "b", "c", "d", "e", "f"}[:rapid.IntRange(1, 6).Draw(t, "requests")] {
		group := rapid.IntRange(0, 1).Draw(t, "group")
		q, request := certificate.Request{Reference: reference, Group: r.Groups[group].ID}, assign.Request{Group: group}
		for j, s := range r.Services {
			if rapid.Bool().Draw(t, "option") {
				points := rapid.Int64Range(0, 4).Draw(t, "points")
				q.Options = append(q.Options, certificate.Option{Service: s.ID, Points: points})
				request.Options = append(request.Options, assign.Option{
					Service: int32(j), Points: int32(points), Lot: certificate.Lot(batch, reference, s.ID),
				})
			}
		}
		r.Requests, p.Requests = append(r.Requests, q), append(p.Requests, request)
	}
	solved, err := assign.Solve(p)
	if err != nil {
		t.Fatal(err)
	}
	for i, chosen := range solved.Chosen {
		if chosen != assign.None {
			r.Requests[i].Service = r.Requests[i].Options[chosen].Service
		}
	}
	for j := range r.Services {
		r.Services[j].Price = certificate.Value(solved.ServicePrices[j])
	}
	for g := range r.Groups {
		r.Groups[g].Price = certificate.Value(solved.GroupPrices[g])
	}
	return r
}

// outcome is a choice for every request; worth is false when it breaks a rule.
func worth(r certificate.Round, outcome []string) (total assign.Value, valid bool) {
	taken, placed := map[string]int{}, map[string]int{}
	for i, q := range r.Requests {
		if outcome[i] == "" {
			continue
		}
		found := false
		for _, o := range q.Options {
			if o.Service == outcome[i] {
				found = true
				total[1]++
				total[2] += o.Points
				total[3] -= certificate.Lot(batch, q.Reference, o.Service)
			}
		}
		if !found {
			return total, false
		}
		taken[outcome[i]]++
		placed[q.Group]++
	}
	for _, s := range r.Services {
		if taken[s.ID] > s.Places {
			return total, false
		}
	}
	for _, g := range r.Groups {
		total[0] += int64(min(g.Floor, placed[g.ID]))
	}
	return total, true
}

// best tries every outcome.
func best(r certificate.Round) (highest assign.Value) {
	outcome := make([]string, len(r.Requests))
	var try func(i int)
	try = func(i int) {
		if i == len(outcome) {
			if total, valid := worth(r, outcome); valid && highest.Less(total) {
				highest = total
			}
			return
		}
		outcome[i] = ""
		try(i + 1)
		for _, o := range r.Requests[i].Options {
			outcome[i] = o.Service
			try(i + 1)
		}
	}
	try(0)
	return highest
}

func isBest(r certificate.Round) bool {
	outcome := make([]string, len(r.Requests))
	for i, q := range r.Requests {
		outcome[i] = q.Service
	}
	total, valid := worth(r, outcome)
	return valid && total == best(r)
}

// mutate changes one thing in a round.
func mutate(t *rapid.T, r *certificate.Round) {
	q := &r.Requests[rapid.IntRange(0, len(r.Requests)-1).Draw(t, "request")]
	s := &r.Services[rapid.IntRange(0, len(r.Services)-1).Draw(t, "service")]
	g := &r.Groups[rapid.IntRange(0, len(r.Groups)-1).Draw(t, "group")]
	part := rapid.IntRange(0, 3).Draw(t, "part")
	change := rapid.SampledFrom([]int64{-1, 1}).Draw(t, "change")
	switch rapid.IntRange(0, 7).Draw(t, "mutation") {
	case 0:
		q.Service = ""
	case 1:
		q.Service = s.ID
	case 2:
		other := &r.Requests[rapid.IntRange(0, len(r.Requests)-1).Draw(t, "other")]
		q.Service, other.Service = other.Service, q.Service
	case 3:
		s.Places += int(change)
	case 4:
		s.Price[part] += change
	case 5:
		g.Price[part] += change
	case 6:
		g.Floor += int(change)
	case 7:
		if len(q.Options) > 0 {
			q.Options[rapid.IntRange(0, len(q.Options)-1).Draw(t, "option")].Points += change
		}
	}
}

// TestOnlyTheBestPasses: whatever is changed in a proposal, the checker accepts it only where it still is the best.
func TestOnlyTheBestPasses(t *testing.T) {
	t.Parallel()
	refused := 0
	rapid.Check(t, func(t *rapid.T) {
		r := round(t)
		if err := certificate.Check(batch, r); err != nil {
			t.Fatalf("what the solver gives is refused: %v", err)
		}
		for range rapid.IntRange(1, 3).Draw(t, "mutations") {
			mutate(t, &r)
		}
		err := certificate.Check(batch, r)
		if err == nil && !isBest(r) {
			t.Fatalf("accepted, though it is not the best: %+v", r)
		}
		if err != nil {
			refused++
		}
	})
	if refused == 0 {
		t.Error("no mutation was refused")
	}
}

// TestEveryPerturbedChoiceIsRefused: with the prices as they are, every other outcome is refused, however close.
func TestEveryPerturbedChoiceIsRefused(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := round(t)
		changed := false
		for i := range r.Requests {
			options := []string{""}
			for _, o := range r.Requests[i].Options {
				options = append(options, o.Service)
			}
			other := rapid.SampledFrom(options).Draw(t, "other")
			changed = changed || other != r.Requests[i].Service
			r.Requests[i].Service = other
		}
		if err := certificate.Check(batch, r); (err == nil) == changed {
			t.Fatalf("changed: %v; the checker says: %v", changed, err)
		}
	})
}

// course is two people for one place, with its proof. The lots of a and b decide nothing: the points do.
func course() certificate.Round {
	lot := certificate.Lot(batch, "b", "s")
	return certificate.Round{
		Services: []certificate.Service{{ID: "s", Places: 1, Price: certificate.Value{0, 1, 50, -lot}}},
		Groups:   []certificate.Group{{ID: "g", Floor: 0}},
		Requests: []certificate.Request{
			{Reference: "a", Group: "g", Options: []certificate.Option{{Service: "s", Points: 70}}, Service: "s"},
			{Reference: "b", Group: "g", Options: []certificate.Option{{Service: "s", Points: 50}}},
		},
	}
}

func TestWhatIsWrongIsNamed(t *testing.T) {
	t.Parallel()
	if err := certificate.Check(batch, course()); err != nil {
		t.Fatal(err)
	}
	for want, change := range map[string]func(*certificate.Round){
		"2 people for 1 places":       func(r *certificate.Round) { r.Requests[1].Service = "s" },
		"none of the options":         func(r *certificate.Round) { r.Requests[0].Service = "t" },
		"could gain more":             func(r *certificate.Round) { r.Requests[0].Service = ""; r.Requests[1].Service = "s" },
		"has a price and free places": func(r *certificate.Round) { r.Requests[0].Service = "" },
		"asks twice":                  func(r *certificate.Round) { r.Requests[1].Reference = "a" },
		"is not listed":               func(r *certificate.Round) { r.Requests[1].Group = "h" },
		"stands twice": func(r *certificate.Round) {
			o := r.Requests[0].Options[0]
			r.Requests[0].Options = append(r.Requests[0].Options, o)
		},
		"-1 points":                                func(r *certificate.Round) { r.Requests[0].Options[0].Points = -1 },
		"service \"s\": its id is not its own":     func(r *certificate.Round) { r.Services = append(r.Services, r.Services[0]) },
		"group \"g\": its id is not its own":       func(r *certificate.Round) { r.Groups[0].Price = certificate.Value{0, 0, -1, 5} },
		"service \"s\": its id":                    func(r *certificate.Round) { r.Services[0].Price[2] = 1 << 60 },
		"has a price, and more places":             func(r *certificate.Round) { r.Groups[0].Price = certificate.Value{0, 0, 1, 0} },
		"is short of its floor, and its price doe": func(r *certificate.Round) { r.Groups[0].Floor = 2 },
	} {
		r := course()
		change(&r)
		if err := certificate.Check(batch, r); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %v", want, err)
		}
	}
}

// TestLotsAreOfTheirBatch: of two equals the lower lot has the place, and in half of all other batches it is the other one's.
func TestLotsAreOfTheirBatch(t *testing.T) {
	t.Parallel()
	refused := 0
	for _, name := range strings.Split("abcdefghijklmnopqrst", "") {
		tie := course()
		tie.Requests[0].Options[0].Points = 50
		lots := []int64{certificate.Lot(batch, "a", "s"), certificate.Lot(batch, "b", "s")}
		if lots[1] < lots[0] {
			tie.Requests[0].Service, tie.Requests[1].Service = "", "s"
		}
		tie.Services[0].Price[3] = -max(lots[0], lots[1])
		if err := certificate.Check(batch, tie); err != nil {
			t.Fatal(err)
		}
		if certificate.Check(name, tie) != nil {
			refused++
		}
	}
	if refused < 3 || refused == 20 {
		t.Errorf("%d of 20 other batches refuse the winner", refused)
	}
}

// FuzzCheck: a file from anywhere is refused or is right, and never a panic.
func FuzzCheck(f *testing.F) {
	seed, err := json.Marshal(course())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	f.Add([]byte(`{"services":[{"id":"s","places":1,"price":[9223372036854775807,0,0,0]}],"groups":[{"id":""}],"requests":[{}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var r certificate.Round
		if json.Unmarshal(data, &r) != nil {
			return
		}
		if certificate.Check(batch, r) == nil && len(r.Requests) < 6 && len(r.Services) < 4 && !isBest(r) {
			t.Fatalf("accepted, though it is not the best: %s", data)
		}
	})
}
