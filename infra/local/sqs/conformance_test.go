package sqs_test

import (
	"net/http/httptest"
	"testing"

	"github.com/miict/immerse/infra/local/independent"
	"github.com/miict/immerse/infra/local/sqs"
	"github.com/miict/immerse/infra/local/sqs/sqstest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	server := &sqs.Server{}
	http := httptest.NewServer(server.Operations())
	t.Cleanup(http.Close)
	server.Base = http.URL
	sqstest.Run(t, sqstest.Client(http.URL), nil)
}

// TestIndependent holds the suite itself to an implementation that we did not write.
func TestIndependent(t *testing.T) {
	t.Parallel()
	sqstest.Run(t, sqstest.Client(independent.Fauxqs(t)), map[string]string{
		"characters beyond the basic plane are taken": "fauxqs 2.4.1 refuses them; AWS allows #x10000 to #x10FFFF",
		"a handle that never was is refused":          "fauxqs 2.4.1 takes any handle; AWS answers ReceiptHandleIsInvalid",
		"a batch delete succeeds in part":             "fauxqs 2.4.1 takes any handle; AWS answers ReceiptHandleIsInvalid",
		"a name that is none is refused":              "fauxqs 2.4.1 takes any name",
		"a delay over 15 minutes is refused":          "fauxqs 2.4.1 takes any delay",
	})
}
