package index

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math/rand/v2"
	"testing"

	"github.com/miict/immerse/shared/match/matchtest"
)

// ask does everything that can be done with an engine.
func ask(e *Engine, random *rand.Rand) {
	source := matchtest.Tempers[0].Random(random)
	for range 3 {
		p := matchtest.Person(random, source.Areas)
		e.Match(p, matchtest.Submitted)
		e.Top(p, matchtest.Submitted, 2)
		e.Append(nil, &p, matchtest.Submitted)
	}
}

func seal(data []byte) {
	if len(data) > countAt {
		binary.LittleEndian.PutUint32(data[checksumAt:], crc32.Checksum(data[countAt:], castagnoli))
	}
}

// Whatever single byte is changed, Open says so.
func TestOpenSeesEveryChange(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	data, err := Compile(matchtest.Tempers[0].Random(random))
	if err != nil {
		t.Fatal(err)
	}
	for range 2000 {
		at, was := random.IntN(len(data)), byte(0)
		was, data[at] = data[at], data[at]^byte(1+random.IntN(255))
		if _, err := Open(data); !errors.Is(err, ErrCorrupt) {
			t.Fatalf("byte %d was changed: %v", at, err)
		}
		data[at] = was
	}
	for length := range len(data) {
		if _, err := Open(data[:length]); !errors.Is(err, ErrCorrupt) {
			t.Fatalf("cut to %d bytes: %v", length, err)
		}
	}
}

// Bytes that somebody changed and gave the right checksum are refused or give some answer; they never make it panic.
func TestForgedBytesNeverPanic(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 2))
	opened := 0
	for round := range 60 {
		data, err := Compile(matchtest.Tempers[round%len(matchtest.Tempers)].Random(random))
		if err != nil {
			t.Fatal(err)
		}
		for range 20 {
			forged := append([]byte(nil), data...)
			for range 1 + random.IntN(3) {
				forged[len(Format)+random.IntN(len(forged)-len(Format))] = byte(random.IntN(256))
			}
			seal(forged)
			e, err := Open(forged)
			if err != nil && !errors.Is(err, ErrCorrupt) {
				t.Fatal(err)
			}
			if err == nil {
				opened++
				ask(e, random)
			}
		}
	}
	if opened == 0 {
		t.Error("nothing forged was opened, so nothing was tried")
	}
}

func FuzzOpen(f *testing.F) {
	for i, temper := range matchtest.Tempers {
		data, err := Compile(temper.Random(rand.New(rand.NewPCG(3, uint64(i)))))
		if err != nil {
			f.Fatal(err)
		}
		if len(data) < 20_000 {
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		seal(data)
		if e, err := Open(data); err == nil {
			ask(e, rand.New(rand.NewPCG(4, 4)))
		} else if !errors.Is(err, ErrCorrupt) {
			t.Fatal(err)
		}
	})
}
