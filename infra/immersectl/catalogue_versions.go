package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/miict/immerse/infra/publish"
	"github.com/miict/immerse/shared/published"
)

const aboutVersions = `Versions shows what was published, the latest first: when, the versions of catalogue and rules,
and the digest of the file, which "rollback" and "download" take, or its beginning.`

func newVersions(o *options) *cobra.Command {
	return &cobra.Command{
		Use: "versions", Short: "Show what is published, and was", Long: aboutVersions, Args: noArguments,
		Example: "  immersectl catalogue versions --country es",
		RunE:    func(c *cobra.Command, _ []string) error { return o.versions(c.Context()) },
	}
}

func newRollback(o *options) *cobra.Command {
	return &cobra.Command{
		Use: "rollback VERSION", Short: "Go back to a catalogue that was published before", Args: one("which version? See: immersectl catalogue versions"),
		Long:    "Rollback makes a former catalogue the current one again, within a minute. VERSION is its digest or the\nbeginning of it, or the version of the catalogue, of which the latest release is meant.",
		Example: "  immersectl catalogue rollback 3f9a1c20b7d1 --country es",
		RunE:    func(c *cobra.Command, arguments []string) error { return o.rollback(c.Context(), arguments[0]) },
	}
}

func newDownload(o *options) *cobra.Command {
	var file string
	command := &cobra.Command{
		Use: "download VERSION --file FILE", Short: "Fetch a published catalogue, to replay a match with", Args: one("which version? See: immersectl catalogue versions"),
		Example: "  immersectl catalogue download 3f9a1c20b7d1 --country es --file es.snapshot\n  immersectl match --country es --snapshot es.snapshot --profiles p.ndjson --at 2026-11-22T09:30:00Z",
		RunE:    func(c *cobra.Command, arguments []string) error { return o.download(c.Context(), arguments[0], file) },
	}
	command.Flags().StringVar(&file, "file", "", "where to write it (required)")
	return command
}

// one wants exactly one argument.
func one(otherwise string) cobra.PositionalArgs {
	return func(_ *cobra.Command, arguments []string) error {
		if len(arguments) != 1 {
			return badInput("%s", otherwise)
		}
		return nil
	}
}

func (o *options) versions(ctx context.Context) error {
	cloud, shelf, err := o.shelf(ctx)
	if err != nil {
		return err
	}
	pointer, _, err := shelf.Pointer(ctx)
	if err != nil {
		return cloud.reached(err)
	}
	all := []releaseOutput{}
	for i, release := range pointer.All() {
		if release.Digest != "" {
			all = append(all, releaseOutput{Current: i == 0, Published: true, Bucket: shelf.Bucket, Release: release})
		}
	}
	if o.json {
		return printJSON(o.out, all)
	}
	if len(all) == 0 {
		fmt.Fprintln(o.out, "Nothing is published: the functions use the pack in their programs. See: immersectl catalogue publish --help")
		return nil
	}
	table := tabwriter.NewWriter(o.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "PUBLISHED\tCATALOGUE\tRULES\tBYTES\tSNAPSHOT\t")
	for _, release := range all {
		mark := ""
		if release.Current {
			mark = "← current"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%s\t%s\n", stamp(release.PublishedAt), release.Catalogue, release.Rules, release.Size, release.Digest[:16], mark)
	}
	return written(table.Flush())
}

// release finds what an operator means by a version.
func (o *options) release(ctx context.Context, version string) (*cloud, publish.Shelf, published.Release, error) {
	cloud, shelf, err := o.shelf(ctx)
	if err != nil {
		return nil, publish.Shelf{}, published.Release{}, err
	}
	pointer, _, err := shelf.Pointer(ctx)
	if err != nil {
		return nil, publish.Shelf{}, published.Release{}, cloud.reached(err)
	}
	var found []published.Release
	for _, release := range pointer.All() {
		if release.Catalogue == version && version != "" {
			return cloud, shelf, release, nil
		}
		if len(version) >= 4 && strings.HasPrefix(release.Digest, version) {
			found = append(found, release)
		}
	}
	if len(found) != 1 {
		return nil, publish.Shelf{}, published.Release{}, badInput("%d releases are called %q; see: immersectl catalogue versions --country %s", len(found), version, o.country)
	}
	return cloud, shelf, found[0], nil
}

func (o *options) rollback(ctx context.Context, version string) error {
	cloud, shelf, release, err := o.release(ctx, version)
	if err != nil {
		return err
	}
	back, err := shelf.Back(ctx, release.Digest, o.now())
	if err != nil {
		return cloud.reached(err)
	}
	told := o.tell(releaseOutput{Current: true, Published: true, Bucket: shelf.Bucket, Release: back}, "Current again; it is in use within a minute")
	return errors.Join(told, o.announceNews(ctx, cloud, shelf))
}

func (o *options) download(ctx context.Context, version, name string) error {
	if name == "" {
		return badInput("where to? Add --file FILE")
	}
	cloud, shelf, release, err := o.release(ctx, version)
	if err != nil {
		return err
	}
	file, err := shelf.File(ctx, release)
	if err != nil {
		return cloud.reached(err)
	}
	if err := os.WriteFile(name, file, 0o644); err != nil { //nolint:gosec // a catalogue is public
		return fmt.Errorf("writing the snapshot: %w", err)
	}
	return o.tell(releaseOutput{Published: true, Bucket: shelf.Bucket, Release: release}, "Downloaded")
}
