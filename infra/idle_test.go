package main

import (
	"fmt"
	"strings"
	"testing"
)

// idleBudget is what a country may cost in a month in which nobody asks, in US dollars, with the free tiers of its account.
const idleBudget = 5.0

// TestAnIdleCountryCostsWhatTheRunbookSays reckons from the templates what costs while nobody asks, at the prices that
// docs/operations.md names: alarms, the key, and Lambda's polling of the queues that it feeds functions from.
func TestAnIdleCountryCostsWhatTheRunbookSays(t *testing.T) {
	main, mail := readTemplate("testdata/Immerse-ES.template.json"), readTemplate("testdata/Immerse-ES-Mail.template.json")
	alarms, abroad := len(main.of("AWS::CloudWatch::Alarm")), len(mail.of("AWS::CloudWatch::Alarm"))
	queues := len(main.of("AWS::Lambda::EventSourceMapping"))
	const monthly = 5 * 3 * 60 * 24 * 30 / 1e6 // millions of requests: five polls of 20 seconds at a time
	site := 0.01
	paid := float64(len(main.of("AWS::KMS::Key"))) + 0.10*float64(alarms+abroad-10) + 0.40*(monthly*float64(queues)-1) + site
	if paid >= idleBudget {
		t.Errorf("an idle country costs %.2f a month, more than %.2f", paid, idleBudget)
	}
	runbook := readFile("../docs/operations.md")
	for _, says := range []string{
		fmt.Sprintf("| alarms | %d + %d in the mail region |", alarms, abroad), fmt.Sprintf("| polling %d queues", queues), fmt.Sprintf("**%.2f** |", paid),
	} {
		if !strings.Contains(runbook, says) {
			t.Errorf("the runbook doesn't say %q", says)
		}
	}
}
