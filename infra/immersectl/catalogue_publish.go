package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/miict/immerse/infra/publish"
	"github.com/miict/immerse/shared/catalogue"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/published"
	"github.com/miict/immerse/shared/snapshot"
)

const aboutPublish = `Publish makes a catalogue the one that people are matched with, within a minute and without a
deployment: the country's pack, or what it reads from sources. It is refused if anything in it
is wrong, with every problem named; if no service of it can be matched; if fewer than half of
the services remain that the current one has (unless --fewer); and if what was compiled does
not find what it should. The organizations of the pack stay known.

What is published stays: matches are replayed with it, and "rollback" goes back to it. Two who
publish at once don't undo each other: the second is told, with exit code 1.

` + aboutSources

// publishing makes one catalogue the current one.
type publishing struct {
	*options
	sources []string
	dryRun  bool
	fewer   bool
	deploy  bool
}

func newPublish(o *options) *cobra.Command {
	p := &publishing{options: o}
	command := &cobra.Command{
		Use: "publish", Short: "Make a catalogue the one that people are matched with", Long: aboutPublish, Args: noArguments,
		Example: "  immersectl catalogue publish --country es --dry-run\n  immersectl catalogue publish --country es --catalogue services.ndjson",
		RunE:    func(c *cobra.Command, _ []string) error { return p.run(c.Context()) },
	}
	flags := command.Flags()
	flags.StringArrayVar(&p.sources, "catalogue", nil, "a source of services and organizations; may be given again (default the country's pack)")
	flags.BoolVar(&p.dryRun, "dry-run", false, "check and compile, publish nothing")
	flags.BoolVar(&p.fewer, "fewer", false, "publish although fewer than half of the services remain")
	flags.BoolVar(&p.deploy, "deployed", false, "only in the place of nothing, or of a former deployment's pack (make deploy)")
	return command
}

// outcome is what publish, rollback and versions print as JSON of a release.
type releaseOutput struct {
	Current   bool   `json:"current"`
	Published bool   `json:"published"`
	Services  int    `json:"services,omitempty"`
	Bucket    string `json:"bucket"`
	published.Release
}

func (p *publishing) run(ctx context.Context) error {
	contents, err := p.contents(ctx)
	if err != nil {
		return err
	}
	file, err := publish.Compile(contents)
	if err != nil {
		return err
	}
	cloud, shelf, err := p.shelf(ctx)
	if err != nil {
		return err
	}
	pointer, _, err := shelf.Pointer(ctx)
	if err != nil {
		return cloud.reached(err)
	}
	if now := pointer.Current; p.deploy && now.Digest != "" && (!now.FromPack || now.Catalogue == contents.Version && now.Rules == rules(file)) {
		return p.tell(releaseOutput{Current: true, Bucket: shelf.Bucket, Release: now}, "Nothing was changed")
	}
	if err := p.compare(ctx, shelf, pointer, len(contents.Services)); err != nil {
		return err
	}
	if p.dryRun {
		opened, err := snapshot.Open(file)
		if err != nil {
			return err
		}
		manifest, err := opened.Verify()
		if err != nil {
			return err
		}
		return p.tell(releaseOutput{Services: len(contents.Services), Bucket: shelf.Bucket, Release: published.Release{Manifest: manifest}}, "This would be published")
	}
	release, err := shelf.Publish(ctx, file, len(p.sources) == 0, p.now())
	if errors.Is(err, publish.ErrOvertaken) {
		return fmt.Errorf("%w; look with: immersectl catalogue versions --country %s", err, p.country)
	}
	if err != nil {
		return cloud.reached(err)
	}
	told := p.tell(releaseOutput{Current: true, Published: true, Services: len(contents.Services), Bucket: shelf.Bucket, Release: release},
		"Published; it is in use within a minute")
	return errors.Join(told, p.announceNews(ctx, cloud, shelf))
}

