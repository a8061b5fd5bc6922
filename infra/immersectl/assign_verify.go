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
	if a.profiles == "" {
		fmt.Fprintf(a.out, "valid: %d of %d places are proposed as the rule says, and no assignment is better\n"+
			"not checked: whether these are the people who asked, as --profiles is not given\n", p.Summary.Proposed, p.Summary.Places)
		return nil
	}
	again, err := a.again(&p, pack)
	if err != nil {
		return err
	}
	if !bytes.Equal(data, again) {
		return badInput("%s is not what these profiles and this catalogue give", a.verify)
	}
	fmt.Fprintf(a.out, "valid: %d of %d places are proposed as the rule says, no assignment is better, and it is what these people's "+
		"answers give\n", p.Summary.Proposed, p.Summary.Places)
	return nil
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
