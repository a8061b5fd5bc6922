package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/miict/immerse/shared/assign/certificate"
	"github.com/miict/immerse/shared/batch"
	"github.com/miict/immerse/shared/country"
)

// unchecked is all that a proposal can't prove by itself.
const unchecked = `not checked without --profiles:
- whether these are the people who asked, how many they are, what they ask for, and their points and groups
- whether catalogue is the version it was made with
- how many of each group asked, and why nobody of a group qualifies
- the reasons from people's answers: what fits, what is missing and what is still to be checked
- the order of those who are still to be checked, where no place was left for them
never checked, as the call itself says it: at, needs, places, floor_by and floor_percent
`

func encodeProposal(p *batch.Proposal) ([]byte, error) {
	var text bytes.Buffer
	if err := printJSON(&text, p); err != nil {
		return nil, err
	}
	return text.Bytes(), nil
}

// check checks a proposal from its certificate, and with the people at hand also that it is the one that they give.
func (a *assigner) check(pack *country.Pack) error {
	data, err := os.ReadFile(a.verify)
	if err != nil {
		return badInput("%v", err)
	}
	if err := certificate.CheckProposal(data); err != nil {
		return badInput("%s is not valid:\n%v", a.verify, err)
	}
	var p batch.Proposal
	if err := json.Unmarshal(data, &p); err != nil {
		return badInput("%s: %v", a.verify, err)
	}
	if err := p.Recount(); err != nil {
		return badInput("%s is not valid:\n%v", a.verify, err)
	}
	if a.profiles == "" {
		_, err := fmt.Fprintf(a.out, "valid: %d of %d places are proposed as the rule says, no assignment is better, and the summary, the "+
			"groups' places and the waiting lists are what follows\n%s", p.Summary.Proposed, p.Summary.Places, unchecked)
		return written(err)
	}
	again, err := a.again(&p, pack)
	if err != nil {
		return err
	}
	if !bytes.Equal(data, again) {
		return badInput("%s is not what these profiles and this catalogue give", a.verify)
	}
	_, err = fmt.Fprintf(a.out, "valid: %d of %d places are proposed as the rule says, no assignment is better, and it is what these people's "+
		"answers give\ntaken from the file: the terms of the call (%s, at %s, its needs, places and floors)\n", p.Summary.Proposed, p.Summary.Places, p.Batch, p.At)
	return written(err)
}

// again makes a proposal anew from what it says of its call.
func (a *assigner) again(p *batch.Proposal, pack *country.Pack) ([]byte, error) {
	at, err := time.Parse(time.RFC3339, p.At)
	if err != nil {
		return nil, badInput("%s: at: %v", a.verify, err)
	}
	call := batch.Call{
		ID: p.Batch, At: at, Places: map[string]int{}, Needs: p.Needs, FloorBy: p.Rule.FloorBy, FloorPercent: p.Rule.FloorPercent,
	}
	for _, s := range p.Places {
		call.Places[s.Service] = s.Places
		a.services = append(a.services, s.Service)
	}
	a.services = slices.Compact(slices.Sorted(slices.Values(a.services)))
	source, err := a.source(pack)
	if err != nil {
		return nil, err
	}
	if err := a.only(&source); err != nil {
		return nil, err
	}
	anew, err := a.propose(source, call)
	if err != nil {
		return nil, err
	}
	return encodeProposal(anew)
}
