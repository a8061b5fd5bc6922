package laptop

import "time"

// Definition is what a system consists of, as the CloudFormation template of a country says it. Names are the
// deployed ones.
type Definition struct {
	Country   string
	Region    string
	Key       string // alias of the KMS key
	Tables    []Table
	Queues    []Queue
	Functions []Function
	Mappings  []Mapping
	Routes    []Route
}

// Table is a DynamoDB table. Attributes not named in a key need no definition.
type Table struct {
	Name    string
	Key     KeySchema
	Indexes map[string]KeySchema // global secondary indexes by name, projecting everything
}

// KeySchema names the key attributes; all are strings. Sort may be empty.
type KeySchema struct{ Partition, Sort string }

// Queue is a standard SQS queue. A queue that others name as their dead-letter queue comes before them.
type Queue struct {
	Name            string
	Visibility      time.Duration
	Retention       time.Duration // AWS's four days when zero
	DeadLetterQueue string
	MaxReceiveCount int
}

// Function is a Lambda function. In Env, ${base} is the public address, ${queue:NAME} a queue's URL and ${key} the
// KMS key's ARN.
type Function struct {
	Name        string
	Folder      string // of its program, below the module's root
	Env         map[string]string
	Timeout     time.Duration
	MemoryMB    int
	Concurrency int // reserved concurrency: processes at most
}

// Mapping lets a function work on a queue and report the items of a batch that failed.
type Mapping struct {
	Queue       string
	Function    string
	BatchSize   int
	Concurrency int // batches at a time; the function's own when zero
}

// Route sends HTTP requests to a function. Key is API Gateway's route key.
type Route struct{ Key, Function string }
