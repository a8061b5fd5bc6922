package sqs_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain lets the tests wait for their timeouts at the same time: they hardly compute.
func TestMain(m *testing.M) {
	flag.Parse()
	_ = flag.Set("test.parallel", "64")
	os.Exit(m.Run())
}
