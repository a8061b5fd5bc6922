package batch

import (
	"cmp"
	"slices"

	"github.com/miict/immerse/shared/eligibility"
)

// outcomes says what is proposed for each request, in the order of references and of each person's needs.
func (p *proposer) outcomes() []Outcome {
	l := p.lists()
	outcomes := make([]Outcome, 0, len(p.all))
	for _, request := range p.all {
		o := Outcome{Reference: request.reference, Need: request.need}
		switch {
		case request.given != nil:
			o.State, o.Service = Proposed, request.given.service
			o.Reasons = l.proposed(request)
		case len(request.offers) > 0:
			o.State = Waiting
			for i := range request.offers {
				o.Waiting = append(o.Waiting, Position{request.offers[i].service, l.position[&request.offers[i]]})
			}
			o.Reasons = l.waitingReasons(request, p.call.Places)
		default:
			o.State, o.Reasons = NoMatch, request.missed
		}
		outcomes = append(outcomes, o)
	}
	return outcomes
}

// waiter is somebody who waits for a place of a service.
type waiter struct {
	reference string
	offer     *offer
}

// key is what two offers of a service have in common when only the lot can decide between them.
type key struct {
	service string
	sure    bool
	points  int64
}

// lists are who has a place and who waits, by service.
type lists struct {
	position      map[*offer]int // in the waiting list, from 1
	given, waited map[key]bool
	surely        map[string]bool // services of which somebody surely qualifying has a place
}

func (p *proposer) lists() lists {
	l := lists{map[*offer]int{}, map[key]bool{}, map[key]bool{}, map[string]bool{}}
	waiting := map[string][]waiter{}
	for _, request := range p.all {
		if o := request.given; o != nil {
			l.given[key{o.service, o.sure, o.points}] = true
			l.surely[o.service] = l.surely[o.service] || o.sure
			continue
		}
		for i := range request.offers {
			o := &request.offers[i]
			waiting[o.service] = append(waiting[o.service], waiter{request.reference, o})
			l.waited[key{o.service, o.sure, o.points}] = true
		}
	}
	for _, list := range waiting {
		slices.SortFunc(list, before)
		for i, w := range list {
			l.position[w.offer] = i + 1
		}
	}
	return l
}

// before is the order of a waiting list: surely qualifying first, then by points, then by lot.
func before(a, b waiter) int {
	if a.offer.sure != b.offer.sure {
		if a.offer.sure {
			return -1
		}
		return 1
	}
	return cmp.Or(cmp.Compare(b.offer.points, a.offer.points), cmp.Compare(a.offer.lot, b.offer.lot),
		cmp.Compare(a.reference, b.reference))
}

// proposed says why a request has its place.
func (l lists) proposed(request *asked) []eligibility.Reason {
	o := request.given
	code := ReasonFit
	if request.round == eligibility.True && !request.free {
		code = ReasonFloor
	}
	reasons := []eligibility.Reason{{Code: code}}
	if l.waited[key{o.service, o.sure, o.points}] {
		reasons = append(reasons, about(ReasonLot, o.service))
	}
	return append(reasons, o.reasons...)
}

// waitingReasons says why a request has none, and what is still to be checked.
func (l lists) waitingReasons(request *asked, places map[string]int) []eligibility.Reason {
	var reasons []eligibility.Reason
	if request.free {
		reasons = append(reasons, eligibility.Reason{Code: ReasonFullFloor})
	}
	for _, o := range request.offers {
		full := about(ReasonFull, o.service)
		full.Params["places"] = places[o.service]
		reasons = append(reasons, full)
		if !o.sure && l.surely[o.service] {
			reasons = append(reasons, about(ReasonSureFirst, o.service))
		}
		if l.given[key{o.service, o.sure, o.points}] {
			reasons = append(reasons, about(ReasonFullLot, o.service))
		}
	}
	for _, o := range request.offers {
		for _, reason := range o.reasons {
			if reason.Code == eligibility.ReasonToCheck && !contains(reasons, reason) {
				reasons = append(reasons, reason)
			}
		}
	}
	return reasons
}

func about(code, service string) eligibility.Reason {
	return eligibility.Reason{Code: code, Params: eligibility.Params{"service": service}}
}

func contains(reasons []eligibility.Reason, one eligibility.Reason) bool {
	return slices.ContainsFunc(reasons, func(r eligibility.Reason) bool {
		return r.Code == one.Code && r.Params["field"] == one.Params["field"]
	})
}
