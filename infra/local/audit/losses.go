package audit

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/miict/immerse/functions/feedback"
	"github.com/miict/immerse/functions/figures"
	"github.com/miict/immerse/functions/followup"
	"github.com/miict/immerse/functions/hsds"
	"github.com/miict/immerse/functions/intake"
	"github.com/miict/immerse/functions/matching"
	"github.com/miict/immerse/functions/notification"
	"github.com/miict/immerse/functions/percolation"
	"github.com/miict/immerse/functions/referral"
	"github.com/miict/immerse/infra/local/iam"
	"github.com/miict/immerse/infra/local/laptop"
)

// configurations are what reads each function's environment.
var configurations = map[string]func(getenv func(string) string) error{
	"feedback":     ignore(feedback.Load),
	"figures":      ignore(figures.Load),
	"followup":     ignore(followup.Load),
	"hsds":         ignore(hsds.Load),
	"intake":       ignore(intake.Load),
	"matching":     ignore(matching.Load),
	"notification": ignore(notification.Load),
	"percolation":  ignore(percolation.Load),
	"referral":     ignore(referral.Load),
}

func ignore[T any](load func(func(string) string) (T, error)) func(func(string) string) error {
	return func(getenv func(string) string) error { _, err := load(getenv); return err }
}

// Missing is what can be seen to be missing without running anything.
func Missing(d laptop.Definition) []string {
	return slices.Concat(Environment(d), Messages(d, nil), Mail(d))
}

// Everything is all that is wrong with a definition, seen against the uses of a run.
func Everything(d laptop.Definition, uses []iam.Use) []string {
	return slices.Concat(Environment(d), Messages(d, uses), Mail(d), Refused(d, uses), Unused(d, uses), TooWide(d, uses), Unbound(d, uses))
}

// Environment names each variable that a function lacks, by its own reading.
func Environment(d laptop.Definition) []string {
	var found []string
	for _, f := range d.Functions {
		if configurations[f.Name] == nil {
			found = append(found, "the function "+f.Name+" isn't known here: add how it reads its environment")
			continue
		}
		if problem := read(f); problem != "" {
			found = append(found, "the environment of "+f.Name+": "+problem)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(configurations)) {
		if !slices.ContainsFunc(d.Functions, func(f laptop.Function) bool { return f.Name == name }) {
			found = append(found, "there is no function "+name)
		}
	}
	return found
}

// queueIn is a queue in a definition's environment, whose address is known when it is there.
var queueIn = regexp.MustCompile(`\$\{queue:([^}]*)\}`)

// answers keeps what each function said to an environment: reading one reads the country's whole pack.
var answers sync.Map

// read lets a function read its environment and gives what it has to say.
func read(f laptop.Function) string {
	asked := fmt.Sprint(f.Name, f.Env) // maps are printed in order
	if answer, ok := answers.Load(asked); ok {
		return answer.(string)
	}
	answer := ""
	err := configurations[f.Name](func(name string) string {
		return queueIn.ReplaceAllString(strings.ReplaceAll(f.Env[name], "${base}", "http://localhost"), "http://localhost/$1")
	})
	if err != nil {
		answer = strings.ReplaceAll(err.Error(), "\n", "; ")
	}
	answers.Store(asked, answer)
	return answer
}

// Messages names what would lose one: a queue without dead letters, or one that a function may read and doesn't get.
func Messages(d laptop.Definition, uses []iam.Use) []string {
	var found []string
	queues := map[string]laptop.Queue{}
	isDead := map[string]bool{}
	for _, q := range d.Queues {
		queues[q.Name] = q
		isDead[q.DeadLetterQueue] = true
	}
	for _, q := range d.Queues {
		switch {
		case isDead[q.Name] || strings.HasSuffix(q.Name, "-dlq"):
			if !isDead[q.Name] {
				found = append(found, "nothing ever gets into the dead-letter queue "+q.Name)
			}
		case q.DeadLetterQueue == "":
			found = append(found, "queue "+q.Name+" has no dead-letter queue")
		case queues[q.DeadLetterQueue].Name == "":
			found = append(found, "the dead-letter queue of "+q.Name+", "+q.DeadLetterQueue+", isn't there")
		}
	}
	for _, use := range slices.Concat(uses, mayReceive(d)) {
		name := use.Resource[strings.LastIndexByte(use.Resource, ':')+1:]
		if use.Action == "sqs:ReceiveMessage" && !feeds(d, name, use.Who) {
			found = append(found, fmt.Sprintf("no event source mapping feeds %s from %s, and no schedule starts it", use.Who, name))
		}
		if strings.HasPrefix(use.Action, "sqs:") && queues[name].Name == "" {
			found = append(found, fmt.Sprintf("there is no queue %s, which %s uses", name, use.Who))
		}
	}
	for _, m := range d.Mappings {
		if !m.Partial {
			found = append(found, "the event source mapping of "+m.Queue+" lacks ReportBatchItemFailures: what "+m.Function+" couldn't do would be deleted")
		}
	}
	return found
}

// mayReceive are the queues that functions may read, so that a mapping is missed without running anything.
func mayReceive(d laptop.Definition) []iam.Use {
	var all []iam.Use
	for _, f := range d.Functions {
		if f.Role == nil {
			continue
		}
		for _, grant := range iam.Grants(f.Role.Statements) {
			if grant.Action == "sqs:ReceiveMessage" {
				all = append(all, iam.Use{Who: f.Name, Request: iam.Request{Action: grant.Action, Resource: grant.Resource}})
			}
		}
	}
	return all
}

// feeds: a function gets what is in a queue, or is started and looks for itself.
func feeds(d laptop.Definition, queue, function string) bool {
	return slices.ContainsFunc(d.Mappings, func(m laptop.Mapping) bool { return m.Queue == queue && m.Function == function }) ||
		slices.ContainsFunc(d.Schedules, func(s laptop.Schedule) bool { return s.Function == function })
}

// Mail names the functions whose mails nobody would hear of again: SES tells of a configuration set's mails only.
func Mail(d laptop.Definition) []string {
	var found []string
	for _, f := range d.Functions {
		if f.Role == nil || !slices.ContainsFunc(f.Role.Statements, func(s iam.Statement) bool { return slices.Contains(s.Action, "ses:SendEmail") }) {
			continue
		}
		if set := f.Env["MAIL_CONFIGURATION_SET"]; !slices.Contains(d.Mail.ConfigurationSets, set) {
			found = append(found, fmt.Sprintf("the environment of %s: MAIL_CONFIGURATION_SET is %q, which isn't one of %v: bounces would be lost",
				f.Name, set, d.Mail.ConfigurationSets))
		}
	}
	return found
}
