package pages_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/miict/immerse/infra/local/pages"
	"github.com/miict/immerse/infra/local/ses"
	"github.com/miict/immerse/infra/local/sqs"
)

// serve has one mail that tries to break out of the page, and a queue with a dead-letter queue.
func serve(t *testing.T) http.Handler {
	t.Helper()
	mail := &ses.Server{}
	body := `{"FromEmailAddress":"a@b.example","Destination":{"ToAddresses":["c@d.example"]},"Content":{"Simple":{` +
		`"Subject":{"Data":"<script>alert(1)</script>"},"Headers":[{"Name":"X-Evil","Value":"\"><script>"}],` +
		`"Body":{"Text":{"Data":"</pre><script>"},"Html":{"Data":"<p dir=\"rtl\">\u0645\u0631\u062d\u0628\u0627 \"quoted\"</p><script>alert(2)</script>"}}}}}`
	w := httptest.NewRecorder()
	mail.ServeHTTP(w, httptest.NewRequest(http.MethodPost, ses.Path, strings.NewReader(body)))
	if w.Code != 200 {
		t.Fatalf("sending: %s", w.Body)
	}
	queues := &sqs.Server{}
	queues.Create("work-dlq", sqs.Defaults())
	settings := sqs.Defaults()
	settings.DeadLetterQueue, settings.MaxReceiveCount = "work-dlq", 5
	queues.Create("work", settings)
	return pages.Pages{Country: "es", Mailbox: &mail.Mailbox, Queues: queues, Clock: &still{now: eve}, Zone: madrid, Log: slog.New(slog.DiscardHandler)}.Handler()
}

func get(t *testing.T, path string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	serve(t).ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	if w.Code != 200 {
		t.Fatalf("%s: %d %s", path, w.Code, w.Body)
	}
	return w
}

func TestAMailCannotBreakOutOfThePage(t *testing.T) {
	t.Parallel()
	w := get(t, "/_local/mail")
	page := w.Body.String()
	if strings.Contains(page, "<script") {
		t.Error("a script of a mail is in the page")
	}
	if !strings.Contains(page, `<iframe sandbox title="The e-mail as HTML" srcdoc="&lt;p dir=&#34;rtl&#34;&gt;مرحبا`) {
		t.Errorf("the mail's HTML is not shown in a sandbox:\n%s", page)
	}
	if !strings.Contains(w.Header().Get("Content-Security-Policy"), "default-src 'none'") {
		t.Error("the page may fetch and run things")
	}
}

func TestTheMailboxAsJSON(t *testing.T) {
	t.Parallel()
	var mails []map[string]any
	if err := json.Unmarshal(get(t, "/_local/mail.json").Body.Bytes(), &mails); err != nil || len(mails) != 1 {
		t.Fatalf("%d mails, %v", len(mails), err)
	}
	for _, name := range []string{"id", "at", "from", "to", "subject", "headers", "text", "html"} {
		if _, ok := mails[0][name]; !ok || len(mails[0]) != 8 {
			t.Errorf("%s is missing, or there is more than agreed: %v", name, mails[0])
		}
	}
}

func TestTheQueuesAsJSON(t *testing.T) {
	t.Parallel()
	const want = `[{"name":"work","visible":0,"in_flight":0,"delayed":0,"dlq":"work-dlq"},` +
		`{"name":"work-dlq","visible":0,"in_flight":0,"delayed":0,"dlq":null}]`
	if got := get(t, "/_local/queues.json").Body.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if page := get(t, "/_local/queues").Body.String(); !strings.Contains(page, "work-dlq") {
		t.Error("the page does not show the queues")
	}
	get(t, "/_local/")
}
