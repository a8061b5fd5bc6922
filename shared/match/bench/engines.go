package main

import (
	"cmp"
	"slices"
	"time"

	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/match/index"
	"github.com/miict/immerse/shared/match/internal/rank"
)

// An engine finds all matches of a person, and the best of each need.
type engine interface {
	// all gives every match, in no order, in memory that the next call uses again.
	all(profile *eligibility.Profile, at time.Time) []found
	// top gives the best k of each need with their reasons.
	top(profile *eligibility.Profile, at time.Time, k int) match.Result
}

// A finder is an engine that works on a model: it finds, and the model scores, chooses and explains.
type finder interface {
	find(p *person, list []found) []found
}

// modelled makes an engine of a finder.
type modelled struct {
	*model
	finder
	person person
	list   []found
}

func (m *modelled) all(profile *eligibility.Profile, at time.Time) []found {
	m.person.begin(m.model, profile, at)
	m.list = m.find(&m.person, m.list[:0])
	return m.list
}

func (m *modelled) top(profile *eligibility.Profile, at time.Time, k int) match.Result {
	list := m.all(profile, at)
	slices.SortFunc(list, compare)
	result := match.Result{Catalogue: m.source.Version}
	kept := map[uint8]int{}
	for _, f := range list {
		if kept[f.need]++; kept[f.need] <= k {
			result.Matches = append(result.Matches, m.explain(f))
		}
	}
	return result
}

func compare(a, b found) int {
	return cmp.Or(cmp.Compare(a.need, b.need), cmp.Compare(b.verdict, a.verdict), cmp.Compare(b.points, a.points),
		cmp.Compare(a.service, b.service))
}

// explain gives the reasons of the rules; what the offer itself is like costs little beside it and is left out.
func (m *modelled) explain(f found) match.Match {
	r := &m.services[f.service]
	explained := eligibility.Compile(r.service.Immerse.Eligibility).Evaluate(&m.person.facts)
	return match.Match{
		Service: r.id, Need: m.person.profile.Needs[f.need], Verdict: explained.Verdict, Missing: explained.Missing,
		Score: float64(f.points) / 10000, Reasons: explained.Reasons,
	}
}

// plain goes over every service as it stands in the catalogue, with what the packages give: the scan that one writes first.
type plain struct {
	*model
	rules []*eligibility.Rules
}

func newPlain(m *model) plain {
	p := plain{model: m}
	for i := range m.services {
		p.rules = append(p.rules, eligibility.Compile(m.services[i].service.Immerse.Eligibility))
	}
	return p
}

func (s plain) find(p *person, list []found) []found {
	regions := s.source.Areas.Ancestors(p.profile.Residence.Region)
	in := func(wanted, has []string) bool {
		return slices.ContainsFunc(wanted, func(code string) bool { return slices.Contains(has, code) })
	}
	for i := range s.services {
		service := s.services[i].service
		if !in(p.profile.Needs, service.Immerse.Needs) || !in(regions, service.Immerse.Areas) && !service.Immerse.Online {
			continue
		}
		if day, ok := service.Assured(); ok {
			if _, fresh := rank.Freshness(day, s.today); !fresh {
				continue
			}
		}
		if judged := s.rules[i].Judge(&p.facts); judged.Verdict != eligibility.False {
			list = p.add(list, uint32(i), judged.Verdict, judged.Clause)
		}
	}
	return list
}

// scan goes over every record: the scan of somebody who has thought about it.
type scan struct{ *model }

func (s scan) find(p *person, list []found) []found {
	for i := range s.services {
		r := &s.services[i]
		if r.needs&p.needMask == 0 || s.fresh[r.date] < 0 || p.place(r) < 0 {
			continue
		}
		if verdict, decides := p.judge(r); verdict != eligibility.False {
			list = p.add(list, uint32(i), verdict, decides)
		}
	}
	return list
}

// ours is the engine of package index.
type ours struct {
	*index.Engine
	found []index.Found
	list  []found
}

func (o *ours) all(profile *eligibility.Profile, at time.Time) []found {
	o.found = o.Append(o.found[:0], profile, at)
	return nil
}

// translated gives what was found last in the form of the others.
func (o *ours) translated() []found {
	o.list = o.list[:0]
	for _, f := range o.found {
		o.list = append(o.list, found{f.Service(), uint8(f.Need()), f.Verdict(), uint16(f.Score()*10000 + 0.5)})
	}
	return o.list
}

func (o *ours) top(profile *eligibility.Profile, at time.Time, k int) match.Result {
	return o.Top(*profile, at, k)
}

// linear is the engine that Immerse had before: it goes over the services of the person's needs, and explains all.
type linear struct{ *match.Linear }

func (l linear) all(profile *eligibility.Profile, at time.Time) []found {
	l.Match(*profile, at)
	return nil
}

func (l linear) top(profile *eligibility.Profile, at time.Time, k int) match.Result {
	return match.Limit(l.Match(*profile, at), k)
}
