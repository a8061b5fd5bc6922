package intake

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/miict/immerse/shared/page"
)

type handlerFunc func(h *Handler, ctx context.Context, r request) response

// routes are the paths with what may be done to them. A segment in braces stands for any one segment.
var routes = []struct {
	path    string
	methods map[string]handlerFunc
}{
	{"/api/v1/applications", map[string]handlerFunc{"POST": (*Handler).submit}},
	{"/api/v1/applications/{reference}", map[string]handlerFunc{"GET": (*Handler).show, "DELETE": (*Handler).erase}},
	{"/api/v1/applications/{reference}/export", map[string]handlerFunc{"GET": (*Handler).export}},
	{"/api/v1/applications/{reference}/confirmation", map[string]handlerFunc{"GET": (*Handler).confirmation}},
	{page.EventsPath, map[string]handlerFunc{"GET": (*Handler).events}},
	{page.EventsPath + "/{reference}", map[string]handlerFunc{"GET": (*Handler).event}},
	{page.EventsPath + "/{reference}/register", map[string]handlerFunc{"GET": (*Handler).register}},
	{page.EventsPath + "/{reference}/calendar", map[string]handlerFunc{"GET": (*Handler).calendar}},
	{page.FeedbackPath, map[string]handlerFunc{"POST": (*Handler).helpful}},
	{"/status", map[string]handlerFunc{"GET": (*Handler).ask, "POST": (*Handler).act}},
}

// route finds what answers a request and notes in it how it got there.
func route(r *request) handlerFunc {
	for _, known := range routes {
		reference, ok := matches(known.path, r.path)
		if !ok {
			continue
		}
		method := r.Method
		if method == http.MethodHead {
			method = http.MethodGet // the answer's body is left out on the way out
		}
		r.route, r.reference = known.path, reference
		if handle, ok := known.methods[method]; ok {
			return handle
		}
		return notAllowed(slices.Sorted(maps.Keys(known.methods)))
	}
	return func(h *Handler, _ context.Context, r request) response {
		return h.refuse(r, http.StatusNotFound, "not_found")
	}
}

func notAllowed(allowed []string) handlerFunc {
	return func(h *Handler, _ context.Context, r request) response {
		answer := h.refuse(r, http.StatusMethodNotAllowed, "method_not_allowed")
		answer.headers["Allow"] = strings.Join(allowed, ", ")
		return answer
	}
}

// matches compares a path with a pattern and gives what stands in the place of {reference}.
func matches(pattern, path string) (reference string, ok bool) {
	want, got := strings.Split(pattern, "/"), strings.Split(strings.TrimSuffix(path, "/"), "/")
	if len(want) != len(got) {
		return "", false
	}
	for i := range want {
		switch {
		case want[i] == "{reference}" && got[i] != "":
			reference = got[i]
		case want[i] != got[i]:
			return "", false
		}
	}
	return reference, true
}
