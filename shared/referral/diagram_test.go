package referral_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/miict/immerse/shared/referral"
)

var update = flag.Bool("update", false, "write docs/referral.md anew")

const document = "../../docs/referral.md"

// TestDocument holds docs/referral.md to what the package does: its diagram is found by trying every act and every
// report in every state. `go test ./shared/referral -update` writes it.
func TestDocument(t *testing.T) {
	want := describe(t)
	if *update {
		if err := os.WriteFile(document, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(document)
	if err != nil || string(got) != want {
		t.Errorf("%s is not what the package does (%v): `go test ./shared/referral -update` writes it anew", document, err)
	}
}

func describe(t *testing.T) string {
	var out strings.Builder
	out.WriteString("# The life of a referral\n\nMade from package `shared/referral` by its test; don't edit.\n\n```mermaid\nstateDiagram-v2\n    [*] --> created\n")
	for _, edge := range edges(t) {
		fmt.Fprintf(&out, "    %s\n", edge)
	}
	for _, state := range referral.States {
		if state.Final() {
			fmt.Fprintf(&out, "    %s --> [*]\n", state)
		}
	}
	out.WriteString("```\n\nWhile nobody has decided, the state is the best that any of the mails came to. Reports of a mail's way are a set:\n")
	out.WriteString("late, repeated or in another order they come to the same state.\n\n| a mail of which was reported | is |\n|---|---|\n")
	for _, fact := range referral.AllFacts {
		fmt.Fprintf(&out, "| `%s` | %s |\n", fact, referral.Known(fact).State())
	}
	auto := referral.Known(referral.TransientBounce, referral.Arrived)
	gone := referral.Known(referral.Arrived, referral.PermanentBounce)
	fmt.Fprintf(&out, "| `%s` | %s: an automatic reply |\n", strings.Join(auto.Codes(), "` and `"), auto.State())
	fmt.Fprintf(&out, "| `%s` | %s: the server took it before it looked for the mailbox |\n", strings.Join(gone.Codes(), "` and `"), gone.State())
	out.WriteString("\n| step | by | from | to | outcomes | reasons |\n|---|---|---|---|---|---|\n")
	for _, step := range referral.Transitions {
		fmt.Fprintf(&out, "| %s | %s | %s | %s | %s | %s |\n", step.Verb, step.By, join(step.From), step.To, join(step.Outcomes), reasons(step))
	}
	fmt.Fprintf(&out, "\nWhy one has expired is found, not given: %s.\n", join(referral.ExpireReasons))
	return out.String()
}

func reasons(step referral.Transition) string {
	words := join(step.Reasons)
	for outcome, why := range step.Why {
		words += outcome + " because: " + join(why)
	}
	return words
}

func join[T ~string](words []T) string {
	plain := make([]string, len(words))
	for i, word := range words {
		plain[i] = string(word)
	}
	return strings.Join(plain, ", ")
}

// edges tries everything in every state. Reports that leave a referral where it is are not drawn.
func edges(t *testing.T) []string {
	var drawn []string
	states := in(t)
	for _, state := range referral.States {
		labels, order := map[referral.State][]string{}, []referral.State{}
		add := func(to referral.State, label string) {
			if to == state || strings.Contains(" "+strings.Join(labels[to], " ")+" ", " "+label+" ") {
				return
			}
			if labels[to] == nil {
				order = append(order, to)
			}
			labels[to] = append(labels[to], label)
		}
		for _, fact := range referral.AllFacts {
			add(states[state].Heard("first", referral.Known(fact)).State(), string(fact))
		}
		if state == referral.Bounced {
			for _, fact := range []referral.Fact{referral.HandedOver, referral.Arrived} {
				add(states[state].Heard("fallback", referral.Known(fact)).State(), "fallback_"+string(fact))
			}
		}
		for _, act := range acts() {
			if next, err := states[state].Decide(act); err == nil {
				add(next.State(), string(act.Verb()))
			}
		}
		for _, to := range order {
			drawn = append(drawn, fmt.Sprintf("%s --> %s: %s", state, to, strings.Join(labels[to], ", ")))
		}
	}
	return drawn
}
