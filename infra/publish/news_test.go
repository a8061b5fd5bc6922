package publish_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/infra/publish"
	"github.com/miict/immerse/shared/hsds"
)

func TestNewsAreWhatMayBeForSomebodyElse(t *testing.T) {
	service := func(id string, change ...func(*hsds.Service)) hsds.Service {
		s := hsds.Service{ID: id, Status: hsds.StatusActive, Immerse: &hsds.ServiceExtension{Needs: []string{"legal"}, Areas: []string{"ES"}}}
		for _, c := range change {
			c(&s)
		}
		return s
	}
	free := func(n float64) func(*hsds.Service) {
		return func(s *hsds.Service) { s.Capacities = []hsds.Capacity{{Available: &n}} }
	}
	closed := func(s *hsds.Service) { s.Status = "inactive" }
	wider := func(s *hsds.Service) { s.Immerse.Areas = []string{"ES", "ES-GR"} }
	checked := func(s *hsds.Service) { s.AssuredDate = "2026-11-01" }
	foreign := func(s *hsds.Service) { s.Immerse = nil }
	renamed := func(s *hsds.Service) { s.Name = "another" }
	before := []hsds.Service{
		service("same"), service("renamed"), service("reopened", closed), service("wider"), service("checked"), service("full", free(0)),
		service("fewer", free(5)), service("closing"), service("gone"),
		service("more", free(20)), service("unlimited", free(20)), service("as many", free(20)), service("counting"),
	}
	after := []hsds.Service{
		service("new"), service("same"), service("renamed", renamed), service("reopened"), service("wider", wider), service("checked", checked),
		service("full", free(2)), service("fewer", free(3)), service("closing", closed), service("foreign", foreign),
		service("more", free(25)), service("unlimited"), service("as many", free(20)), service("counting", free(3)),
	}
	if diff := cmp.Diff([]string{"new", "reopened", "wider", "checked", "full", "more", "unlimited", "counting"}, publish.News(before, after)); diff != "" {
		t.Errorf("news (-want +got):\n%s", diff)
	}
	if news := publish.News(nil, nil); news != nil {
		t.Errorf("news of nothing: %v", news)
	}
}
