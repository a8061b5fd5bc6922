package laptop

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// regions says where each country runs. On a laptop it only shows in ARNs.
var regions = map[string]string{"es": "eu-south-2", "it": "eu-south-1", "cy": "eu-central-1"}

// Immerse describes the system of one pilot country.
func Immerse(country string) (Definition, error) {
	region, ok := regions[country]
	if !ok {
		return Definition{}, fmt.Errorf("no country %q; there are: %s",
			country, strings.Join(slices.Sorted(maps.Keys(regions)), ", "))
	}
	name := func(what string) string { return "immerse-" + country + "-" + what }
	env := map[string]string{
		"COUNTRY":                country,
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
		Country: country, Region: region, Key: "alias/immerse-" + country,
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
