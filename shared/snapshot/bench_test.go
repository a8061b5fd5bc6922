package snapshot_test

import (
	"crypto/sha256"
	"fmt"
	"hash/crc32"
	"testing"

	"github.com/miict/immerse/shared/hsds"
	"github.com/miict/immerse/shared/snapshot"
)

// national is a catalogue of the size of a whole country's: the Spanish pack, many times over.
func national(tb testing.TB, services int) snapshot.Contents {
	contents := snapshot.OfPack(pack(tb, "es"), created)
	starter := contents.Services
	contents.Services = make([]hsds.Service, services)
	for i := range contents.Services {
		s := starter[i%len(starter)]
		s.ID = fmt.Sprintf("%08x-%04x-4000-8000-%012x", i*2654435761%(1<<32), i%65536, i)
		s.Name = fmt.Sprintf("%s %d", s.Name, i)
		contents.Services[i] = s
	}
	return contents
}

func BenchmarkOpen(b *testing.B) {
	file, err := snapshot.Compile(national(b, 100_000), snapshot.CompileIndex)
	must(b, err)
	b.Run("open", func(b *testing.B) {
		b.ReportMetric(float64(len(file))/1e6, "MB")
		for b.Loop() {
			opened, err := snapshot.Open(file)
			must(b, err)
			_, err = opened.Documents()
			must(b, err)
		}
	})
	opened, err := snapshot.Open(file)
	must(b, err)
	index, err := opened.Section(snapshot.Index)
	must(b, err)
	b.Run("index/crc32c", func(b *testing.B) {
		b.SetBytes(int64(len(index)))
		for b.Loop() {
			crc32.Checksum(index, crc32.MakeTable(crc32.Castagnoli))
		}
	})
	b.Run("index/sha256", func(b *testing.B) {
		b.SetBytes(int64(len(index)))
		for b.Loop() {
			sha256.Sum256(index)
		}
	})
	b.Run("index/open", func(b *testing.B) {
		b.ReportMetric(float64(len(index))/1e6, "MB")
		for b.Loop() {
			_, err := snapshot.OpenIndex(index)
			must(b, err)
		}
	})
	documents, err := opened.Documents()
	must(b, err)
	ids := []string{}
	for id := range documents.All(snapshot.KindService) {
		ids = append(ids, id)
	}
	b.Run("service", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			if _, ok := documents.Service(ids[i*7919%len(ids)]); !ok {
				b.Fatal("not found")
			}
		}
	})
}

func BenchmarkCompile(b *testing.B) {
	contents := national(b, 10_000)
	for b.Loop() {
		_, err := snapshot.Compile(contents, snapshot.CompileIndex)
		must(b, err)
	}
}
