package feed_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/shared/catalogue/feed"
)

// server is an HSDS API with some services in pages of two.
type server struct {
	services int
	thin     bool // lists leave out what objects nest
	troubles int  // this many requests fail first
	asked    []string
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.asked = append(s.asked, r.URL.RequestURI())
	if s.troubles > 0 {
		s.troubles--
		w.Header().Set("Retry-After", "7")
		http.Error(w, "later", http.StatusTooManyRequests)
		return
	}
	number, alone := strings.CutPrefix(r.URL.Path, "/hsds/services/")
	switch {
	case alone:
		n, _ := strconv.Atoi(number)
		fmt.Fprint(w, service(n, true))
	case r.URL.Path == "/hsds/services":
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		var contents []json.RawMessage
		for i := 2 * (page - 1); i < min(2*page, s.services); i++ {
			contents = append(contents, json.RawMessage(service(i, !s.thin)))
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"total_pages": (s.services + 1) / 2, "contents": contents, "page_number": page})
	case r.URL.Path == "/hsds/organizations":
		fmt.Fprint(w, `{"totalPages":1,"last_page":true,"content":[{"id":"o"}]}`)
	default:
		http.NotFound(w, r)
	}
}

func service(n int, full bool) string {
	if full {
		return fmt.Sprintf(`{"id":"%d","big":12345678901234567890.10,"phones":[{"id":"p%[1]d"}]}`, n)
	}
	return fmt.Sprintf(`{"id":"%d","big":12345678901234567890.10}`, n)
}

func collect(t *testing.T, api feed.API, address string) (got []string, err error) {
	t.Helper()
	err = api.Each(t.Context(), address, func(r feed.Record) error {
		got = append(got, string(r.Data))
		return nil
	})
	return got, err
}

func TestAListThatGivesLessThanItAnnouncesIsAnError(t *testing.T) {
	for announced, want := range map[int]error{1: nil, 2: feed.ErrShort} {
		web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `{"total_pages":1,"total_items":%d,"contents":[%s]}`, announced, service(1, true))
		}))
		defer web.Close()
		if _, err := collect(t, feed.API{}, web.URL+"/services"); !errors.Is(err, want) {
			t.Errorf("1 of %d: %v", announced, err)
		}
	}
}

func TestAllPagesOfAllListsAreRead(t *testing.T) {
	for _, thin := range []bool{false, true} {
		s := &server{services: 5, thin: thin}
		web := httptest.NewServer(s)
		defer web.Close()
		var heard []string
		api := feed.API{PerPage: 2, Progress: func(what string, page, pages int) { heard = append(heard, fmt.Sprint(what, page, "/", pages)) }}
		got, err := collect(t, api, web.URL+"/hsds/")
		want := []string{`{"id":"o"}`}
		for n := range 5 {
			want = append(want, service(n, true))
		}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("thin %v: %v\n%s", thin, err, diff)
		}
		if diff := cmp.Diff([]string{"organizations1/0", "services1/3", "services2/3", "services3/3"}, heard); diff != "" {
			t.Error(diff)
		}
		if !strings.Contains(strings.Join(s.asked, " "), "/hsds/services?full=true&page=2&per_page=2") {
			t.Errorf("asked %v", s.asked)
		}
	}
}

func TestOneListKeepsItsQuestion(t *testing.T) {
	s := &server{services: 1}
	web := httptest.NewServer(s)
	defer web.Close()
	got, err := collect(t, feed.API{}, web.URL+"/hsds/services?organization_id=o&per_page=9")
	if err != nil || len(got) != 1 || s.asked[0] != "/hsds/services?full=true&organization_id=o&page=1&per_page=9" {
		t.Errorf("%v, %v, asked %v", err, got, s.asked)
	}
}

// A server in trouble is asked again after as long as it says, and not for ever.
func TestTroubleIsWaitedFor(t *testing.T) {
	var waits []time.Duration
	client := feed.Client{Wait: func(_ context.Context, d time.Duration) error { waits = append(waits, d); return nil }}
	web := httptest.NewServer(&server{services: 1, troubles: 4})
	defer web.Close()
	if got, err := collect(t, feed.API{Client: client}, web.URL+"/hsds/services"); err != nil || len(got) != 1 {
		t.Errorf("%v, %v", got, err)
	}
	second := time.Second
	if diff := cmp.Diff([]time.Duration{7 * second, 7 * second, 7 * second, 8 * second}, waits); diff != "" {
		t.Error(diff)
	}
	web.Config.Handler.(*server).troubles = 99
	if _, err := collect(t, feed.API{Client: client}, web.URL+"/hsds/services"); err == nil || !strings.Contains(err.Error(), "429") {
		t.Errorf("%v", err)
	}
}

func TestStrangeServersAreRefused(t *testing.T) {
	answer := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status); fmt.Fprint(w, body) }
	}
	patient := feed.Client{MaxBytes: 1000, Timeout: 5 * time.Minute, Tries: 1}
	hurried := feed.Client{MaxBytes: 1000, Timeout: 200 * time.Millisecond, Tries: 1}
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		want    error
		says    string
	}{
		"the same page for ever": {answer(200, `{"contents":[{"id":"a"}]}`), feed.ErrRepeats, "page=2"},
		"no page":                {answer(200, `{"id":"a"}`), feed.ErrNotPage, ""},
		"no JSON":                {answer(200, `<html>`), feed.ErrNotPage, ""},
		"too large":              {answer(200, strings.Repeat(" ", 2000)), feed.ErrTooLarge, ""},
		"forbidden":              {answer(403, ""), nil, "403"},
		"nothing there":          {answer(404, ""), nil, "404"},
		"leads to a file": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		},
			feed.ErrAddress, ""},
		"too slow": {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, context.DeadlineExceeded, ""},
	} {
		t.Run(name, func(t *testing.T) {
			web := httptest.NewServer(test.handler)
			defer web.Close()
			address := web.URL + "/services"
			if name == "nothing there" {
				address = web.URL
			}
			client := patient
			if name == "too slow" {
				client = hurried
			}
			_, err := collect(t, feed.API{Client: client}, address)
			if err == nil || test.want != nil && !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %v", err)
			}
		})
	}
	if _, err := collect(t, feed.API{}, "ftp://example.org/services"); !errors.Is(err, feed.ErrAddress) {
		t.Errorf("ftp: %v", err)
	}
}

func TestAnEndedContextEndsTheReading(t *testing.T) {
	web := httptest.NewServer(&server{services: 1, troubles: 99})
	defer web.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err := feed.API{}.Each(ctx, web.URL+"/hsds/services", func(feed.Record) error { return nil })
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}
