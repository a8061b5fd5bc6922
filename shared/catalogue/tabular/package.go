package tabular

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/miict/immerse/shared/catalogue"
)

// descriptor is a datapackage.json, as far as we read it.
type descriptor struct {
	Profile   string     `json:"profile"`
	Name      string     `json:"name"`
	Resources []resource `json:"resources"`
}

type resource struct {
	Name    string   `json:"name"`
	Path    string   `json:"path"`
	Profile string   `json:"profile,omitempty"`
	Schema  schema   `json:"schema"`
	Dialect *dialect `json:"dialect,omitempty"`
}

type schema struct {
	Fields        []column     `json:"fields"`
	MissingValues []string     `json:"missingValues,omitempty"`
	PrimaryKey    any          `json:"primaryKey,omitempty"`
	ForeignKeys   []foreignKey `json:"foreignKeys,omitempty"`
}

type column struct {
	Name string `json:"name"`
	Type string `json:"type,omitempty"` // Frictionless: string, number, integer, boolean, object, array, any, …
	JSON bool   `json:"json,omitempty"` // ours: every cell is JSON, texts in quotes too
}

type foreignKey struct {
	Fields    string    `json:"fields"`
	Reference reference `json:"reference"`
}

type reference struct {
	Resource string `json:"resource"`
	Fields   string `json:"fields"`
}

type dialect struct {
	Delimiter string `json:"delimiter,omitempty"`
}

const descriptorFile = "datapackage.json"

// ErrNotPackage is the error of Read for a folder without HSDS's tables.
var ErrNotPackage = errors.New("holds neither a datapackage.json nor one of HSDS's CSV files, such as services.csv")

// describe finds a package's folder, at the top or one below, as a zip often holds one folder, and what is in it.
func describe(fsys fs.FS) (folder string, d descriptor, err error) {
	for _, pattern := range []string{descriptorFile, "*/" + descriptorFile, "services.csv", "*/services.csv"} {
		found, err := fs.Glob(fsys, pattern)
		if err != nil || len(found) == 0 {
			continue
		}
		folder = path.Dir(found[0])
		if path.Base(pattern) == descriptorFile {
			d, err = readDescriptor(fsys, found[0])
		} else {
			d, err = guess(fsys, folder)
		}
		return folder, d, err
	}
	return "", d, ErrNotPackage
}

func readDescriptor(fsys fs.FS, name string) (d descriptor, err error) {
	data, err := readAll(fsys, name)
	if err != nil {
		return d, err
	}
	if err := json.Unmarshal(trimMark(data), &d); err != nil {
		return d, fmt.Errorf("%s: %w", name, err)
	}
	for i, r := range d.Resources {
		if !fs.ValidPath(r.Path) {
			return d, fmt.Errorf("%s: resources[%d].path: %q is not a file of the package", name, i, r.Path)
		}
	}
	return d, nil
}

// guess describes a folder that only holds tables, by their file names.
func guess(fsys fs.FS, folder string) (d descriptor, err error) {
	files, err := fs.Glob(fsys, path.Join(folder, "*.csv"))
	for _, file := range files {
		d.Resources = append(d.Resources, resource{Path: path.Base(file)})
	}
	return d, err
}

// tableOf finds the table that a resource holds, by its name or its file's, in the singular or the plural.
func tableOf(r resource) (*catalogue.Table, bool) {
	names := []string{r.Name, strings.TrimSuffix(path.Base(r.Path), path.Ext(r.Path))}
	for _, table := range catalogue.Tables() {
		file := strings.TrimSuffix(table.File, ".csv")
		for _, own := range []string{string(table.Kind), file, string(table.Kind) + "s"} {
			if slices.Contains(names, own) {
				return catalogue.TableOf(table.Kind)
			}
		}
	}
	return nil, false
}

// MaxFile is the largest file of a package that is read, in bytes: a zip of a few kilobytes may hold gigabytes.
const MaxFile = 512 << 20

func readAll(fsys fs.FS, name string) ([]byte, error) {
	file, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, MaxFile+1))
	if err == nil && len(data) > MaxFile {
		err = fmt.Errorf("%s: is larger than %d MiB", name, MaxFile>>20)
	}
	return data, err
}

func trimMark(data []byte) []byte { return []byte(strings.TrimPrefix(string(data), "\ufeff")) }
