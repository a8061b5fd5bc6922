package snapshot

import "github.com/miict/immerse/shared/match"

// CompileIndex makes the index section of the engine that this program matches with.
func CompileIndex(source match.Source) ([]byte, error) { return CompileLinear(source) }

// OpenIndex gives that engine over an index section, whose bytes must not change.
func OpenIndex(section []byte) (match.Engine, error) { return OpenLinear(section) }
