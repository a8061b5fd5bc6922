package hsds_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	lambdaevents "github.com/aws/aws-lambda-go/events"

	"github.com/miict/immerse/functions/hsds"
	"github.com/miict/immerse/shared/catalogue"
	"github.com/miict/immerse/shared/catalogue/feed"
	"github.com/miict/immerse/shared/catalogue/opendata"
	"github.com/miict/immerse/shared/country"
)

const base = "https://immerse.example"

// fixed is a source that always gives the same directory, or an error.
type fixed struct {
	directory *catalogue.Directory
	err       error
}

func (f fixed) Directory(context.Context) (*catalogue.Directory, error) { return f.directory, f.err }

func handler(source hsds.Source) *hsds.Handler {
	spain, err := country.Load("es")
	if err != nil {
		panic(err)
	}
	return &hsds.Handler{Source: source, Pack: spain, BaseURL: base, Log: slog.New(slog.DiscardHandler)}
}

func pack(t *testing.T, code string) *country.Pack {
	t.Helper()
	pack, err := country.Load(code)
	if err != nil {
		t.Fatal(err)
	}
	return pack
}

// packs is the API over the pack of a country.
func packs(t *testing.T, code string) *hsds.Handler {
	t.Helper()
	h := handler(fixed{directory: opendata.OfPack(pack(t, code))})
	h.Pack = pack(t, code)
	return h
}

// foreign is the API over a feed that somebody else publishes.
func foreign(t *testing.T) *hsds.Handler {
	t.Helper()
	return handler(fixed{directory: catalogue.NewDirectory("v1", foreignRecords(t), opendata.Words("ES", pack(t, "es").Areas))})
}

func foreignRecords(t *testing.T) []catalogue.Record {
	t.Helper()
	file, err := os.Open("testdata/foreign.ndjson")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var records []catalogue.Record
	if err := feed.Each(file, func(r feed.Record) error {
		records = append(records, catalogue.NewRecord(r.Place, r.Data))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return records
}

// an answer with its body as it was sent.
type answer struct {
	status  int
	headers map[string]string
	body    string
}

func (a answer) json(t *testing.T) (value map[string]any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), &value); err != nil {
		t.Fatalf("%v: %s", err, a.body)
	}
	return value
}

// page reads a page.
type page struct {
	TotalItems int              `json:"total_items"`
	TotalPages int              `json:"total_pages"`
	PageNumber int              `json:"page_number"`
	Size       int              `json:"size"`
	FirstPage  bool             `json:"first_page"`
	LastPage   bool             `json:"last_page"`
	Empty      bool             `json:"empty"`
	Contents   []map[string]any `json:"contents"`
}

func (a answer) page(t *testing.T) (p page) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), &p); err != nil || a.status != http.StatusOK {
		t.Fatalf("%d, %v: %s", a.status, err, a.body)
	}
	return p
}

func (p page) ids() string {
	ids := make([]string, len(p.Contents))
	for i, object := range p.Contents {
		id, _ := object["id"].(string)
		ids[i] = id[max(0, len(id)-2):]
	}
	return strings.Join(ids, " ")
}

// ask asks for "GET /hsds/…", with headers by name and value.
func ask(t testing.TB, h *hsds.Handler, method, address string, headers ...string) answer {
	t.Helper()
	path, query, _ := strings.Cut(address, "?")
	event := lambdaevents.APIGatewayV2HTTPRequest{RawPath: path, RawQueryString: query, Headers: map[string]string{}}
	event.RequestContext.HTTP.Method = method
	for i := 0; i+1 < len(headers); i += 2 {
		event.Headers[headers[i]] = headers[i+1]
	}
	got, err := h.Handle(context.Background(), event)
	if err != nil {
		t.Fatal(err)
	}
	body := got.Body
	if got.IsBase64Encoded {
		raw, err := base64.StdEncoding.DecodeString(body)
		if err != nil {
			t.Fatal(err)
		}
		body = string(raw)
	}
	return answer{got.StatusCode, got.Headers, body}
}

// serve puts the API on the web, for clients that know nothing of Lambda.
func serve(t *testing.T, h *hsds.Handler) string {
	t.Helper()
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got := ask(t, h, r.Method, r.URL.RequestURI(), "accept", r.Header.Get("Accept"))
		for name, value := range got.headers {
			w.Header().Set(name, value)
		}
		w.WriteHeader(got.status)
		_, _ = io.WriteString(w, got.body)
	}))
	t.Cleanup(web.Close)
	return web.URL
}
