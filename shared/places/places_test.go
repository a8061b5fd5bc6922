package places_test

import (
	"net/http/httptest"
	"testing"

	minidyn "github.com/truora/minidyn/server"

	"github.com/miict/immerse/shared/places/placestest"
	"github.com/miict/immerse/shared/store/storetest"
)

func TestMinidyn(t *testing.T) {
	server := httptest.NewServer(minidyn.NewServer())
	t.Cleanup(server.Close)
	placestest.Run(t, storetest.Client(server.URL))
}
