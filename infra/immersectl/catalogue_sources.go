package main

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/miict/immerse/shared/catalogue"
	"github.com/miict/immerse/shared/catalogue/feed"
	"github.com/miict/immerse/shared/catalogue/tabular"
	"github.com/miict/immerse/shared/country"
)

// aboutSources is part of several helps.
const aboutSources = `A source is one of

  FILE                 HSDS objects as JSON (one, a list, a page of an API) or ndjson; "-" is
                       standard input
  FILE.zip, FOLDER     the tabular form: a data package of CSV files
  https://…            an HSDS API, read page by page: all its lists, or one ("…/services")`

// read gives all objects of the sources, in their order.
func (o *options) read(ctx context.Context, sources []string) ([]catalogue.Record, error) {
	var all []catalogue.Record
	going := o.progress("objects read")
	defer going.end()
	for _, source := range sources {
		add := func(r feed.Record) error {
			going.step()
			all = append(all, catalogue.NewRecord(source+": "+r.Place, r.Data))
			return nil
		}
		switch {
		case strings.HasPrefix(source, "https://") || strings.HasPrefix(source, "http://"):
			if err := (feed.API{}).Each(ctx, source, func(r feed.Record) error {
				going.step()
				all = append(all, catalogue.NewRecord(r.Place, r.Data))
				return nil
			}); err != nil {
				return nil, fmt.Errorf("reading the API: %w", err)
			}
		case isTabular(source):
			records, err := readTables(source)
			if err != nil {
				return nil, badInput("%s: %v", source, err)
			}
			all = append(all, records...)
		default:
			if err := o.each(source, add); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

func isTabular(source string) bool {
	info, err := os.Stat(source)
	return err == nil && (info.IsDir() || strings.EqualFold(filepath.Ext(source), ".zip"))
}

func readTables(source string) ([]catalogue.Record, error) {
	if info, err := os.Stat(source); err == nil && info.IsDir() {
		return tabular.Read(os.DirFS(source))
	}
	archive, err := zip.OpenReader(source)
	if err != nil {
		return nil, err
	}
	defer archive.Close()
	return tabular.Read(archive)
}

// around gives what a catalogue may refer to: the areas and organizations of --country, or of all countries.
func (o *options) around() (catalogue.Around, error) {
	codes := country.Codes()
	if o.country != "" {
		codes = []string{o.country}
	}
	var packs []*country.Pack
	for _, code := range codes {
		pack, err := country.Load(code)
		if errors.Is(err, country.ErrUnknown) {
			_, err = o.pack() // which says what there is
		}
		if err != nil {
			return catalogue.Around{}, err
		}
		packs = append(packs, pack)
	}
	return catalogue.Around{
		Area: func(code string) bool {
			return slices.ContainsFunc(packs, func(p *country.Pack) bool { _, ok := p.Areas.Lookup(code); return ok })
		},
		Organization: func(id string) bool {
			return slices.ContainsFunc(packs, func(p *country.Pack) bool { _, ok := p.Organization(id); return ok })
		},
	}, nil
}
