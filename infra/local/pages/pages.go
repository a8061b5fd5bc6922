// Package pages shows the local system's inside: the mails that were sent and the queues. The pages work without
// JavaScript.
package pages

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"html/template"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/miict/immerse/infra/local/ses"
	"github.com/miict/immerse/infra/local/sqs"
)

//go:embed *.html
var files embed.FS

var templates = template.Must(template.ParseFS(files, "*.html"))

// Pages serves everything under /_local/.
type Pages struct {
	Country string
	Mailbox *ses.Mailbox
	Queues  interface{ Counts() []sqs.QueueCounts }
	// Sweep starts by hand what schedules start: feedback, and followup's sweep whatever the hour, whose report it gives in
	// JSON.
	Sweep func(ctx context.Context) ([]byte, error)
	Clock Clock
	Zone  *time.Location // that the clock is shown in
	Log   *slog.Logger
}

// Handler gives the routes.
func (p Pages) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /_local/{$}", p.index)
	mux.HandleFunc("GET /_local/mail", p.mail)
	mux.HandleFunc("GET /_local/mail.json", p.mailJSON)
	mux.HandleFunc("GET /_local/queues", p.queues)
	mux.HandleFunc("GET /_local/queues.json", p.queuesJSON)
	mux.HandleFunc("POST /_local/followup", p.followup)
	mux.HandleFunc("GET /_local/clock.json", p.clockJSON)
	mux.HandleFunc("POST /_local/clock", p.move)
	return http.NewCrossOriginProtection().Handler(mux) // no other site may move anything here
}

func (p Pages) followup(w http.ResponseWriter, r *http.Request) {
	report, err := p.Sweep(r.Context())
	if err != nil {
		http.Error(w, "the sweep failed: "+err.Error(), http.StatusInternalServerError)
		return
	}
	p.write(w, json.RawMessage(report))
}

func (p Pages) index(w http.ResponseWriter, _ *http.Request) { p.show(w, "index.html", p) }

func (p Pages) mail(w http.ResponseWriter, _ *http.Request) {
	mails := p.Mailbox.All()
	slices.Reverse(mails) // a reader wants the newest
	p.show(w, "mail.html", mails)
}

func (p Pages) mailJSON(w http.ResponseWriter, _ *http.Request) { p.write(w, p.Mailbox.All()) }

func (p Pages) queues(w http.ResponseWriter, _ *http.Request) {
	p.show(w, "queues.html", p.Queues.Counts())
}

func (p Pages) queuesJSON(w http.ResponseWriter, _ *http.Request) { p.write(w, p.Queues.Counts()) }

func (p Pages) show(w http.ResponseWriter, name string, data any) {
	var page bytes.Buffer
	if err := templates.ExecuteTemplate(&page, name, data); err != nil {
		p.Log.Error("a page could not be made", "page", name, "error", err)
		http.Error(w, "the page could not be made", http.StatusInternalServerError)
		return
	}
	private(w.Header())
	_, _ = page.WriteTo(w) // a reader that has left cannot be told
}

// private are the headers of a page. Mails are other people's HTML: nothing in them may run or fetch.
func private(h http.Header) {
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'")
}

func (p Pages) write(w http.ResponseWriter, data any) {
	raw, err := json.Marshal(data)
	if err != nil {
		p.Log.Error("data could not be encoded", "error", err)
		http.Error(w, "the data could not be encoded", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(raw)
}
