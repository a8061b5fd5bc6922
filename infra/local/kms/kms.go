// Package kms is AWS KMS in memory, as far as Immerse uses it: symmetric keys that encrypt, decrypt and make data
// keys. The cryptography is real (AES-256-GCM with the encryption context as additional data); the keys are gone when
// the process ends, and with them everything they protected.
package kms

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"

	"github.com/miict/immerse/infra/local/protocol"
)

// Server holds the keys. Its methods may be called at the same time.
type Server struct {
	// Region is put into ARNs.
	Region string

	mu      sync.Mutex
	keys    map[string]*key   // by id
	aliases map[string]string // "alias/…" to id
}

type key struct {
	id       [16]byte
	arn      string
	material [32]byte
}

// Create makes a key with an alias and gives its ARN. The id follows from the alias, so that it is the same on every
// start; the key itself is new on every start.
func (s *Server) Create(alias string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.keys == nil {
		s.keys, s.aliases = map[string]*key{}, map[string]string{}
	}
	k := &key{id: idOf(alias), arn: ARN(s.Region, alias)}
	_, _ = rand.Read(k.material[:]) // never fails since Go 1.24
	id := formatID(k.id)
	s.keys[id], s.aliases[alias] = k, id
	return k.arn
}

// ARN is the ARN of the key that Create makes for an alias.
func ARN(region, alias string) string {
	return "arn:aws:kms:" + region + ":000000000000:key/" + formatID(idOf(alias))
}

func idOf(alias string) (id [16]byte) {
	sum := sha256.Sum256([]byte(alias))
	copy(id[:], sum[:])
	return id
}

// Named gives the ARN of the key that a call is about: the one that it names, or else the one its ciphertext is under.
// It is empty if there is none.
func (s *Server) Named(name string, ciphertext []byte) string {
	k, err := s.find(name)
	if name == "" {
		k, err = s.keyOf(ciphertext)
	}
	if err != nil {
		return ""
	}
	return k.arn
}

func formatID(id [16]byte) string {
	h := hex.EncodeToString(id[:])
	return strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-")
}

// Operations gives the server's actions for serving over HTTP.
func (s *Server) Operations() protocol.Operations {
	return protocol.Operations{
		"Encrypt":         protocol.Op(s.encrypt),
		"Decrypt":         protocol.Op(s.decrypt),
		"GenerateDataKey": protocol.Op(s.generateDataKey),
		"DescribeKey":     protocol.Op(s.describeKey),
	}
}

// find takes a key's id, ARN, alias or alias ARN.
func (s *Server) find(name string) (*key, error) {
	if name == "" {
		return nil, &protocol.Error{Type: "ValidationException", Message: "KeyId must not be null"}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	short := name
	if strings.HasPrefix(name, "arn:") {
		short = name[strings.LastIndexByte(name, ':')+1:]
	}
	id := strings.TrimPrefix(short, "key/")
	if target, ok := s.aliases[short]; ok {
		id = target
	}
	if k, ok := s.keys[id]; ok {
		return k, nil
	}
	return nil, &protocol.Error{Type: "NotFoundException", Message: fmt.Sprintf("Key '%s' does not exist", name)}
}

type cipherInput struct {
	KeyId             string //nolint:revive // AWS's spelling
	Plaintext         []byte
	CiphertextBlob    []byte
	EncryptionContext map[string]string
	KeySpec           string
	NumberOfBytes     int
}

type cipherOutput struct {
	KeyId               string //nolint:revive // AWS's spelling
	Plaintext           []byte `json:",omitempty"`
	CiphertextBlob      []byte `json:",omitempty"`
	EncryptionAlgorithm string `json:",omitempty"`
}

const algorithm = "SYMMETRIC_DEFAULT"

func (s *Server) encrypt(_ context.Context, in cipherInput) (cipherOutput, error) {
	k, err := s.find(in.KeyId)
	if err != nil {
		return cipherOutput{}, err
	}
	if len(in.Plaintext) < 1 || len(in.Plaintext) > 4096 {
		return cipherOutput{}, &protocol.Error{Type: "ValidationException", Message: "Plaintext must have 1 to 4096 bytes"}
	}
	return cipherOutput{KeyId: k.arn, CiphertextBlob: k.seal(in.Plaintext, in.EncryptionContext), EncryptionAlgorithm: algorithm}, nil
}

func (s *Server) decrypt(_ context.Context, in cipherInput) (cipherOutput, error) {
	k, err := s.keyOf(in.CiphertextBlob)
	if err != nil {
		return cipherOutput{}, err
	}
	if in.KeyId != "" {
		named, err := s.find(in.KeyId)
		if err != nil {
			return cipherOutput{}, err
		}
		if named != k {
			return cipherOutput{}, &protocol.Error{Type: "IncorrectKeyException", Message: "The ciphertext was encrypted under another key"}
		}
	}
	plaintext, err := k.open(in.CiphertextBlob, in.EncryptionContext)
	if err != nil {
		return cipherOutput{}, err
	}
	return cipherOutput{KeyId: k.arn, Plaintext: plaintext, EncryptionAlgorithm: algorithm}, nil
}

func (s *Server) generateDataKey(_ context.Context, in cipherInput) (cipherOutput, error) {
	k, err := s.find(in.KeyId)
	if err != nil {
		return cipherOutput{}, err
	}
	size, ok := map[string]int{"AES_256": 32, "AES_128": 16, "": in.NumberOfBytes}[in.KeySpec]
	if !ok || size < 1 || size > 1024 || in.KeySpec != "" && in.NumberOfBytes != 0 {
		return cipherOutput{}, &protocol.Error{Type: "ValidationException", Message: "Give either KeySpec or NumberOfBytes"}
	}
	data := make([]byte, size)
	_, _ = rand.Read(data) // never fails since Go 1.24
	return cipherOutput{KeyId: k.arn, Plaintext: data, CiphertextBlob: k.seal(data, in.EncryptionContext)}, nil
}

func (s *Server) describeKey(_ context.Context, in cipherInput) (map[string]any, error) {
	k, err := s.find(in.KeyId)
	if err != nil {
		return nil, err
	}
	return map[string]any{"KeyMetadata": map[string]any{
		"KeyId": formatID(k.id), "Arn": k.arn, "Enabled": true, "KeyState": "Enabled",
		"KeyUsage": "ENCRYPT_DECRYPT", "KeySpec": algorithm,
	}}, nil
}
