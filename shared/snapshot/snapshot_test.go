package snapshot_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/miict/immerse/shared/codes"
	"github.com/miict/immerse/shared/country"
	"github.com/miict/immerse/shared/eligibility"
	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/snapshot"
)

var created = time.Date(2026, 11, 22, 9, 30, 15, 0, time.UTC)

func pack(t testing.TB, code string) *country.Pack {
	t.Helper()
	pack, err := country.Load(code)
	must(t, err)
	return pack
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func compile(t testing.TB, c snapshot.Contents) []byte {
	t.Helper()
	file, err := snapshot.Compile(c, snapshot.CompileIndex)
	must(t, err)
	return file
}

// Every pack, compiled and opened, has everything that it was made of, and its index finds what the pack's engine finds.
func TestAPackGoesInAndComesOut(t *testing.T) {
	for _, code := range country.Codes() {
		t.Run(code, func(t *testing.T) {
			pack := pack(t, code)
			contents := snapshot.OfPack(pack, created)
			contents.Others = []snapshot.Document{{Kind: snapshot.KindLocation, ID: "l1", JSON: []byte(`{"id": "l1", "latitude": 1.50}`)}}
			opened, err := snapshot.Open(compile(t, contents))
			must(t, err)
			documents, err := opened.Documents()
			must(t, err)
			if want := len(pack.Services) + len(pack.Organizations) + 1; documents.Len() != want {
				t.Errorf("%d documents, want %d", documents.Len(), want)
			}
			for i := range pack.Services {
				got, ok := documents.Service(pack.Services[i].ID)
				if !ok || !sameJSON(t, got, &pack.Services[i]) {
					t.Errorf("service %s came out otherwise", pack.Services[i].ID)
				}
			}
			for i := range pack.Organizations {
				got, ok := documents.Organization(pack.Organizations[i].ID)
				if !ok || !sameJSON(t, got, &pack.Organizations[i]) {
					t.Errorf("organization %s came out otherwise", pack.Organizations[i].ID)
				}
			}
			if location, err := documents.Document(snapshot.KindLocation, "l1"); err != nil || string(location) != `{"id":"l1","latitude":1.50}` {
				t.Errorf("location %s, %v", location, err)
			}
			if _, err := documents.Document(snapshot.KindService, "nobody"); !errors.Is(err, snapshot.ErrNoDocument) {
				t.Errorf("a service that isn't there: %v", err)
			}
			if ids := slices.Collect(documents.All(snapshot.KindOrganization)); len(ids) != len(pack.Organizations) || !slices.IsSorted(ids) {
				t.Errorf("organizations %v", ids)
			}
			sameMatches(t, pack, opened)
		})
	}
}

func sameJSON(t *testing.T, a, b any) bool {
	t.Helper()
	x, err := json.Marshal(a)
	must(t, err)
	y, err := json.Marshal(b)
	must(t, err)
	return bytes.Equal(x, y)
}

func sameMatches(t *testing.T, pack *country.Pack, opened *snapshot.Snapshot) {
	t.Helper()
	section, err := opened.Section(snapshot.Index)
	must(t, err)
	engine, err := snapshot.OpenIndex(section)
	must(t, err)
	catalogue, err := match.FromPack(pack)
	must(t, err)
	for _, area := range pack.Areas.All() {
		p := eligibility.Profile{Residence: eligibility.Residence{Region: area.Code}, Needs: codes.Needs, Language: "ar"}
		if diff := cmp.Diff(match.NewLinear(catalogue).Match(p, created), engine.Match(p, created)); diff != "" {
			t.Fatalf("%s (-pack +snapshot):\n%s", area.Code, diff)
		}
	}
}

func TestTheSameContentsGiveTheSameBytesInAnyOrder(t *testing.T) {
	contents := snapshot.OfPack(pack(t, "cy"), created)
	first := compile(t, contents)
	one, err := contents.Digest()
	must(t, err)
	contents.Services = slices.Clone(contents.Services)
	contents.Organizations = slices.Clone(contents.Organizations)
	slices.Reverse(contents.Services)
	slices.Reverse(contents.Organizations)
	contents.Created = contents.Created.Add(time.Nanosecond).In(time.FixedZone("", 3600))
	if !bytes.Equal(first, compile(t, contents)) {
		t.Error("the order of the lists, or the zone of the time, is in the bytes")
	}
	two, err := contents.Digest()
	must(t, err)
	contents.Services[0].Name += "!"
	three, err := contents.Digest()
	must(t, err)
	if one != two || two == three || len(one) != 12 {
		t.Errorf("digests %s, %s, and of a changed catalogue %s", one, two, three)
	}
}

func TestWhatIsInTheManifest(t *testing.T) {
	pack := pack(t, "it")
	file := compile(t, snapshot.OfPack(pack, created))
	opened, err := snapshot.Open(file)
	must(t, err)
	manifest, err := opened.Verify()
	must(t, err)
	source, err := snapshot.OfPack(pack, created).Source()
	must(t, err)
	if manifest.Country != "IT" || manifest.Catalogue != pack.Version || manifest.Rules != match.RulesOf(source) ||
		!manifest.Created.Equal(created) || manifest.Size != int64(len(file)) || len(manifest.Digest) != 64 {
		t.Errorf("manifest %+v", manifest)
	}
	for _, section := range manifest.Sections {
		part := file[section.Offset : section.Offset+section.Length]
		if err := section.Verify(part); err != nil {
			t.Error(err)
		}
		if err := section.Verify(part[1:]); !errors.Is(err, snapshot.ErrDamaged) {
			t.Errorf("a section without its first byte: %v", err)
		}
	}
	must(t, manifest.Check("IT"))
	if err := manifest.Check("ES"); !errors.Is(err, snapshot.ErrForeign) {
		t.Errorf("another country's: %v", err)
	}
	manifest.Format++
	if err := manifest.Check("IT"); !errors.Is(err, snapshot.ErrForeign) {
		t.Errorf("another format: %v", err)
	}
}

// What was taken apart compiles to the same file again: so a program with other rules can make its own index.
func TestContentsAreTheWholeCatalogue(t *testing.T) {
	file := compile(t, snapshot.OfPack(pack(t, "es"), created))
	opened, err := snapshot.Open(file)
	must(t, err)
	settings, err := opened.Section(snapshot.Settings)
	must(t, err)
	documents, err := opened.Section(snapshot.Documents)
	must(t, err)
	contents, err := snapshot.ContentsOf(opened.Manifest(), settings, documents)
	must(t, err)
	if !bytes.Equal(compile(t, contents), file) {
		t.Error("the contents of a snapshot make another one")
	}
}

func TestBadContentsAreRefused(t *testing.T) {
	twice := snapshot.OfPack(pack(t, "cy"), created)
	twice.Services = append(slices.Clone(twice.Services), twice.Services[0])
	nowhere := snapshot.OfPack(pack(t, "cy"), created)
	nowhere.Configuration.TimeZone = "Nowhere/Land"
	unnamed := snapshot.OfPack(pack(t, "cy"), created)
	unnamed.Version = strings.Repeat("v", 33)
	for name, contents := range map[string]snapshot.Contents{"a service twice": twice, "no time zone": nowhere, "a long version": unnamed} {
		if _, err := snapshot.Compile(contents, snapshot.CompileIndex); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	none := errors.New("no index")
	_, err := snapshot.Compile(snapshot.OfPack(pack(t, "cy"), created), func(match.Source) ([]byte, error) { return nil, none })
	if !errors.Is(err, none) {
		t.Errorf("an index that can't be made: %v", err)
	}
}

// small is a snapshot that is small enough to be damaged in every way.
func small() []byte {
	file, err := snapshot.Compile(snapshot.Contents{
		Country: "XX", Version: "v1", Created: created,
		Configuration: snapshot.Configuration{TimeZone: "UTC", MatchesPerNeed: 5, Areas: []country.Area{{Code: "XX", Name: "All"}}},
		Services:      []hsds.Service{{ID: "s1", Name: "One", Status: "active"}, {ID: "s2", Name: "Two", Status: "active"}},
		Organizations: []hsds.Organization{{ID: "o1", Name: "Office", Description: "d"}},
	}, snapshot.CompileIndex)
	if err != nil {
		panic(err)
	}
	return file
}

// readAll reads a file as far as it goes and gives everything in it as one text.
func readAll(file []byte) (string, error) {
	opened, err := snapshot.Open(file)
	if err != nil {
		return "", err
	}
	var all strings.Builder
	for _, name := range []string{snapshot.Settings, snapshot.Index} {
		section, err := opened.Section(name)
		if err != nil {
			return "", err
		}
		all.Write(section)
	}
	documents, err := opened.Documents()
	if err != nil {
		return "", err
	}
	for _, kind := range []string{snapshot.KindService, snapshot.KindOrganization, ""} {
		for id := range documents.All(kind) {
			object, err := documents.Document(kind, id)
			if err != nil {
				return "", err
			}
			all.WriteString(kind + id + string(object))
		}
	}
	return all.String(), nil
}

// Any byte changed, any end cut off: an error that says so, or, where no one reads, no difference.
func TestEveryDamageIsSeen(t *testing.T) {
	file := small()
	want, err := readAll(file)
	must(t, err)
	seen := 0
	for i := range file {
		for _, change := range []byte{0x01, 0x80, 0xFF} {
			damaged := bytes.Clone(file)
			damaged[i] ^= change
			got, err := readAll(damaged)
			switch {
			case errors.Is(err, snapshot.ErrDamaged), errors.Is(err, snapshot.ErrForeign):
				seen++
			case err != nil:
				t.Fatalf("byte %d: %v", i, err)
			case got != want:
				t.Fatalf("byte %d changed what is read, unseen", i)
			}
		}
	}
	for i := range file {
		if _, err := readAll(file[:i]); err == nil {
			t.Fatalf("cut off at %d: no error", i)
		}
	}
	if _, err := readAll(append(bytes.Clone(file), 0)); !errors.Is(err, snapshot.ErrDamaged) {
		t.Errorf("a byte too many: %v", err)
	}
	if seen < 2*len(file) {
		t.Errorf("only %d of %d changes were seen", seen, 3*len(file))
	}
}

// Verify passes nothing over, not even what no one reads: each byte counts, also of the documents and the padding.
func TestVerifySeesEveryChange(t *testing.T) {
	file := small()
	verify := func(file []byte) error {
		opened, err := snapshot.Open(file)
		if err == nil {
			_, err = opened.Verify()
		}
		return err
	}
	must(t, verify(file))
	for i := range file {
		damaged := bytes.Clone(file)
		damaged[i] ^= 1 << (i % 8)
		if err := verify(damaged); !errors.Is(err, snapshot.ErrDamaged) && !errors.Is(err, snapshot.ErrForeign) {
			t.Fatalf("byte %d of %d: %v", i, len(file), err)
		}
	}
}

// Damage whose checks were made to fit, as otherwise nothing gets past them: an error or other contents, never a panic.
func TestNoDamageMakesAReaderPanic(t *testing.T) {
	rounds, file := 20_000, small()
	if testing.Short() {
		rounds = 2_000
	}
	random := rand.New(rand.NewPCG(1, 1))
	read := 0
	for range rounds {
		damaged := bytes.Clone(file)
		for range 1 + random.IntN(4) {
			damaged[random.IntN(len(damaged))] = byte(random.IntN(256))
		}
		if _, err := readAll(snapshot.Mend(damaged)); err == nil {
			read++
		}
	}
	if read < rounds/20 {
		t.Errorf("only %d of %d were read at all: this looks at little", read, rounds)
	}
}

// FuzzOpen looks for bytes that make a reader panic. The checks are made to fit, as otherwise nothing gets past them.
func FuzzOpen(f *testing.F) {
	file := small()
	f.Add(file, 100, byte(7))
	f.Add(file, 1100, byte(255))
	f.Add([]byte("IMMSNAP\n"), 0, byte(0))
	f.Fuzz(func(_ *testing.T, data []byte, at int, value byte) {
		_, _ = readAll(data)
		if len(data) > 0 {
			data = bytes.Clone(data)
			data[(at%len(data)+len(data))%len(data)] = value
			_, _ = readAll(snapshot.Mend(data))
		}
		_, _ = snapshot.OpenIndex(data)
		if directory, err := snapshot.OpenDocuments(data); err == nil {
			for id := range directory.All(snapshot.KindService) {
				_, _ = directory.Document(snapshot.KindService, id)
			}
		}
	})
}
