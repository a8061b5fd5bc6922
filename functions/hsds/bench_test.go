package hsds_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/miict/immerse/shared/catalogue/opendata"
	"github.com/miict/immerse/shared/country"
	catalog "github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/snapshot"
)

// BenchmarkDirectory shows what a cold start and an answer take, over the pack and over 100,000 services; "without" is what
// it takes to start with a snapshot that lacks the section, which is read as a whole first.
func BenchmarkDirectory(b *testing.B) {
	own, err := country.Load("es")
	if err != nil {
		b.Fatal(err)
	}
	b.Run("pack", func(b *testing.B) {
		for b.Loop() {
			opendata.OfPack(own)
		}
	})
	if testing.Short() {
		return
	}
	contents := national(own, 100_000)
	file, err := snapshot.Compile(contents, snapshot.CompileIndex, opendata.Addition)
	if err != nil {
		b.Fatal(err)
	}
	opened, err := snapshot.Open(file)
	if err != nil {
		b.Fatal(err)
	}
	section := func(name string) []byte {
		data, err := opened.Section(name)
		if err != nil {
			b.Fatal(err)
		}
		return data
	}
	for name, public := range map[string][]byte{"100000": section(opendata.Section), "100000 without": nil} {
		b.Run("start/"+name, func(b *testing.B) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			for b.Loop() {
				d, err := opendata.Open("ES", "v", section(snapshot.Settings), section(snapshot.Documents), public)
				if err != nil {
					b.Fatal(err)
				}
				runtime.GC()
				runtime.ReadMemStats(&after)
				runtime.KeepAlive(d)
			}
			b.ReportMetric(float64(len(section(opendata.Section)))/1e6, "MB-section")
			b.ReportMetric(float64(len(section(snapshot.Documents)))/1e6, "MB-documents")
			b.ReportMetric(float64(int64(after.HeapAlloc)-int64(before.HeapAlloc))/1e6, "MB-heap")
		})
	}
	d, err := opendata.Open("ES", "v", section(snapshot.Settings), section(snapshot.Documents), section(opendata.Section))
	if err != nil {
		b.Fatal(err)
	}
	h := handler(fixed{directory: d})
	for _, address := range []string{
		"services", "services?page=1000", "services?full=true", "services?search=gr", "services?search=madrid+curso",
		"services?taxonomy_id=x", "services?modified_after=2026-01-01", "services?per_page=1000", "organizations?full=true&per_page=5",
		"services/" + contents.Services[77777].ID,
	} {
		b.Run("ask/"+address, func(b *testing.B) {
			for b.Loop() {
				if got := ask(b, h, "GET", "/hsds/"+address, "accept-encoding", "gzip"); got.status != 200 {
					b.Fatal(got.status, got.body)
				}
			}
		})
	}
}

// national is a catalogue of the size of a whole country's: a pack, many times over.
func national(own *country.Pack, services int) snapshot.Contents {
	contents := snapshot.OfPack(own, time.Unix(0, 0))
	starter := contents.Services
	contents.Services = make([]catalog.Service, services)
	for i := range contents.Services {
		s := starter[i%len(starter)]
		s.ID = fmt.Sprintf("%08x-%04x-4000-8000-%012x", i*2654435761%(1<<32), i%65536, i)
		s.Name = fmt.Sprintf("%s %d", s.Name, i)
		contents.Services[i] = s
	}
	return contents
}
