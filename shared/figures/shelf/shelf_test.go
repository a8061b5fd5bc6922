package shelf_test

import (
	"errors"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
	minidyn "github.com/truora/minidyn/server"

	"github.com/miict/immerse/shared/figures"
	"github.com/miict/immerse/shared/figures/shelf"
	"github.com/miict/immerse/shared/store/storetest"
)

func newShelf(t *testing.T) *shelf.Shelf {
	t.Helper()
	server := httptest.NewServer(minidyn.NewServer())
	t.Cleanup(server.Close)
	client := storetest.Client(server.URL)
	text := func(name string) types.AttributeDefinition {
		return types.AttributeDefinition{AttributeName: aws.String(name), AttributeType: types.ScalarAttributeTypeS}
	}
	_, err := client.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: aws.String("figures"), BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{text("country"), text("period")},
		KeySchema: []types.KeySchemaElement{
			{AttributeName: aws.String("country"), KeyType: types.KeyTypeHash}, {AttributeName: aws.String("period"), KeyType: types.KeyTypeRange},
		},
	})
	must(t, err)
	return &shelf.Shelf{Client: client, Table: "figures", Country: "ES"}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func release(period, day string) figures.Release {
	return figures.Release{Period: period, Published: day, Tables: []figures.Table{{
		Measure: figures.Answer, Categories: []figures.Category{{Codes: []string{"accepted"}}},
		Rows: []figures.Row{{Dimension: figures.ByAll, Group: figures.All, Counts: []int{12}}, {Dimension: figures.ByNeed, Group: "legal", Reason: figures.Small}},
	}}}
}

// TestAReleaseStaysAsItIs: what is published once is not published otherwise, and what an operator takes back isn't counted again.
func TestAReleaseStaysAsItIs(t *testing.T) {
	s := newShelf(t)
	ctx := t.Context()
	if has, err := s.Has(ctx, "2026-Q4"); err != nil || has {
		t.Fatal(has, err)
	}
	must(t, s.Put(ctx, release("2026-Q3", "a")))
	must(t, s.Put(ctx, release("2026-Q4", "b")))
	must(t, s.Put(ctx, release("2026-Q4", "again")))
	got, err := s.Releases(ctx)
	must(t, err)
	if diff := cmp.Diff([]figures.Release{release("2026-Q4", "b"), release("2026-Q3", "a")}, got); diff != "" {
		t.Error(diff)
	}
	must(t, s.Withdraw(ctx, "2026-Q4", false))
	must(t, s.Withdraw(ctx, "2026-Q4", false))
	if got, err = s.Releases(ctx); err != nil || len(got) != 1 || got[0].Period != "2026-Q3" {
		t.Errorf("%+v %v", got, err)
	}
	if has, err := s.Has(ctx, "2026-Q4"); err != nil || !has {
		t.Error("what was taken back would be counted again", err)
	}
	must(t, s.Put(ctx, release("2026-Q4", "again")))
	if got, err = s.Releases(ctx); err != nil || len(got) != 1 {
		t.Errorf("%+v %v", got, err)
	}
	shown, withdrawn, err := s.All(ctx)
	if err != nil || len(shown) != 1 || len(withdrawn) != 1 || withdrawn[0].Published != "b" {
		t.Errorf("%+v %+v %v", shown, withdrawn, err)
	}
	must(t, s.Withdraw(ctx, "2026-Q4", true))
	if got, err = s.Releases(ctx); err != nil || len(got) != 2 {
		t.Errorf("given back: %+v %v", got, err)
	}
	if err := s.Withdraw(ctx, "2025-Q1", false); !errors.Is(err, shelf.ErrNone) {
		t.Errorf("what was never published: %v", err)
	}
	if has, err := s.Has(ctx, "2025-Q1"); err != nil || has {
		t.Error("what was never published would not be counted", err)
	}
}
