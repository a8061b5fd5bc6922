package laptop

import (
	"time"

	"github.com/miict/immerse/infra/local/iam"
	"github.com/miict/immerse/infra/local/kms"
	"github.com/miict/immerse/infra/local/lambda"
)

// Definition is what a system consists of, as the CloudFormation template of a country says it.
type Definition struct {
	Country   string
	Zone      *time.Location // of its clocks; UTC when nil
	Region    string
	Keys      []Key
	Tables    []Table
	Queues    []Queue
	Buckets   []string // names
	Functions []Function
	Mappings  []Mapping
	Routes    []Route
	Schedules []Schedule
	Mail      Mail
}

// Key is a KMS key, known by its alias.
type Key struct {
	Alias string
	// Policy is the key's own; nothing is checked against it when nil.
	Policy []iam.Statement
}

// Table is a DynamoDB table. Attributes not named in a key need no definition.
type Table struct {
	Name    string
	Key     KeySchema
	Indexes map[string]KeySchema // global secondary indexes by name, projecting everything
	TTL     string               // attribute; the laptop keeps what has expired, as DynamoDB does for days
	KeyARN  string               // of the KMS key that the table is encrypted with; empty: DynamoDB's own
}

// KeySchema names the key attributes; all are strings. Sort may be empty.
type KeySchema struct{ Partition, Sort string }

// Queue is a standard SQS queue. A queue that others name as their dead-letter queue comes before them.
type Queue struct {
	Name            string
	Visibility      time.Duration
	Retention       time.Duration // AWS's four days when zero
	Delay           time.Duration
	DeadLetterQueue string
	MaxReceiveCount int
}

// Function is a Lambda function. In Env, ${site} is where the domain of the deployed site would be, ${base} the public
// address and ${queue:NAME} a queue's URL.
type Function struct {
	Name        string // what it does: its deployed name without country
	Deployed    string // its name in AWS; Name when empty
	Folder      string // of its program, below the module's root
	Env         map[string]string
	Timeout     time.Duration
	MemoryMB    int
	Concurrency int // reserved concurrency: processes at most
	LogGroup    string
	Logging     lambda.Logging
	Traced      bool
	// Role is what it may do; everything when nil.
	Role *Role
}

// Role is an IAM role with all of its policies.
type Role struct {
	Name       string
	ARN        string
	Statements []iam.Statement
}

// Mapping lets a function work on a queue.
type Mapping struct {
	Queue       string
	Function    string
	BatchSize   int
	Window      time.Duration // how long to wait for a batch to fill
	Concurrency int           // batches at a time; the function's own when zero
	Partial     bool          // the function reports the items that failed, or else the whole batch comes back
}

// Route sends HTTP requests to a function. Key is API Gateway's route key.
type Route struct{ Key, Function string }

// Schedule invokes a function again and again.
type Schedule struct {
	Name     string
	Function string
	Every    time.Duration
	Payload  []byte
}

// Mail is what SES knows in the country's mail region.
type Mail struct {
	Region            string
	Identities        []string // domains and addresses that mail may come from; any when empty
	ConfigurationSets []string
	// Feedback is the queue that SES's events get into; empty: none.
	Feedback string
	// ByBus: they come by a bus of the country's own, as SES is in another region.
	ByBus bool
}

// partition gives the name of a table's partition key.
func (d Definition) partition(table string) string {
	for _, t := range d.Tables {
		if t.Name == table {
			return t.Key.Partition
		}
	}
	return ""
}

// ARN is the key's Amazon resource name.
func (k Key) ARN(region string) string { return kms.ARN(region, k.Alias) }
