package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/store"
)

// lateDigest is how old what waits for a daily mail is when something is wrong: no row of holidays is so long.
const lateDigest = 7 * 24 * time.Hour

// waitingDigest is what waits for one authority's next daily mail.
type waitingDigest struct {
	Organization  string    `json:"organization"` // id
	Name          string    `json:"name,omitempty"`
	Referrals     int       `json:"referrals"`
	Since         time.Time `json:"since"` // the oldest
	OldestSeconds int       `json:"oldest_seconds"`
}

func (d waitingDigest) late() bool { return time.Duration(d.OldestSeconds)*time.Second > lateDigest }

// waitingDigests lists them, the oldest first.
func waitingDigests(ctx context.Context, kept *store.Store, pack *country.Pack, now time.Time) ([]waitingDigest, error) {
	const pageSize = 500
	byID := map[string]*waitingDigest{}
	for after := ""; ; {
		page, next, err := kept.Waiting(ctx, pack.Code, "", after, pageSize)
		if err != nil {
			return nil, err
		}
		for _, mail := range page {
			digest := byID[mail.Organization]
			if digest == nil {
				digest = &waitingDigest{Organization: mail.Organization, Name: nameOf(pack, mail.Organization), Since: mail.At}
				byID[mail.Organization] = digest
			}
			digest.Referrals++
			if mail.At.Before(digest.Since) {
				digest.Since = mail.At
			}
		}
		if after = next; next == "" {
			break
		}
	}
	all := []waitingDigest{} // [] in JSON, not null
	for _, digest := range byID {
		digest.OldestSeconds = int(max(now.Sub(digest.Since), 0) / time.Second)
		all = append(all, *digest)
	}
	slices.SortFunc(all, func(a, b waitingDigest) int {
		return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Organization, b.Organization))
	})
	return all, nil
}

func printDigests(out io.Writer, digests []waitingDigest) error {
	if len(digests) == 0 {
		return nil
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\nDAILY MAIL TO\tREFERRALS\tOLDEST\tORGANIZATION\t")
	for _, digest := range digests {
		mark := ""
		if digest.late() {
			mark = "← late"
		}
		fmt.Fprintf(table, "%s\t%d\t%s\t%s\t%s\n",
			digest.Organization, digest.Referrals, age(time.Duration(digest.OldestSeconds)*time.Second), dash(digest.Name), mark)
	}
	return written(table.Flush())
}

// nameOf is the name of an organization of the pack, empty if the pack has none of the id.
func nameOf(pack *country.Pack, id string) string {
	if organization, ok := pack.Organization(id); ok {
		return organization.Name
	}
	return ""
}
