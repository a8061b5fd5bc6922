package store_test

import (
	"net/http/httptest"
	"testing"

	minidyn "github.com/truora/minidyn/server"

	"github.com/miict/immerse/shared/store/storetest"
)

func TestMinidyn(t *testing.T) {
	server := httptest.NewServer(minidyn.NewServer())
	defer server.Close()
	storetest.Run(t, storetest.Client(server.URL))
}
