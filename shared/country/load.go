package country

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/miict/immerse/shared/hsds"
)

// ErrUnknown is the error of Load for a country that has no pack.
var ErrUnknown = errors.New("country: no such pack")

// The files of a pack.
const (
	settingsFile      = "pack.json"
	areasFile         = "areas.json"
	organizationsFile = "organizations.json"
	servicesFolder    = "services"
)

// Codes gives the folder names of all embedded packs, sorted, in lower case: "cy", "es", "it".
func Codes() []string { return CodesFS(embedded) }

// CodesFS gives the names of the folders of a file system that hold a pack, sorted.
func CodesFS(fsys fs.FS) []string {
	packs, err := fs.Glob(fsys, "*/"+settingsFile)
	if err != nil {
		return nil // only a malformed pattern fails
	}
	codes := make([]string, len(packs))
	for i, name := range packs {
		codes[i] = path.Dir(name)
	}
	return codes
}

// Load reads the embedded pack of a country, by its ISO 3166-1 code in capitals or small letters. It refuses files
// that are not well-formed, naming every problem in an error that is a Problems; whether what they say makes sense is
// for Validate, which a test asks of every embedded pack, so that starting up stays cheap. For an unknown country the
// error wraps ErrUnknown. It is read once: what two calls give has organizations and services of its own, in which only what they
// point to is shared and read-only.
func Load(code string) (*Pack, error) {
	load, _ := loaded.LoadOrStore(strings.ToLower(code), sync.OnceValues(func() (*Pack, error) { return LoadFS(embedded, code) }))
	pack, err := load.(func() (*Pack, error))()
	if err != nil {
		return nil, err
	}
	own := *pack
	own.Organizations, own.Services = slices.Clone(pack.Organizations), slices.Clone(pack.Services)
	return &own, nil
}

// loaded are the embedded packs, each read when it is first asked for: by folder, func() (*Pack, error).
var loaded sync.Map

// LoadFS reads the pack in the folder of a file system that is called code in small letters. See Load.
func LoadFS(fsys fs.FS, code string) (*Pack, error) {
	pack, problems, err := read(fsys, code)
	if err != nil {
		return nil, err
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return pack, nil
}

// CheckFS reads a pack and validates whatever could be read, so that an author sees all problems of form and of sense
// together. The error is a Problems, or wraps ErrUnknown, or is nil.
func CheckFS(fsys fs.FS, code string) error {
	pack, problems, err := read(fsys, code)
	if err != nil {
		return err
	}
	var more Problems
	if errors.As(pack.Validate(), &more) {
		problems = append(problems, more...)
	}
	return problems.err()
}

// reader reads one pack and gathers its problems and its digest.
type reader struct {
	files    fs.FS
	problems Problems
	digest   hash.Hash
}

func read(fsys fs.FS, code string) (*Pack, Problems, error) {
	folder := strings.ToLower(code)
	if !fs.ValidPath(folder) || strings.Contains(folder, "/") {
		return nil, nil, fmt.Errorf("%w: %q", ErrUnknown, code)
	}
	if _, err := fs.Stat(fsys, path.Join(folder, settingsFile)); err != nil {
		return nil, nil, fmt.Errorf("%w: %q", ErrUnknown, code)
	}
	files, err := fs.Sub(fsys, folder)
	if err != nil {
		return nil, nil, fmt.Errorf("country: opening pack %q: %w", code, err)
	}
	r := &reader{files: files, digest: sha256.New()}
	pack := &Pack{folder: folder}
	r.settings(&pack.Settings)
	var areas []Area
	r.strict(areasFile, r.contents(areasFile), &areas)
	pack.Areas = NewAreas(areas)
	pack.Organizations = list[hsds.Organization](r, organizationsFile)
	r.services(pack)
	pack.Version = hex.EncodeToString(r.digest.Sum(nil))[:12]
	return pack, r.problems, nil
}

// contents reads a file and takes it into the digest, by name and length, so that no two packs can look the same.
func (r *reader) contents(name string) []byte {
	data, err := fs.ReadFile(r.files, name)
	if err != nil {
		r.problems.add(name, "", "", "cannot be read: %v", err)
		return nil
	}
	fmt.Fprintf(r.digest, "%s\n%d\n", name, len(data))
	_, _ = r.digest.Write(data) // a hash never fails
	return data
}

// needed are the members that pack.json must have: leaving one out is more often forgotten than meant.
var needed = []string{
	"code", "name", "region", "mail_region", "time_zone", "languages", "mail_from", "weights", "offer_unassured",
	"matches_per_need", "response_days", "retention_days", "help_lines", "holidays",
}

func (r *reader) settings(settings *Settings) {
	data := r.contents(settingsFile)
	var members map[string]json.RawMessage
	if json.Unmarshal(data, &members) == nil {
		for _, name := range needed {
			if _, ok := members[name]; !ok {
				r.problems.add(settingsFile, "", name, "is missing")
			}
		}
	}
	r.strict(settingsFile, data, settings)
}

// strict reads one of our own files, which have no members but those we know.
func (r *reader) strict(name string, data []byte, target any) {
	if data == nil {
		return
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(target); err != nil {
		r.problems.add(name, "", "", "%v", err)
		return
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		r.problems.add(name, "", "", "goes on after its end")
	}
}

// list reads a list of HSDS objects, each by itself so that one bad object hides no other. UnmarshalJSON is called
// directly: json.Unmarshal would go twice more over what is known to be valid, and this is most of a cold start.
func list[T any, P interface {
	*T
	json.Unmarshaler
}](r *reader, name string) []T {
	data := r.contents(name)
	if data == nil {
		return nil
	}
	var raw []json.RawMessage
	if err := json.Unmarshal(data, &raw); err != nil {
		r.problems.add(name, "", "", "%v", err)
		return nil
	}
	objects := make([]T, len(raw))
	for i := range raw {
		if err := P(&objects[i]).UnmarshalJSON(raw[i]); err != nil {
			r.problems.addDecoding(name, nameOf(raw[i], i), err)
		}
	}
	return objects
}

// nameOf names an object that could not be read.
func nameOf(data []byte, index int) string {
	var object struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(data, &object) != nil || object.ID == "" {
		return fmt.Sprintf("[%d]", index)
	}
	return object.ID
}

func (r *reader) services(pack *Pack) {
	names, err := fs.Glob(r.files, servicesFolder+"/*.json")
	if err != nil || len(names) == 0 {
		r.problems.add(servicesFolder, "", "", "holds no file of services")
		return
	}
	for _, name := range names {
		for _, service := range list[hsds.Service](r, name) {
			pack.Services = append(pack.Services, service)
			pack.files = append(pack.files, name)
		}
	}
}
