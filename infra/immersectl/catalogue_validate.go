package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/miict/immerse/shared/catalogue/feed"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/hsds"
)

// validation gathers the problems of a catalogue.
type validation struct {
	*options
	problems []located
	foreign  int // services without our extension: sound, and never matched
}

// located is one problem as --json prints it.
type located struct {
	Where string `json:"where"`
	ID    string `json:"id,omitempty"`
	Path  string `json:"path,omitempty"`
	Text  string `json:"text"`
}

func (v *validation) run(files []string) error {
	if len(files) == 0 {
		if _, err := v.pack(); err != nil && v.country == "" {
			return badInput("what? Name files, or a country with --country")
		}
		if err := v.embedded(); err != nil {
			return err
		}
		return v.tell()
	}
	if v.country != "" {
		if _, err := v.pack(); err != nil {
			return err
		}
	}
	var loose []string
	for _, file := range files {
		if info, err := os.Stat(file); err == nil && info.IsDir() {
			folder := filepath.Clean(file)
			v.addPack(folder, country.CheckFS(os.DirFS(filepath.Dir(folder)), filepath.Base(folder)))
		} else {
			loose = append(loose, file)
		}
	}
	if len(loose) > 0 {
		if err := v.files(loose); err != nil {
			return err
		}
	}
	return v.tell()
}

// embedded looks at the pack that is in the program.
func (v *validation) embedded() error {
	pack, err := country.Load(v.country)
	if errors.Is(err, country.ErrUnknown) {
		_, err = v.pack() // which says what there is
		return err
	}
	if err == nil {
		err = pack.Validate()
	}
	v.addPack(v.country, err)
	return nil
}

// addPack adds the problems of a whole pack.
func (v *validation) addPack(name string, err error) {
	var problems country.Problems
	if err != nil && !errors.As(err, &problems) {
		v.problems = append(v.problems, located{Where: name, Text: err.Error()})
	}
	for _, p := range problems {
		v.problems = append(v.problems, located{filepath.Join(name, p.File), p.ID, p.Path, p.Text})
	}
}

// files looks at services and organizations in files of any kind, all together, since they refer to each other.
func (v *validation) files(files []string) error {
	pack, err := v.around()
	if err != nil {
		return err
	}
	ours := len(pack.Organizations)
	where := map[string]string{}
	going := v.progress("objects read")
	defer going.end()
	for _, file := range files {
		err := v.each(file, func(r feed.Record) error {
			going.step()
			place := file + ": " + r.Place
			read := readStrictly(r.Data)
			for _, p := range read.problems {
				v.problems = append(v.problems, located{place, read.id, p.Path, p.Text})
			}
			if len(read.problems) == 0 {
				where[string(read.kind)+read.id] = place
				v.keep(pack, place, read)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	v.addObjects(pack, ours, where)
	return nil
}

// around gives a pack that has the areas and organizations that files may refer to, and no services.
func (v *validation) around() (*country.Pack, error) {
	codes := country.Codes()
	if v.country != "" {
		codes = []string{v.country}
	}
	around := &country.Pack{}
	var areas []country.Area
	for _, code := range codes {
		pack, err := country.Load(code)
		if err != nil {
			return nil, fmt.Errorf("loading the pack of %s: %w", code, err)
		}
		areas = append(areas, pack.Areas.All()...)
		around.Organizations = append(around.Organizations, pack.Organizations...)
	}
	around.Areas = country.NewAreas(areas)
	return around, nil
}

// keep puts an object where the pack's own rules will look at it. A foreign service is only asked for what HSDS asks.
func (v *validation) keep(pack *country.Pack, place string, read strictlyRead) {
	switch {
	case read.organization != nil:
		known := slices.IndexFunc(pack.Organizations, func(o hsds.Organization) bool { return o.ID == read.id })
		if known < 0 {
			pack.Organizations = append(pack.Organizations, *read.organization)
		}
	case read.service != nil && read.service.Immerse != nil:
		pack.Services = append(pack.Services, *read.service)
	case read.service != nil:
		v.foreign++
		if read.service.Name == "" {
			v.problems = append(v.problems, located{place, read.id, "name", "is empty"})
		}
		if !slices.Contains(hsds.Statuses, read.service.Status) {
			v.problems = append(v.problems, located{place, read.id, "status", "is none of HSDS's"})
		}
	}
}

// addObjects adds what the pack's rules say of the files' objects, and nothing of what is around them.
func (v *validation) addObjects(pack *country.Pack, ours int, where map[string]string) {
	var problems country.Problems
	if !errors.As(pack.Validate(), &problems) {
		return
	}
	organizations := map[string]*hsds.Organization{}
	for i := ours; i < len(pack.Organizations); i++ {
		organizations[pack.Organizations[i].ID] = &pack.Organizations[i]
	}
	for _, p := range problems {
		place := where["service"+p.ID]
		if o, ok := organizations[p.ID]; ok && p.File == "organizations.json" {
			if place = where["organization"+p.ID]; o.Immerse == nil && p.Path == "immerse" {
				continue // a foreign organization gets no mail, and that is all
			}
		} else if p.File != "services" || place == "" {
			continue
		}
		v.problems = append(v.problems, located{place, p.ID, p.Path, p.Text})
	}
}

func (v *validation) tell() error {
	if v.json {
		if v.problems == nil {
			v.problems = []located{}
		}
		if err := printJSON(v.out, v.problems); err != nil {
			return err
		}
	} else {
		for _, p := range v.problems {
			fmt.Fprintln(v.out, country.Problem{File: p.Where, ID: p.ID, Path: p.Path, Text: p.Text}.Error())
		}
	}
	if v.foreign > 0 {
		fmt.Fprintf(v.err, "%d services have no \"immerse\" object: they are never matched\n", v.foreign)
	}
	if len(v.problems) > 0 {
		return badInput("%s", counted(len(v.problems)))
	}
	if !v.json {
		fmt.Fprintln(v.out, "No problems.")
	}
	return nil
}
