package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/miict/immerse/shared/figures"
	"github.com/miict/immerse/shared/figures/shelf"
	"github.com/miict/immerse/shared/referral"
	"github.com/miict/immerse/shared/store"
)

func (s system) store() *store.Store {
	return &store.Store{
		Client: dynamodb.NewFromConfig(s.Config()), Applications: "immerse-es-applications", KeysTable: "immerse-es-keys",
		Retention: 24 * time.Hour, Now: time.Now,
	}
}

// TestStatusTellsWhatWaitsForADailyMailAndWhoIsNotReached: and how long already.
func TestStatusTellsWhatWaitsForADailyMailAndWhoIsNotReached(t *testing.T) {
	t.Parallel()
	s := start(t)
	if got := s.run("", "status", "-c", "es", "--json"); got.code != exitDone || !strings.Contains(got.out, `"digests": []`) || !strings.Contains(got.out, `"dead_inboxes": []`) {
		t.Errorf("of nothing: %+v", got)
	}
	wait := func(organization, reference string, days int) {
		at := time.Now().AddDate(0, 0, -days)
		if err := s.store().Wait(t.Context(), "ES", store.WaitingMail{Organization: organization, Reference: reference, Mail: "authority-" + organization, At: at}); err != nil {
			t.Fatal(err)
		}
	}
	wait("town", "ES-1", 3)
	wait("town", "ES-2", 4)
	calm := s.run("", "status", "-c", "es")
	if calm.code != exitDone || !strings.Contains(calm.out, "town") || !strings.Contains(calm.out, "4d") || strings.Contains(calm.out, "late") {
		t.Errorf("%+v", calm)
	}
	wait("province", "ES-3", 8)
	if first, err := s.store().Bury(t.Context(), "ES", store.DeadInbox{Address: "gone@office.example", Organization: "town", Since: time.Now().AddDate(0, 0, -5), Fact: referral.Fact("permanent_bounce"), Report: "1"}); err != nil || !first {
		t.Fatal(first, err)
	}
	got := s.run("", "status", "-c", "es")
	for _, want := range []string{"province", "← late", "gone@office.example", "5d"} {
		if !strings.Contains(got.out, want) {
			t.Errorf("no %q in\n%s", want, got.out)
		}
	}
	if got.code != exitAttention || !strings.Contains(got.err, "can't be reached") || !strings.Contains(got.err, "a week late") {
		t.Errorf("exit code %d: %s", got.code, got.err)
	}
	if wrong := s.run("", "status", "-c", "es", "--revive", "gonne@office.example"); wrong.code != exitBadInput || !strings.Contains(wrong.err, "not among the dead inboxes") {
		t.Errorf("%+v", wrong)
	}
	if right := s.run("", "status", "-c", "es", "--revive", "gone@office.example"); strings.Contains(right.out, "gone@") {
		t.Errorf("%+v", right)
	}
	var status statusOutput
	if got := s.run("", "status", "-c", "es", "--json"); json.Unmarshal([]byte(got.out), &status) != nil || len(status.Digests) != 2 ||
		status.Digests[0].Organization != "province" || status.Digests[1].Referrals != 2 || status.Digests[1].OldestSeconds < 3*24*60*60 {
		t.Errorf("%s", got.out)
	}
}

// TestFiguresAreShownAndTakenBack as docs/operations.md says.
func TestFiguresAreShownAndTakenBack(t *testing.T) {
	t.Parallel()
	s := start(t)
	if got := s.run("", "figures", "-c", "es"); got.code != exitDone || !strings.Contains(got.out, "No quarter") {
		t.Errorf("%+v", got)
	}
	if got := s.run("", "figures", "-c", "es", "--json"); got.code != exitDone || !strings.Contains(got.out, `"published": []`) {
		t.Errorf("%+v", got)
	}
	kept := &shelf.Shelf{Client: dynamodb.NewFromConfig(s.Config()), Table: "immerse-es-figures", Country: "ES"}
	made := figures.Release{Period: "2026-Q3", From: "2026-07-01", To: "2026-09-30", Published: "2026-10-01", Tables: []figures.Table{{
		Measure: figures.Answer, Categories: []figures.Category{{Codes: []string{"accepted"}}},
		Rows: []figures.Row{{Dimension: figures.ByAll, Group: figures.All, Counts: []int{12}}, {Dimension: figures.ByNeed, Group: "legal", Reason: figures.Small}},
	}}}
	if err := kept.Put(t.Context(), made); err != nil {
		t.Fatal(err)
	}
	if got := s.run("", "figures", "-c", "es"); got.code != exitDone || !strings.Contains(got.out, "2026-Q3") || !strings.Contains(got.out, "12") {
		t.Errorf("%+v", got)
	}
	if got := s.run("", "figures", "-c", "es", "--csv"); got.code != exitDone || !strings.Contains(got.out, "2026-Q3,2026-07-01,2026-09-30,answer,all,all,,,accepted,12,") {
		t.Errorf("%+v", got)
	}
	if got := s.run("", "figures", "withdraw", "2026-Q3", "-c", "es"); got.code != exitDone || !strings.Contains(got.out, "create-invalidation") {
		t.Errorf("%+v", got)
	}
	var after figuresOutput
	if got := s.run("", "figures", "-c", "es", "--json"); json.Unmarshal([]byte(got.out), &after) != nil || len(after.Published) != 0 || len(after.Withdrawn) != 1 {
		t.Errorf("%+v", got)
	}
	if got := s.run("", "figures", "-c", "es"); !strings.Contains(got.out, "← taken back") {
		t.Errorf("%+v", got)
	}
	if got := s.run("", "figures", "withdraw", "2026-Q3", "--undo", "-c", "es", "--json"); got.code != exitDone || !strings.Contains(got.out, `"withdrawn": false`) {
		t.Errorf("%+v", got)
	}
	for _, wrong := range [][]string{
		{"figures", "withdraw", "2025-Q1"}, {"figures", "withdraw"}, {"figures", "withdraw", "2026-Q3", "2026-Q2"}, {"figures", "--csv", "--json"}, {"figures", "2026-Q3"},
	} {
		if got := s.run("", append(wrong, "-c", "es")...); got.code != exitBadInput || strings.Count(got.err, "\n") != 1 {
			t.Errorf("%v: %+v", wrong, got)
		}
	}
}
