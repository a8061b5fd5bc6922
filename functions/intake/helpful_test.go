package intake_test

import (
	"bytes"
	"net/url"
	"strings"
	"testing"

	"github.com/miict/immerse/shared/telemetry"
)

const feedbackPath = "/api/v1/feedback"

func TestWhetherAPageHelpedIsCountedAndNothingElse(t *testing.T) {
	w := newWorld(t)
	var log bytes.Buffer
	w.handler.Log = telemetry.Logger(&log, "intake", "ES")
	id := w.handler.Pack.Services[0].ID
	form := url.Values{"service": {id}, "helpful": {"no"}, "language": {"ar"}, "comment": {"CANARY"}, "email": {"CANARY@example.org"}}
	answer := w.do("POST", feedbackPath, asBrowser.and(headers{"user-agent": "CANARY"}), form.Encode())
	if answer.StatusCode != 200 || !strings.Contains(answer.Body, `lang="ar"`) || !strings.Contains(answer.Body, "/ar/services/"+id+"/") || len(answer.Cookies) != 0 {
		t.Errorf("status %d\n%s", answer.StatusCode, answer.Body)
	}
	if line := log.String(); !strings.Contains(line, `"service":"`+id+`"`) || !strings.Contains(line, `"NotHelpful":1`) || strings.Contains(line, "CANARY") {
		t.Errorf("the log says %s", line)
	}
	if answer := w.do("POST", feedbackPath, asForm, "service="+id+"&helpful=yes"); answer.StatusCode != 204 || answer.Body != "" {
		t.Errorf("a program is answered %d %q", answer.StatusCode, answer.Body)
	}
}

func TestHostileRatingsCountNothing(t *testing.T) {
	w := newWorld(t)
	good := "service=" + w.handler.Pack.Services[0].ID + "&helpful=yes"
	for name, test := range map[string]struct {
		given  headers
		body   string
		status int
	}{
		"other site":   {asBrowser.and(headers{"sec-fetch-site": "cross-site"}), good, 403},
		"json":         {asJSON, `{"helpful":"yes"}`, 415},
		"much":         {asBrowser, good + strings.Repeat("&a=1", 500), 413},
		"no service":   {asBrowser, "helpful=yes", 404},
		"made up":      {asBrowser, "helpful=yes&service=" + url.QueryEscape("<script>alert(1)</script>"), 404},
		"other answer": {asBrowser, strings.Replace(good, "yes", "maybe", 1), 404},
		"nonsense":     {asBrowser, "%zz", 404},
	} {
		var log bytes.Buffer
		w.handler.Log = telemetry.Logger(&log, "intake", "ES")
		answer := w.do("POST", feedbackPath, test.given, test.body)
		if answer.StatusCode != test.status || strings.Contains(log.String(), "elpful") || strings.Contains(answer.Body, "<script>alert") || strings.Contains(log.String(), "script") {
			t.Errorf("%s: status %d, log %s", name, answer.StatusCode, log.String())
		}
	}
	if answer := w.do("GET", feedbackPath, asBrowser, ""); answer.StatusCode != 405 {
		t.Errorf("GET: %d", answer.StatusCode)
	}
}
