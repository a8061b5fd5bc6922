package snapshot

import (
	"github.com/miict/immerse/shared/match"
	"github.com/miict/immerse/shared/match/index"
)

// CompileIndex makes the index section of the engine that this program matches with.
func CompileIndex(source match.Source) ([]byte, error) { return index.Compile(source) }

// OpenIndex gives that engine over an index section, whose bytes must not change.
func OpenIndex(section []byte) (*index.Engine, error) { return index.Open(section) }
