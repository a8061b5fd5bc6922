package pages

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// A Clock is the time of the system, which can be moved. *laptop.System is the real one.
type Clock interface {
	Now() time.Time
	// Move lets the time pass until to. tell hears how far it has come, and how many mails were sent since it heard last. An error
	// leaves the clock where it has come to; a time that isn't ahead is one.
	Move(ctx context.Context, to time.Time, tell func(at time.Time, mails int)) error
}

// When reads a moment on the clock of a zone, such as 2026-12-24T09:00 or 2026-12-24, or a duration from a moment on, such as 90m, 72h
// or 3d: days are those of the calendar.
func When(text string, from time.Time, zone *time.Location) (time.Time, error) {
	text = strings.TrimSpace(text)
	if days, isDays := strings.CutSuffix(text, "d"); isDays {
		if n, err := strconv.ParseUint(days, 10, 12); err == nil {
			return from.In(zone).AddDate(0, 0, int(n)), nil
		}
	}
	if after, err := time.ParseDuration(text); err == nil {
		return from.Add(after), nil
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02T15:04:05", time.DateOnly} {
		if at, err := time.ParseInLocation(layout, text, zone); err == nil {
			return at, nil
		}
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	return time.Time{}, fmt.Errorf("%q is no time such as 2026-12-24T09:00, and no duration such as 72h or 3d", text)
}

// Now is what the clock says, where the country is.
func (p Pages) Now() time.Time { return p.Clock.Now().In(p.Zone) }

func (p Pages) clockJSON(w http.ResponseWriter, _ *http.Request) {
	p.write(w, map[string]string{"now": p.Now().Format(time.RFC3339), "zone": p.Zone.String()})
}

// move reads a form's field "to", or all of the body, and answers with a line for each day, as it comes: a page for a browser, or text.
func (p Pages) move(w http.ResponseWriter, r *http.Request) {
	to, err := p.destination(http.MaxBytesReader(w, r.Body, 1<<10))
	if err == nil && !to.After(p.Clock.Now()) {
		err = fmt.Errorf("the clock goes forwards only: it is %s", p.Now().Format("2006-01-02T15:04"))
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	lines := p.lines(w, strings.Contains(r.Header.Get("Accept"), "text/html"))
	var day string
	var mails int
	err = p.Clock.Move(r.Context(), to, func(at time.Time, sent int) {
		if on := at.In(p.Zone).Format("Mon 2006-01-02"); on != day {
			lines.day(day, mails)
			day, mails = on, 0
		}
		mails += sent
	})
	lines.day(day, mails)
	lines.end(p.Now(), err)
}

func (p Pages) destination(body io.Reader) (time.Time, error) {
	text, err := io.ReadAll(body)
	if err != nil {
		return time.Time{}, errors.New("the request can't be read")
	}
	asked := string(text)
	if form, err := url.ParseQuery(asked); err == nil && form.Has("to") {
		asked = form.Get("to")
	}
	return When(asked, p.Clock.Now(), p.Zone)
}

// lines are an answer that grows.
type lines struct {
	w            http.ResponseWriter
	before, tail string
}

func (p Pages) lines(w http.ResponseWriter, html bool) lines {
	l := lines{w: w}
	if !html {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		return l
	}
	private(w.Header())
	if err := templates.ExecuteTemplate(w, "head", "The time passes"); err != nil {
		p.Log.Error("a page could not be made", "error", err)
	}
	l.before, l.tail = "<br>", `<p><a href="/_local/mail">Mail</a>, <a href="/_local/">Overview</a></p></body></html>`
	return l
}

// add writes a line of our own words and shows it at once. A reader that has left ends the request by itself.
func (l lines) add(text string) {
	_, _ = io.WriteString(l.w, text+l.before+"\n")
	_ = http.NewResponseController(l.w).Flush()
}

func (l lines) day(day string, mails int) {
	if day != "" {
		l.add(fmt.Sprintf("%s  %d mails", day, mails))
	}
}

func (l lines) end(now time.Time, err error) {
	if err != nil {
		l.add("It ended early, as something failed; the log says what.")
	}
	l.add("It is " + now.Format("Mon 2006-01-02 15:04 MST"))
	if l.tail != "" {
		_, _ = io.WriteString(l.w, l.tail)
	}
}
