package meter

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/miict/immerse/infra/local/lambda"
	"github.com/miict/immerse/infra/local/laptop"
	"github.com/miict/immerse/infra/local/protocol"
	"github.com/miict/immerse/infra/local/sqs"
	"github.com/miict/immerse/shared/country"
)

func item(t *testing.T, text string) map[string]any {
	t.Helper()
	var read map[string]any
	if err := json.Unmarshal([]byte(text), &read); err != nil {
		t.Fatal(err)
	}
	return read
}

func TestItemSizesAreDynamoDBs(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		`{}`:                               0,
		`{"id": {"S": "año"}}`:             2 + 4,
		`{"b": {"B": "AAECAw=="}}`:         1 + 4,
		`{"n": {"N": "1700000000"}}`:       1 + 2,
		`{"n": {"N": "-123.45"}}`:          1 + 5,
		`{"t": {"BOOL": true}}`:            1 + 1,
		`{"x": {"NULL": true}}`:            1 + 1,
		`{"l": {"L": [{"S": "ab"}]}}`:      1 + 3 + 1 + 2,
		`{"m": {"M": {"k": {"S": "ab"}}}}`: 1 + 3 + 1 + 1 + 2,
		`{"s": {"SS": ["ab", "c"]}}`:       1 + 3,
		`{"e": {"L": []}}`:                 1 + 3,
	} {
		if got := itemSize(item(t, text)); got != want {
			t.Errorf("%s takes %d bytes, want %d", text, got, want)
		}
	}
}

func of(m *Meter, unit Unit) (sum float64) {
	for line, amount := range m.Amounts() {
		if line.Unit == unit {
			sum += amount
		}
	}
	return sum
}

func TestTablesAreMeteredAsAWSDocuments(t *testing.T) {
	t.Parallel()
	big := map[string]any{"id": map[string]any{"S": strings.Repeat("x", 4500)}}
	small := map[string]any{"id": map[string]any{"S": "x"}}
	raw, err := json.Marshal(map[string]any{"Item": big})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		action, body, answer string
		before, after        map[string]any
		writes, reads        float64
	}{
		"a write takes a unit for each KB":           {"PutItem", `{}`, `{}`, nil, big, 5, 0},
		"a change takes the larger of both":          {"UpdateItem", `{}`, `{}`, big, small, 5, 0},
		"a refused condition takes its unit":         {"PutItem", `{}`, `{"__type": "ConditionalCheckFailedException"}`, small, small, 1, 0},
		"deleting nothing takes one":                 {"DeleteItem", `{}`, `{}`, nil, nil, 1, 0},
		"a consistent read takes one for each 4 KB":  {"GetItem", `{"ConsistentRead": true}`, string(raw), nil, nil, 0, 2},
		"another read takes half":                    {"GetItem", `{}`, string(raw), nil, nil, 0, 1},
		"reading nothing takes one":                  {"GetItem", `{"ConsistentRead": true}`, `{}`, nil, nil, 0, 1},
		"a query adds its items before it rounds up": {"Query", `{"ConsistentRead": true}`, `{"Items": [{"a": {"S": "b"}}, {"a": {"S": "c"}}]}`, nil, nil, 0, 1},
	} {
		var m Meter
		m.Called(protocol.Call{Service: "dynamodb", Action: c.action, Caller: "f", Body: []byte(c.body), Resources: []string{"immerse-es-keys"}},
			c.before, c.after, []byte(c.answer), 200)
		if of(&m, WriteUnits) != c.writes || of(&m, ReadUnits) != c.reads {
			t.Errorf("%s: %v", name, m.Amounts())
		}
	}
}

func TestTheRestIsCounted(t *testing.T) {
	t.Parallel()
	var m Meter
	m.Called(protocol.Call{Service: "sqs", Action: "SendMessage", Caller: "f", Body: make([]byte, 65<<10)}, nil, nil, nil, 200)
	m.Called(protocol.Call{Service: "ses", Action: "SendEmail", Caller: "f", Body: []byte("hello")}, nil, nil, nil, 200)
	m.Called(protocol.Call{Service: "kms", Action: "Decrypt", Caller: "f"}, nil, nil, nil, 200)
	m.Called(protocol.Call{Service: "kms", Action: "Decrypt"}, nil, nil, nil, 200) // an operator's
	m.Received("f", nil)
	m.Received("f", []sqs.Message{{Body: "x"}})
	m.Deleted("f")
	m.Carried(10, false)
	m.Carried(65<<10, true)
	m.Invoked(laptop.Function{Name: "f", MemoryMB: 512, Traced: true}, lambda.Run{Init: time.Second, Took: 1500 * time.Microsecond})
	m.Invoked(laptop.Function{Name: "f", Logging: lambda.Logging{Format: "JSON", System: "WARN"}}, lambda.Run{})
	m.Logged("f", 74)
	m.Requested(10)
	for unit, want := range map[Unit]float64{
		QueueRequests: 7, BusEvents: 2, EmptyReceives: 1, Mails: 1, MailBytes: 5, KeyRequests: 1, Invocations: 2, Compute: 0.501,
		APIRequests: 1, EdgeRequests: 1, EdgeBytes: 10, Traces: 1, LogBytes: 100 + platformLines + 3*eventOverhead + accessLine + eventOverhead,
	} {
		if got := of(&m, unit); got != want {
			t.Errorf("%s: %v, want %v", unit, got, want)
		}
	}
	if m.Reset(); len(m.Amounts()) != 0 {
		t.Error("Reset kept something")
	}
}

func TestXRayTakesTheFirstOfASecondAndATwentiethOfTheRest(t *testing.T) {
	t.Parallel()
	for rate, want := range map[float64]float64{0.001: 1, 1: 1, 2: 0.525, 11: 1.5 / 11} {
		if got := Sampled(rate); math.Abs(got-want) > 1e-9 {
			t.Errorf("%v a second: %v, want %v", rate, got, want)
		}
	}
}

func TestEveryUnitHasAPriceInEveryRegion(t *testing.T) {
	t.Parallel()
	for _, code := range country.Codes() {
		pack, err := country.Load(code)
		if err != nil {
			t.Fatal(err)
		}
		prices, err := PricesOf(pack.Region)
		if err != nil {
			t.Fatal(err)
		}
		for _, unit := range []Unit{
			WriteUnits, ReadUnits, QueueRequests, EmptyReceives, Invocations, Compute, KeyRequests, Mails, MailBytes,
			APIRequests, EdgeRequests, EdgeBytes, LogBytes, Traces, ObjectReads, BusEvents,
		} {
			if cost, err := prices.Cost(Line{Unit: unit}, 1); err != nil || cost <= 0 {
				t.Errorf("%s: %s costs %v, %v", pack.Region, unit, cost, err)
			}
		}
	}
	var said struct {
		Sources map[string]string
		Regions map[string]Prices
	}
	if err := json.Unmarshal(list, &said); err != nil {
		t.Fatal(err)
	}
	for region, prices := range said.Regions {
		for unit, price := range prices {
			if said.Sources[price.Source] == "" {
				t.Errorf("%s: nobody says where the price of %s is from: %q", region, unit, price.Source)
			}
		}
		if !prices.Found(Traces) || prices.Found(APIRequests) {
			t.Errorf("%s: what was found and what was not is mixed up", region)
		}
	}
	if _, err := PricesOf("mars-1"); err == nil {
		t.Error("there are prices on Mars")
	}
}
