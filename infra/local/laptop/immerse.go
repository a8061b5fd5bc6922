package laptop

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/miict/immerse/shared/country"
)

// Immerse describes the system of one country, by its code. Which countries there are is the packs' matter.
func Immerse(code string) (Definition, error) {
	pack, err := country.Load(code)
	if errors.Is(err, country.ErrUnknown) {
		return Definition{}, fmt.Errorf("there is no country %q; there are: %s", code, strings.Join(country.Codes(), ", "))
	}
	if err != nil {
		return Definition{}, fmt.Errorf("loading the country pack %q: %w", code, err)
	}
	code = strings.ToLower(code)
	name := func(what string) string { return "immerse-" + code + "-" + what }
	env := map[string]string{
		"COUNTRY":                code,
		"APPLICATIONS_TABLE":     name("applications"),
		"KEYS_TABLE":             name("keys"),
		"MATCHING_QUEUE_URL":     "${queue:" + name("matching") + "}",
		"NOTIFICATION_QUEUE_URL": "${queue:" + name("notification") + "}",
		"KMS_KEY_ID":             "${key}",
		"BASE_URL":               "${base}",
		"LOG_LEVEL":              "info",
	}
	function := func(short string, timeout time.Duration) Function {
		return Function{
			Name: short, Folder: "functions/" + short + "/lambda", Env: env,
			Timeout: timeout, MemoryMB: 256, Concurrency: 4,
		}
	}
	return Definition{
		Country: code, Region: pack.Region, Key: "alias/immerse-" + code,
		Tables: []Table{
			{Name: name("applications"), Key: KeySchema{"reference", "item"}},
			{Name: name("keys"), Key: KeySchema{Partition: "id"}},
		},
		Queues: slices.Concat(
			withDeadLetters(name("matching"), 30*time.Second),
			withDeadLetters(name("notification"), 60*time.Second),
		),
		Functions: []Function{
			function("intake", 10*time.Second),
			function("matching", 5*time.Second),
			function("notification", 10*time.Second),
		},
		Mappings: []Mapping{
			{Queue: name("matching"), Function: "matching", BatchSize: 10},
			{Queue: name("notification"), Function: "notification", BatchSize: 5},
		},
		Routes: []Route{
			{"ANY /api/{proxy+}", "intake"},
			{"ANY /status", "intake"},
		},
	}, nil
}

// withDeadLetters is a queue and the one that takes what could not be handled.
func withDeadLetters(name string, visibility time.Duration) []Queue {
	const twoWeeks = 14 * 24 * time.Hour
	return []Queue{
		{Name: name + "-dlq", Visibility: visibility, Retention: twoWeeks},
		{Name: name, Visibility: visibility, DeadLetterQueue: name + "-dlq", MaxReceiveCount: 5},
	}
}
