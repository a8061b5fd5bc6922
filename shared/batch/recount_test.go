package batch_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"testing"

	"pgregory.net/rapid"

	"github.com/miict/immerse/shared/assign/certificate"
	"github.com/miict/immerse/shared/batch"
)

// checked is what a file says to whoever has nothing but the file.
func checked(data []byte) error {
	if err := certificate.CheckProposal(data); err != nil {
		return err
	}
	var p batch.Proposal
	if err := json.Unmarshal(data, &p); err != nil {
		return err
	}
	return p.Recount()
}

func TestAnyProposalIsRecounted(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := draw(t)
		if err := checked(encoded(t, propose(t, engine(t, d.source), d.call, d.people))); err != nil {
			t.Fatal(err)
		}
	})
}

// unchecked is all that a file by itself can't prove, and immersectl says so: the call, who asked, and what they answered,
// as far as another answer would give the same places. Other prices may prove as much.
var unchecked = regexp.MustCompile(`^\.(at|catalogue|needs\.\d+|rule\.(floor_by\.\d+|floor_percent)|summary\.people|groups\.\d+\.(asked|why\..*)|` +
	`rounds\.\d\.groups\.\d+\.price\.\d|rounds\.\d\.requests\.\d+\.options\.\d+\.points|` +
	`outcomes\.\d+\.(reference|reasons\.\d+\..*))$`)

// TestWhateverIsChangedIsSeen changes every number and every text of a proposal, one after the other.
func TestWhateverIsChangedIsSeen(t *testing.T) {
	t.Parallel()
	e, call, people := course(t, 40, 6)
	data := encoded(t, propose(t, e, call, people))
	if err := checked(data); err != nil {
		t.Fatal(err)
	}
	var root any
	if err := json.Unmarshal(data, &root); err != nil {
		t.Fatal(err)
	}
	seen := 0
	try := func(path string) {
		changed, err := json.Marshal(root)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case checked(changed) != nil:
			seen++
		case !unchecked.MatchString(path):
			t.Errorf("%s was changed, unseen", path)
		}
	}
	leaves(root, "", func(any) {}, try)
	if seen < 200 {
		t.Errorf("only %d changes were seen", seen)
	}
}

// leaves sets each leaf to another value, tries, and sets it back.
func leaves(at any, path string, set func(any), try func(path string)) {
	switch value := at.(type) {
	case map[string]any:
		for key, inner := range value {
			leaves(inner, path+"."+key, func(v any) { value[key] = v }, try)
		}
	case []any:
		for i, inner := range value {
			leaves(inner, fmt.Sprintf("%s.%d", path, i), func(v any) { value[i] = v }, try)
		}
	case float64:
		set(value + 1)
		try(path)
		set(value)
	case string:
		set(value + "x")
		try(path)
		set(value)
	}
}