// contents reads what is to be published and refuses it with every problem.
func (p *publishing) contents(ctx context.Context) (snapshot.Contents, error) {
	pack, err := p.pack()
	if err != nil {
		return snapshot.Contents{}, err
	}
	v := &validation{options: p.options}
	contents := snapshot.OfPack(pack, p.now())
	if len(p.sources) == 0 {
		if err := v.embedded(); err != nil {
			return snapshot.Contents{}, err
		}
	} else if contents, err = p.fromSources(ctx, v, contents); err != nil {
		return snapshot.Contents{}, err
	}
	for _, problem := range v.problems {
		fmt.Fprintln(p.err, catalogue.Problem{Place: problem.Where, ID: problem.ID, Path: problem.Path, Text: problem.Text}.Error())
	}
	refused := slices.ContainsFunc(v.problems, func(l located) bool { return l.Refused })
	offered := slices.ContainsFunc(contents.Services, func(s hsds.Service) bool { return s.Immerse != nil && s.Status == hsds.StatusActive })
	switch {
	case refused:
		return snapshot.Contents{}, badInput("%s: nothing was published", counted(len(v.problems)))
	case !offered:
		return snapshot.Contents{}, badInput("no service in it can be matched: nothing was published")
	}
	return contents, nil
}

// fromSources puts what is read in the place of the pack's services, and beside its organizations.
func (p *publishing) fromSources(ctx context.Context, v *validation, contents snapshot.Contents) (snapshot.Contents, error) {
	around, err := p.around()
	if err != nil {
		return snapshot.Contents{}, err
	}
	records, err := p.read(ctx, p.sources)
	if err != nil {
		return snapshot.Contents{}, err
	}
	for _, problem := range catalogue.Check(records, around) {
		v.problems = append(v.problems, located{problem.Place, problem.ID, problem.Path, problem.Text, problem.Refused})
	}
	if slices.ContainsFunc(v.problems, func(l located) bool { return l.Refused }) {
		return contents, nil // which is told before anything is made of it
	}
	own := contents.Organizations
	contents.Services, contents.Organizations = nil, nil
	read := map[string]bool{}
	for _, r := range records {
		switch r.Kind {
		case catalogue.Service:
			contents.Services, err = appended(contents.Services, r)
		case catalogue.Organization:
			contents.Organizations, err = appended(contents.Organizations, r)
			read[r.ID()] = true
		default:
			contents.Others = append(contents.Others, snapshot.Document{Kind: string(r.Kind), ID: r.ID(), JSON: r.Object.Bytes()})
		}
		if err != nil {
			return snapshot.Contents{}, badInput("%s: %v", r.Place, err)
		}
	}
	for _, organization := range own {
		if !read[organization.ID] {
			contents.Organizations = append(contents.Organizations, organization)
		}
	}
	contents.Version, err = contents.Digest()
	return contents, err
}

func appended[T any](list []T, r catalogue.Record) ([]T, error) {
	var object T
	err := json.Unmarshal(r.Object.Bytes(), &object)
	return append(list, object), err
}

// compare refuses to lose most of what is offered now: an export that stopped half-way is a sound catalogue, too.
func (p *publishing) compare(ctx context.Context, shelf publish.Shelf, pointer published.Pointer, services int) error {
	if p.fewer || pointer.Current.Digest == "" {
		return nil
	}
	file, err := shelf.File(ctx, pointer.Current)
	if err != nil {
		fmt.Fprintf(p.err, "immersectl: the current catalogue is not good, and not compared with: %v\n", err)
		return nil
	}
	before, err := countServices(file)
	if err != nil || services*2 >= before {
		return err
	}
	return badInput("%d services would remain of %d: nothing was published. If that is meant, add --fewer", services, before)
}

// rules are those that a file was compiled by.
func rules(file []byte) string {
	opened, err := snapshot.Open(file)
	if err != nil {
		return ""
	}
	return opened.Manifest().Rules
}

func countServices(file []byte) (int, error) {
	opened, err := snapshot.Open(file)
	if err != nil {
		return 0, err
	}
	documents, err := opened.Documents()
	if err != nil {
		return 0, err
	}
	count := 0
	for range documents.All(snapshot.KindService) {
		count++
	}
	return count, nil
}

func (o *options) tell(release releaseOutput, what string) error {
	if o.json {
		return printJSON(o.out, release)
	}
	_, err := fmt.Fprintf(o.out, "%s: catalogue %s, rules %s, %d bytes, snapshot %s\n", what, release.Catalogue, release.Rules, release.Size, release.Digest)
	return written(err)
}

// shelf finds the bucket of the country's catalogues.
func (o *options) shelf(ctx context.Context) (*cloud, publish.Shelf, error) {
	cloud, err := o.cloud(ctx)
	if err != nil {
		return nil, publish.Shelf{}, err
	}
	shelf, err := publish.Open(ctx, cloud.config, cloud.prefix+"catalogue-")
	return cloud, shelf, cloud.reached(err)
}
